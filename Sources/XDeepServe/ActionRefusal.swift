public import Operations

/// Why an action cannot be done now: a sentence with what would work.
public struct ActionRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence, the nearest that works among its words.
  public let message: String
  /// The nearest action that works, nil where there is none or nobody knows.
  public let nearest: Action?

  /// A refusal.
  public init(_ message: String) {
    self.message = message
    nearest = nil
  }

  /// What the rules of actions refuse.
  init(_ refusal: Refusal) {
    message = refusal.description
    nearest = refusal.nearest
  }

  /// The sentence.
  public var description: String { message }
}
