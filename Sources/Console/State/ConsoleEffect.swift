/// What the console asks of the program around it.
public enum ConsoleEffect: Hashable, Sendable {
  /// Leave.
  case quit
  /// Pause or go on.
  case pause(Bool)
  /// Simulated seconds a second.
  case speed(Double)
  /// One simulated second, while paused.
  case step
  /// Another theme, by name.
  case theme(String)
}
