import Words

/// A value under its dotted name, asked for what it should be; every refusal says what is accepted.
struct Field {
  /// Dotted name, such as `decode.0.batch`; empty for the whole document.
  var name: String
  var node: DocumentNode

  /// A sentence about this field.
  func problem(_ message: String) -> DocumentProblem {
    DocumentProblem(node.place, name.isEmpty ? message : "`\(name.printable())` \(message)")
  }

  /// The name of a field inside this one.
  func name(of key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  /// One word or sentence.
  func text(accepted: String) throws(DocumentProblem) -> String {
    guard case .scalar(let text) = node.content, !text.isEmpty else {
      throw problem("must be \(accepted), not \(node.kind)")
    }
    return text
  }

  /// A whole number within bounds.
  func integer(in range: ClosedRange<Int>, _ what: String = "a whole number") throws(DocumentProblem) -> Int {
    let end = range.upperBound == .max ? "" : " to \(range.upperBound)"
    let accepted = "\(what) from \(range.lowerBound)\(end)"
    let text = try text(accepted: accepted)
    guard let value = Int(text), range.contains(value) else { throw problem("must be \(accepted), not \(node.kind)") }
    return value
  }

  /// A number without a unit.
  func number(above: Double? = nil, in range: ClosedRange<Double>) throws(DocumentProblem) -> Double {
    let low = above.map { "above \(DecimalNumber.text($0))" } ?? "from \(DecimalNumber.text(range.lowerBound))"
    let accepted = "a number \(low) to \(DecimalNumber.text(range.upperBound))"
    let text = try text(accepted: accepted)
    guard let value = DecimalNumber.double(text), range.contains(value), above.map({ value > $0 }) ?? true else {
      throw problem("must be \(accepted), not \(node.kind)")
    }
    return value
  }

  /// A quantity with its unit.
  func amount<A: Amount>(_ kind: A.Type) throws(DocumentProblem) -> A {
    guard let value = A(try text(accepted: A.accepted)) else {
      throw problem("must be \(A.accepted), not \(node.kind)")
    }
    return value
  }

  /// Yes or no.
  func flag() throws(DocumentProblem) -> Bool { try choice(["true", "false"]) == "true" }

  /// One of some words.
  func choice(_ words: [String]) throws(DocumentProblem) -> String {
    let accepted = words.asAlternatives
    let text = try text(accepted: accepted)
    if words.contains(text) { return text }
    let nearest = NearestWord(known: words)(to: text).map { "; the nearest is `\($0)`" } ?? ""
    throw problem("must be \(accepted), not \(node.kind)\(nearest)")
  }

  /// The items of a list.
  func list(of what: String) throws(DocumentProblem) -> [Field] {
    switch node.content {
    case .list(let items):
      return items.enumerated().map { Field(name: name(of: String($0.offset)), node: $0.element) }
    case .scalar(""): return []
    default: throw problem("must be a list of \(what), not \(node.kind)")
    }
  }
}
