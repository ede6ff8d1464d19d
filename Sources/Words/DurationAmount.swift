/// A time span: `250ms 1.5s 90s 5m 1h`.
public struct DurationAmount: Amount {
  /// Length, not negative.
  public var nanoseconds: Int64

  /// For error messages.
  public static let accepted = "a duration with its unit, such as 250ms, 1.5s, 90s, 5m or 1h"
  private static let units: [(String, Int64)] = [
    ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000),
  ]

  /// A span of so many nanoseconds.
  ///
  /// - Precondition: not negative.
  public init(nanoseconds: Int64) {
    precondition(nanoseconds >= 0, "a duration is not negative")
    self.nanoseconds = nanoseconds
  }

  /// The span nearest to so many seconds, not negative and below 290 years.
  public init(seconds: Double) { self.init(nanoseconds: Int64((seconds * 1e9).rounded())) }

  /// Reads a word; nil if it is not one of this kind.
  public init?(_ text: String) {
    guard let (number, unit) = DecimalNumber.split(text),
      let factor = Self.units.first(where: { $0.0 == unit })?.1, let value = number.times(factor)
    else { return nil }
    nanoseconds = value
  }

  /// Seconds, for arithmetic that needs no exactness.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// Whole hours, else whole minutes, else seconds, below one second milliseconds.
  public var description: String {
    if nanoseconds > 0 {
      for (unit, factor) in Self.units.prefix(2) where nanoseconds % factor == 0 {
        return "\(nanoseconds / factor)\(unit)"
      }
    }
    let (unit, factor) = nanoseconds == 0 || nanoseconds >= 1_000_000_000 ? Self.units[2] : Self.units[3]
    return DecimalNumber.text(nanoseconds, perUnit: factor) + unit
  }
}
