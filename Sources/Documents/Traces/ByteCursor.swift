import Glibc

/// A position in bytes, with the few readings that traces need; none looks beyond the given end.
struct ByteCursor {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The next newline at or after the position, else the end of the bytes.
  func firstNewline() -> Int {
    let start = position
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress,
        let found = unsafe memchr(base + start, 0x0a, buffer.count - start)
      else { return buffer.count }
      return unsafe UnsafeRawPointer(found) - base
    }
  }

  /// The byte at the position, nil at the end.
  func peek(_ end: Int) -> UInt8? { position < end ? bytes[position] : nil }

  /// Passes over blanks and tabs.
  mutating func skipBlanks(_ end: Int) {
    while position < end, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
  }

  /// Takes a byte if it is the next one.
  mutating func take(_ byte: UInt8, _ end: Int) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// Takes a run of digits as a number; nil without a digit or beyond 18 of them.
  mutating func digits(_ end: Int) -> (value: Int64, count: Int)? {
    let start = position
    var value: Int64 = 0
    while position < end {
      let digit = bytes[position] &- 0x30
      guard digit < 10 else { break }
      guard position - start < 18 else { return nil }
      value = value * 10 + Int64(digit)
      position += 1
    }
    return position > start ? (value, position - start) : nil
  }

  /// Takes a number as so many of a unit, digits beyond the unit dropped: `1.5` of 1,000 is 1500.
  mutating func decimal(unit: Int64, _ end: Int) -> Int64? {
    guard let whole = digits(end) else { return nil }
    let (scaled, overflow) = whole.value.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    guard take(0x2e, end) else { return scaled }
    guard let part = digits(end) else { return nil }
    var value = part.value
    var digits = part.count
    var unit = unit
    while digits > 0, unit >= 10 {
      digits -= 1
      unit /= 10
    }
    // `value` has `part.count` digits; keep as many as the unit has zeros.
    for _ in 0..<digits { value /= 10 }
    let (sum, beyond) = scaled.addingReportingOverflow(value * unit)
    return beyond ? nil : sum
  }
}
