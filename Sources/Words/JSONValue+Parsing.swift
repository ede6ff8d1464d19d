extension JSONValue {
  /// Reads one JSON value; nil if the text is anything else, nests deeper than 64, or names a key twice.
  ///
  /// Whole numbers keep their digits; others become the nearest `Double`, which must be finite.
  public init?(parsing text: String) {
    var reader = JSONReader(bytes: Array(text.utf8))
    guard let value = reader.value(depth: 0), reader.isAtEnd() else { return nil }
    self = value
  }
}

/// Reads a value from its bytes; nil from any part means that the whole is no JSON.
private struct JSONReader {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func isAtEnd() -> Bool {
    skipBlanks()
    return position == bytes.count
  }

  mutating func value(depth: Int) -> JSONValue? {
    skipBlanks()
    guard depth < 64, position < bytes.count else { return nil }
    switch bytes[position] {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return list(depth: depth)
    case UInt8(ascii: "\""): return string().map { .string($0) }
    case UInt8(ascii: "n"): return take("null") ? .null : nil
    case UInt8(ascii: "t"): return take("true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return take("false") ? .bool(false) : nil
    default: return number()
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Takes a sign of structure, with blanks before it.
  private mutating func takeSign(_ sign: String) -> Bool {
    skipBlanks()
    return take(sign)
  }

  private mutating func object(depth: Int) -> JSONValue? {
    guard take("{") else { return nil }
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    if takeSign("}") { return .object([]) }
    repeat {
      skipBlanks()
      guard let key = string(), keys.insert(key).inserted, takeSign(":"), let value = value(depth: depth + 1) else {
        return nil
      }
      members.append(JSONValue.Member(key, value))
    } while takeSign(",")
    return takeSign("}") ? .object(members) : nil
  }

  private mutating func list(depth: Int) -> JSONValue? {
    guard take("[") else { return nil }
    if takeSign("]") { return .list([]) }
    var items: [JSONValue] = []
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      items.append(value)
    } while takeSign(",")
    return takeSign("]") ? .list(items) : nil
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func number() -> JSONValue? {
    let start = position
    _ = take("-")
    let first = position
    let count = digits()
    guard count == 1 || count > 1 && bytes[first] != UInt8(ascii: "0") else { return nil }
    var isWhole = true
    if take(".") {
      isWhole = false
      guard digits() > 0 else { return nil }
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { return nil }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole { return .integer(text) }
    guard let value = Double(text), value.isFinite else { return nil }
    return .number(value)
  }

  private mutating func string() -> String? {
    guard position < bytes.count, take("\"") else { return nil }
    var result: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: result, as: UTF8.self)
      case ..<0x20: return nil
      case UInt8(ascii: "\\"):
        guard let scalar = escaped() else { return nil }
        result.append(contentsOf: String(Character(scalar)).utf8)
      default: result.append(byte)
      }
    }
    return nil
  }

  private mutating func escaped() -> Unicode.Scalar? {
    guard position < bytes.count else { return nil }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let unit = fourDigits() else { return nil }
      guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
      guard position < bytes.count, take("\\u"), let low = fourDigits(), (0xDC00..<0xE000).contains(low) else {
        return nil
      }
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    default: return nil
    }
  }

  private mutating func fourDigits() -> UInt32? {
    guard position + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
