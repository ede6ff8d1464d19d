/// A part of a whole: `1%` or `0.01`.
public struct ShareAmount: Amount {
  /// 0 to 1.
  public var fraction: Double

  /// For error messages.
  public static let accepted = "a share from 0 to 1, such as 0.01 or 1%"

  /// A part of a whole.
  public init(fraction: Double) { self.fraction = fraction }

  /// Reads a word; nil if it is not one of this kind.
  public init?(_ text: String) {
    let percent = text.hasSuffix("%")
    guard let value = DecimalNumber.double(percent ? String(text.dropLast()) : text) else { return nil }
    fraction = percent ? value / 100 : value
    guard (0...1).contains(fraction) else { return nil }
  }

  /// Always as a fraction: percent would not read back to the same bits.
  public var description: String { DecimalNumber.text(fraction) }
}
