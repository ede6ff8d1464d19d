/// A plain decimal number, exact: `digits` divided by ten to the power of `decimals`.
public struct DecimalNumber: Hashable, Sendable {
  /// All its digits, without the point.
  public var digits: Int64
  /// How many of them stand behind the point.
  public var decimals: Int

  /// Splits a word into its leading number and what follows; nil without a number or with more digits than fit.
  public static func split(_ text: String) -> (number: DecimalNumber, unit: String)? {
    var digits: Int64 = 0
    var decimals = 0
    var count = 0
    var point = false
    var rest = Substring(text)
    while let character = rest.unicodeScalars.first {
      if character == ".", !point, count > 0 {
        point = true
      } else if ("0"..."9").contains(character) {
        count += 1
        let (tens, tooLong) = digits.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = tens.addingReportingOverflow(Int64(character.value - 48))
        decimals += point ? 1 : 0
        guard !tooLong, !overflow, decimals <= 18 else { return nil }
        digits = sum
      } else {
        break
      }
      rest.unicodeScalars.removeFirst()
    }
    guard count > 0, !(point && decimals == 0) else { return nil }
    return (DecimalNumber(digits: digits, decimals: decimals), String(rest))
  }

  /// The number times a factor, nil unless that is a whole number that fits.
  public func times(_ factor: Int64) -> Int64? {
    var digits = digits
    var decimals = decimals
    while decimals > 0, digits % 10 == 0 {
      digits /= 10
      decimals -= 1
    }
    var factor = factor
    while decimals > 0, factor % 10 == 0 {
      factor /= 10
      decimals -= 1
    }
    let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
    guard !overflow else { return nil }
    var divisor: Int64 = 1
    for _ in 0..<decimals { divisor *= 10 }
    return product % divisor == 0 ? product / divisor : nil
  }

  /// A whole number divided by a power of ten, without trailing zeros.
  public static func text(_ value: Int64, perUnit: Int64) -> String {
    var fraction = String(value % perUnit + perUnit).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return fraction.isEmpty ? "\(value / perUnit)" : "\(value / perUnit).\(fraction)"
  }

  /// A number that is not negative, with an exponent where Swift prints one; nil for everything else.
  public static func double(_ text: String) -> Double? {
    guard let first = text.utf8.first, (48...57).contains(first),
      text.utf8.allSatisfy({ (48...57).contains($0) || [0x2e, 0x2b, 0x2d, 0x65].contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// Shortest decimal that reads back as the same number, whole numbers without `.0`.
  public static func text(_ value: Double) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
