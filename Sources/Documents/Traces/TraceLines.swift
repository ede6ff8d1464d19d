/// Walks the lines of a file of bytes; `\n` and `\r\n` end a line, blank lines are passed over.
struct TraceLines {
  /// Where a line stands: its number from one, the byte after its last, the first byte of the next.
  typealias Line = (number: Int, end: Int, next: Int)

  /// At the start of the line that `next` returned.
  var cursor: ByteCursor
  /// Number of the line that `next` returned last.
  private(set) var number = 0

  init(_ bytes: [UInt8]) {
    cursor = ByteCursor(bytes: bytes)
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { cursor.position = 3 }
  }

  /// The next line that is not blank.
  mutating func next() -> Line? {
    while cursor.position < cursor.bytes.count {
      number += 1
      let newline = cursor.firstNewline()
      var end = newline
      while end > cursor.position, [0x0d, 0x20, 0x09].contains(cursor.bytes[end - 1]) { end -= 1 }
      let next = min(newline + 1, cursor.bytes.count)
      if end > cursor.position { return (number, end, next) }
      cursor.position = next
    }
    return nil
  }

  /// Goes back to the start of the line that `next` returned, so that it comes again.
  mutating func rewind() { number -= 1 }
}
