public import Words

/// An action at a time: `60s pd +2d`.
public struct ScheduledAction: Hashable, Sendable, CustomStringConvertible {
  /// Simulated time since the scenario's start.
  public var time: DurationAmount
  /// What is done.
  public var action: Action

  /// An action at a time.
  public init(at time: DurationAmount, do action: Action) {
    self.time = time
    self.action = action
  }

  /// Reads a script's line, as `--do` takes it.
  public init(parsing text: String) throws(ActionProblem) {
    var words = ActionWords(text)
    time = try words.amount(DurationAmount.self)
    action = try words.action()
  }

  /// Time and action.
  public var description: String { "\(time) \(action)" }
}
