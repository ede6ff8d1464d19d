/// How often something happens: `320/s`.
public struct RateAmount: Amount {
  /// Not negative, finite.
  public var perSecond: Double

  /// For error messages.
  public static let accepted = "a rate, such as 320/s"

  /// So often a second.
  public init(perSecond: Double) { self.perSecond = perSecond }

  /// Reads a word; nil if it is not one of this kind.
  public init?(_ text: String) {
    guard text.hasSuffix("/s"), let value = DecimalNumber.double(String(text.dropLast(2))) else { return nil }
    perSecond = value
  }

  /// Number and unit.
  public var description: String { DecimalNumber.text(perSecond) + "/s" }
}
