/// Text that is no action: where and what is accepted.
public struct ActionProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where in the text, counting characters from one.
  public var column: Int
  /// What is wrong and what is accepted; safe to print.
  public var message: String

  /// A problem.
  public init(column: Int, message: String) {
    self.column = column
    self.message = message
  }

  /// Column and sentence, as `column 5: …`.
  public var description: String { "column \(column): \(message)" }
}
