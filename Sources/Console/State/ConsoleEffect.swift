public import Deployments

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
  /// A rehearsal of an action, which gives up the one under way.
  case rehearse(PreviewRequest)
  /// A search for what is worth doing, by its number; it too gives up what is under way.
  case suggest(Int)
  /// No rehearsal any more.
  case cancelRehearsal
  /// An action that an operator confirmed; the only effect that changes what others use.
  case perform(Order)
}
