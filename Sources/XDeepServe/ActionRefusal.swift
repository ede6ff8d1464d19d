/// Why an action cannot be done now: a sentence with what would work.
public struct ActionRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence.
  public let message: String

  /// A refusal.
  public init(_ message: String) { self.message = message }

  /// The sentence.
  public var description: String { message }
}
