import XDeepServe

/// A line of a Mooncake trace: a JSON object with `timestamp` in milliseconds, `input_length` and `output_length`.
///
/// `hash_ids` name the blocks of 512 tokens that the prompt is made of; keys of other writers are passed over.
enum MooncakeLine {
  static let accepted =
    "a JSON object with timestamp (milliseconds), input_length and output_length (tokens, at least 1)"

  static func request(
    _ cursor: inout ByteCursor, _ end: Int, blocks column: inout BlockColumn
  ) throws(TraceLineProblem) -> TraceRequest {
    let first = column.names.count
    var arrival: Int64?
    var prompt: Int32?
    var output: Int32?
    guard cursor.take(0x7b, end) else { throw TraceLineProblem("is no JSON object") }
    repeat {
      cursor.skipBlanks(end)
      let key = try string(&cursor, end)
      cursor.skipBlanks(end)
      guard cursor.take(0x3a, end) else { throw TraceLineProblem("lacks the colon after a key") }
      cursor.skipBlanks(end)
      if matches(key, "timestamp", cursor) {
        guard let value = cursor.decimal(unit: 1_000_000, end), finished(cursor, end) else {
          throw TraceLineProblem("timestamp is no number of milliseconds from 0")
        }
        arrival = value
      } else if matches(key, "input_length", cursor) {
        prompt = try TraceFormat.tokens(count(&cursor, end), "input_length")
      } else if matches(key, "output_length", cursor) {
        output = try TraceFormat.tokens(count(&cursor, end), "output_length")
      } else if matches(key, "hash_ids", cursor), cursor.peek(end) == 0x5b {
        column.truncate(to: first)
        try readBlocks(&cursor, end, into: &column)
      } else {
        try skipValue(&cursor, end, depth: 0)
      }
      cursor.skipBlanks(end)
    } while cursor.take(0x2c, end)
    guard cursor.take(0x7d, end) else { throw TraceLineProblem("is cut off or no JSON object") }
    cursor.skipBlanks(end)
    guard cursor.position == end else { throw TraceLineProblem("goes on after its JSON object") }
    guard let arrival else { throw TraceLineProblem("lacks timestamp") }
    guard let prompt else { throw TraceLineProblem("lacks input_length") }
    guard let output else { throw TraceLineProblem("lacks output_length") }
    let most = (Int(prompt) + PromptBlocks.tokens - 1) / PromptBlocks.tokens
    if column.names.count - first > most { column.truncate(to: first + most) }
    return TraceRequest(arrival: arrival, prompt: prompt, output: output, blocks: column.prompt(from: first))
  }

  /// A list of whole numbers; blocks beyond the prompt's length are dropped by the caller.
  private static func readBlocks(
    _ cursor: inout ByteCursor, _ end: Int, into column: inout BlockColumn
  ) throws(TraceLineProblem) {
    cursor.position += 1
    cursor.skipBlanks(end)
    if cursor.take(0x5d, end) { return }
    repeat {
      cursor.skipBlanks(end)
      guard let name = cursor.digits(end), cursor.peek(end) == nil || separates(cursor, end, 0x5d) else {
        try skipValue(&cursor, end, depth: 1)
        throw TraceLineProblem("hash_ids is no list of whole numbers from 0")
      }
      column.append(name.value)
      cursor.skipBlanks(end)
    } while cursor.take(0x2c, end)
    guard cursor.take(0x5d, end) else { throw TraceLineProblem("has a list or object without an end") }
  }

  private static func count(_ cursor: inout ByteCursor, _ end: Int) -> Int64? {
    guard let digits = cursor.digits(end), finished(cursor, end) else { return nil }
    return digits.value
  }

  /// Whether a value has ended where the cursor stands.
  private static func finished(_ cursor: ByteCursor, _ end: Int) -> Bool {
    guard let byte = cursor.peek(end) else { return true }
    return byte == 0x2c || byte == 0x7d || byte == 0x20 || byte == 0x09
  }

  /// Takes a string and gives its bytes without the quotes, escapes as written.
  private static func string(_ cursor: inout ByteCursor, _ end: Int) throws(TraceLineProblem) -> Range<Int> {
    guard cursor.take(0x22, end) else { throw TraceLineProblem("has no quoted key where one must stand") }
    let start = cursor.position
    while let byte = cursor.peek(end), byte != 0x22 { cursor.position += byte == 0x5c ? 2 : 1 }
    guard cursor.take(0x22, end) else { throw TraceLineProblem("has a string without an end") }
    return start..<cursor.position - 1
  }

  private static func matches(_ range: Range<Int>, _ word: StaticString, _ cursor: ByteCursor) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { buffer in
      for index in 0..<range.count where unsafe buffer[index] != cursor.bytes[range.lowerBound + index] { return false }
      return true
    }
  }

  private static func skipValue(_ cursor: inout ByteCursor, _ end: Int, depth: Int) throws(TraceLineProblem) {
    guard depth < 16 else { throw TraceLineProblem("nests values too deeply") }
    switch cursor.peek(end) {
    case 0x22: _ = try string(&cursor, end)
    case 0x5b, 0x7b:
      let object = cursor.peek(end) == 0x7b
      let close: UInt8 = object ? 0x7d : 0x5d
      cursor.position += 1
      cursor.skipBlanks(end)
      if cursor.take(close, end) { return }
      repeat {
        cursor.skipBlanks(end)
        if object {
          _ = try string(&cursor, end)
          cursor.skipBlanks(end)
          guard cursor.take(0x3a, end) else { throw TraceLineProblem("lacks the colon after a key") }
          cursor.skipBlanks(end)
        }
        // The bulk of a trace are lists of block numbers.
        if cursor.digits(end) == nil || !separates(cursor, end, close) { try skipValue(&cursor, end, depth: depth + 1) }
        cursor.skipBlanks(end)
      } while cursor.take(0x2c, end)
      guard cursor.take(close, end) else { throw TraceLineProblem("has a list or object without an end") }
    default:
      let start = cursor.position
      while let byte = cursor.peek(end), isPlain(byte) { cursor.position += 1 }
      guard cursor.position > start || depth > 0 && start > 0 && isPlain(cursor.bytes[start - 1]) else {
        throw TraceLineProblem("lacks a value after a key or comma")
      }
    }
  }

  private static func separates(_ cursor: ByteCursor, _ end: Int, _ close: UInt8) -> Bool {
    guard let byte = cursor.peek(end) else { return false }
    return byte == 0x2c || byte == close || byte == 0x20
  }

  /// Bytes of numbers and of the words true, false and null.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x61...0x7a, 0x2b, 0x2d, 0x2e, 0x45: true
    default: false
    }
  }
}
