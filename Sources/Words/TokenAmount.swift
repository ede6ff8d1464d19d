/// A number of tokens: `2048` or `13k`; k is a thousand.
public struct TokenAmount: Amount {
  /// Not negative.
  public var tokens: Int64

  /// For error messages.
  public static let accepted = "a number of tokens, such as 2048 or 13k"

  /// So many tokens.
  ///
  /// - Precondition: not negative.
  public init(tokens: Int64) {
    precondition(tokens >= 0, "a number of tokens is not negative")
    self.tokens = tokens
  }

  /// Reads a word; nil if it is not one of this kind.
  public init?(_ text: String) {
    guard let (number, unit) = DecimalNumber.split(text), unit.isEmpty || unit == "k",
      let value = number.times(unit.isEmpty ? 1 : 1000)
    else { return nil }
    tokens = value
  }

  /// In thousands where that is a whole number.
  public var description: String {
    tokens >= 1000 && tokens % 1000 == 0 ? "\(tokens / 1000)k" : "\(tokens)"
  }
}
