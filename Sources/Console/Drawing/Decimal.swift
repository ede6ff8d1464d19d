/// Numbers into text by integer arithmetic: what a screen writes hundreds of times a frame must cost no formatter.
enum Decimal {
  private static let powers: [Double] = [1, 10, 100, 1000]

  /// A value with a fixed number of digits after the point, `·` where it is missing.
  static func text(_ value: Float?, _ digits: Int = 0) -> String {
    guard let value, value.isFinite else { return "·" }
    let scaled = (Double(value) * powers[digits]).rounded()
    guard abs(scaled) < 1e15 else { return "∞" }
    let whole = Int(scaled)
    guard digits > 0 else { return "\(whole)" }
    let unit = Int(powers[digits])
    let fraction = "\(abs(whole) % unit)"
    let zeros = digits == 2 && fraction.utf8.count < 2 ? "0" : ""
    return "\(whole < 0 ? "-" : "")\(abs(whole) / unit).\(zeros)\(fraction)"
  }

  /// Thousands and millions by their letter, three figures: `562`, `26.9 k`, `1.20 M`.
  static func short(_ value: Float?) -> (number: String, letter: String) {
    guard let value, value.isFinite else { return ("·", "") }
    if abs(value) < 9_999.5 { return (text(value), "") }
    let (scaled, letter): (Float, String) = abs(value) < 999_500 ? (value / 1e3, "k") : (value / 1e6, "M")
    return (text(scaled, scaled < 10 ? 2 : scaled < 100 ? 1 : 0), letter)
  }

  /// Seconds as a clock: `14:32:07`, hours growing past 24.
  static func clock(_ nanoseconds: Int64, seconds: Bool = true) -> String {
    let all = max(0, nanoseconds / 1_000_000_000)
    let hours = two(all / 3600)
    return seconds ? "\(hours):\(two(all / 60 % 60)):\(two(all % 60))" : "\(hours):\(two(all / 60 % 60))"
  }

  /// How long something lasts: `0:41`, `12:03`, `1:02:03`.
  static func age(_ nanoseconds: Int64) -> String {
    let all = max(0, nanoseconds / 1_000_000_000)
    let tail = "\(all / 60 % 60):\(two(all % 60))"
    return all < 3600 ? tail : "\(all / 3600):\(two(all / 60 % 60)):\(two(all % 60))"
  }

  private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

  /// How fast time runs: `1×`, `0.25×`, `1000×`.
  static func speed(_ value: Double) -> String {
    let digits = value >= 10 || value == value.rounded() ? 0 : value * 2 == (value * 2).rounded() ? 1 : 2
    return text(Float(value), digits) + "×"
  }
}
