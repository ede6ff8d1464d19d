/// A JSON value that keeps the order of its keys.
public indirect enum JSONValue: Hashable, Sendable {
  /// Nothing.
  case null
  /// Yes or no.
  case bool(Bool)
  /// A whole number, as its digits.
  case integer(String)
  /// Any other number, finite.
  case number(Double)
  /// Text.
  case string(String)
  /// Keys and values, in the order in which they print.
  case object([Member])
  /// Values in a row.
  case list([JSONValue])

  /// A key and its value.
  public struct Member: Hashable, Sendable {
    /// Its name.
    public var key: String
    /// What it holds.
    public var value: JSONValue

    /// A member.
    public init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  /// A number, null where there is none.
  public init(_ value: Double?) { self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }

  /// A whole number.
  public init(_ value: some BinaryInteger) { self = .integer("\(value)") }

  /// The value as text: two blanks of indent a level, no newline at the end.
  public var text: String {
    var text = ""
    write(to: &text, indent: "")
    return text
  }

  /// The value as text on one line without blanks.
  public var line: String {
    switch self {
    case .list(let items): return "[" + items.map(\.line).joined(separator: ",") + "]"
    case .object(let members):
      let parts = members.map { JSONValue.string($0.key).text + ":" + $0.value.line }
      return "{" + parts.joined(separator: ",") + "}"
    default: return text
    }
  }

  /// A member's value of an object; nil where there is none.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
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
