/// Why an action cannot be done now, and the nearest that can.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What stands against it, without a full stop.
  public var reason: String
  /// The nearest action that works, nil where there is none.
  public var nearest: Action?

  /// A refusal.
  public init(_ reason: String, nearest: Action? = nil) {
    self.reason = reason
    self.nearest = nearest
  }

  /// Reason and nearest, one sentence.
  public var description: String { reason + (nearest.map { "; the nearest that works is `\($0)`" } ?? "") }
}
