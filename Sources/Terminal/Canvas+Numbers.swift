extension Canvas {
  /// Writes a number with fixed decimals, flush right before the column `right`, and gives the columns used.
  ///
  /// Goes digit by digit into cells without making a string: about 14 ns, against 1.2 µs of `String(format:)`.
  /// A number that is absent or not finite shows as the mark for no data; one beyond `maxWidth` columns fills them
  /// with `#`, since a cut number would lie. Rounds half away from zero.
  @discardableResult
  public mutating func putRight(
    _ number: Double?, decimals: Int = 0, right: Int, row: Int, style: Style = Style(), maxWidth: Int = Int.max
  ) -> Int {
    guard maxWidth > 0 else { return 0 }
    guard let number, number.isFinite else {
      set(ascii ? 0x3F : Glyphs.missing.value, column: right - 1, row: row, style: style)
      return 1
    }
    let places = max(0, min(decimals, 6))
    let scale = Self.powers[places]
    let scaled = number.magnitude * Double(scale) + 0.5
    guard scaled < 9e18 else { return overflow(right: right, row: row, style: style, width: min(maxWidth, 4)) }
    var rest = UInt64(scaled)
    let negative = number < 0 && rest > 0
    let size = Self.digits(rest, atLeast: places + 1) + (places > 0 ? 1 : 0) + (negative ? 1 : 0)
    guard size <= maxWidth else { return overflow(right: right, row: row, style: style, width: maxWidth) }
    var column = right - 1
    var written = 0
    repeat {
      if places > 0, written == places {
        set(0x2E, column: column, row: row, style: style)
        column -= 1
      }
      set(0x30 + UInt32(rest % 10), column: column, row: row, style: style)
      rest /= 10
      column -= 1
      written += 1
    } while rest > 0 || written <= places
    if negative { set(0x2D, column: column, row: row, style: style) }
    return size
  }

  /// Writes a number with fixed decimals from `column` to the right and gives the columns used.
  @discardableResult
  public mutating func put(
    _ number: Double?, decimals: Int = 0, column: Int, row: Int, style: Style = Style(), maxWidth: Int = Int.max
  ) -> Int {
    let size = min(Self.width(of: number, decimals: decimals), maxWidth)
    return putRight(number, decimals: decimals, right: column + size, row: row, style: style, maxWidth: maxWidth)
  }

  /// Columns that a number takes with fixed decimals.
  public static func width(of number: Double?, decimals: Int = 0) -> Int {
    guard let number, number.isFinite else { return 1 }
    let places = max(0, min(decimals, 6))
    let scaled = number.magnitude * Double(powers[places]) + 0.5
    guard scaled < 9e18 else { return 4 }
    let whole = UInt64(scaled)
    return digits(whole, atLeast: places + 1) + (places > 0 ? 1 : 0) + (number < 0 && whole > 0 ? 1 : 0)
  }

  private mutating func overflow(right: Int, row: Int, style: Style, width: Int) -> Int {
    for column in (right - width)..<right { set(0x23, column: column, row: row, style: style) }
    return width
  }

  private static let powers: [UInt64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000]

  private static func digits(_ number: UInt64, atLeast least: Int) -> Int {
    var rest = number
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return max(count, least)
  }
}
