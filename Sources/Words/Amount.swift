/// A quantity as people write it, number and unit in one word.
///
/// What prints, parses to the same value.
public protocol Amount: Hashable, Sendable, CustomStringConvertible {
  /// Reads a word; nil if it is not one of this kind.
  init?(_ text: String)
  /// What is accepted, for error messages.
  static var accepted: String { get }
}
