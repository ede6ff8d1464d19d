public import Operations

extension Simulation {
  /// Why an action of the language cannot be carried out yet, as it stands after its key or its text; nil if it can.
  ///
  /// A mechanism that comes takes its action, or its fault, out of here in the same commit.
  public static func supports(_ action: Action) -> String? {
    switch action {
    case .inject(let injection): lacks("the fault `\(injection.fault)`")
    case .clear(let fault, _): lacks("the fault `\(fault)`")
    default: lacks("the action `\(action.name.rawValue)`")
    }
  }

  private static func lacks(_ what: String) -> String {
    "cannot be carried out yet: \(what) has no mechanism in the simulation"
  }
}
