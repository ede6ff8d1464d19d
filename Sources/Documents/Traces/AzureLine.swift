import XDeepServe

/// A line of an Azure trace: `2023-11-16 18:17:03.9799600,4808,10`, the time in UTC.
enum AzureLine {
  static let header = "TIMESTAMP,ContextTokens,GeneratedTokens"
  static let accepted = "date and time, input tokens and output tokens, such as 2023-11-16 18:17:03.9799600,4808,10"

  static func request(_ cursor: inout ByteCursor, _ end: Int) throws(TraceLineProblem) -> TraceRequest {
    guard let arrival = time(&cursor, end), cursor.take(0x2c, end) else {
      throw TraceLineProblem("does not begin with a date and time")
    }
    let prompt = try TraceFormat.tokens(count(&cursor, end), "ContextTokens")
    guard cursor.take(0x2c, end) else { throw TraceLineProblem("has fewer than three values") }
    let output = try TraceFormat.tokens(count(&cursor, end), "GeneratedTokens")
    guard cursor.position == end else { throw TraceLineProblem("goes on after its third value") }
    return TraceRequest(arrival: arrival, prompt: prompt, output: output)
  }

  /// A whole number that ends at a comma or at the end of the line.
  private static func count(_ cursor: inout ByteCursor, _ end: Int) -> Int64? {
    cursor.skipBlanks(end)
    let value = cursor.digits(end)?.value
    cursor.skipBlanks(end)
    guard let byte = cursor.peek(end) else { return value }
    return byte == 0x2c ? value : nil
  }

  /// Nanoseconds since 1970 of a moment in UTC, exact to the last digit written.
  private static func time(_ cursor: inout ByteCursor, _ end: Int) -> Int64? {
    guard let year = part(&cursor, 4, 1970...2200, end), cursor.take(0x2d, end),
      let month = part(&cursor, 2, 1...12, end), cursor.take(0x2d, end),
      let day = part(&cursor, 2, 1...31, end), cursor.take(0x20, end) || cursor.take(0x54, end),
      let hour = part(&cursor, 2, 0...23, end), cursor.take(0x3a, end),
      let minute = part(&cursor, 2, 0...59, end), cursor.take(0x3a, end),
      let nanoseconds = cursor.decimal(unit: 1_000_000_000, end), nanoseconds < 61_000_000_000
    else { return nil }
    // Newer files of the set write the offset from UTC, always zero.
    _ = "+00:00".utf8.allSatisfy { cursor.take($0, end) }
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute
    return minutes * 60_000_000_000 + nanoseconds
  }

  private static func part(_ cursor: inout ByteCursor, _ count: Int, _ range: ClosedRange<Int64>, _ end: Int) -> Int64?
  {
    guard let digits = cursor.digits(end), digits.count == count, range.contains(digits.value) else { return nil }
    return digits.value
  }

  /// Days from 1970-01-01 in the Gregorian calendar, with the year counted from March.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month > 2 ? year : year - 1
    let sinceMarch = (month + 9) % 12
    let dayOfYear = (153 * sinceMarch + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }
}
