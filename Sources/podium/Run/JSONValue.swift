/// A JSON value that keeps the order of its keys.
indirect enum JSONValue: Hashable {
  case null
  case bool(Bool)
  case integer(String)
  case number(Double)
  case string(String)
  case object([Member])
  case list([JSONValue])

  /// A key and its value.
  struct Member: Hashable {
    var key: String
    var value: JSONValue

    init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A number, null where there is none.
  init(_ value: Double?) { self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }

  /// A whole number.
  init(_ value: some BinaryInteger) { self = .integer("\(value)") }

  /// The value as text: two blanks of indent a level, no newline at the end.
  var text: String {
    var text = ""
    write(to: &text, indent: "")
    return text
  }

  private func write(to text: inout String, indent: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let digits): text += digits
    case .number(let value): text += "\(value)"
    case .string(let string): Self.write(string, to: &text)
    case .list(let items):
      // Numbers of one row stay on one line.
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += ", " }
        item.write(to: &text, indent: indent)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        text += index == 0 ? "\n" : ",\n"
        text += indent + "  "
        Self.write(member.key, to: &text)
        text += ": "
        member.value.write(to: &text, indent: indent + "  ")
      }
      text += members.isEmpty ? "}" : "\n\(indent)}"
    }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..."\u{1f}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
