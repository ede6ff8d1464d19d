public import Operations

extension Simulation {
  /// Why an action of the language cannot be carried out yet, as it stands after its key or its text; nil if it can.
  ///
  /// A mechanism that comes takes its action, or its fault, out of here in the same commit.
  public static func supports(_ action: Action) -> String? {
    switch action {
    case .undo: "cannot be carried out yet: `undo` needs an audit log, which a run without a screen does not keep"
    default: nil
    }
  }
}
