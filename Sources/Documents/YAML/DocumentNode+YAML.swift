import Words
import Yams

extension DocumentNode {
  /// Nesting that no document needs; the parser below is recursive and must not run out of stack.
  private static let deepest = 64
  /// Values that no document needs; aliases can name one value very often.
  private static let most = 20_000

  /// Parses the one YAML document of a file.
  static func parse(_ bytes: [UInt8], file: String, most: Int = most) throws(DocumentProblem) -> DocumentNode {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DocumentProblem(.file(file, line: firstBadLine(bytes), column: nil), "is not UTF-8 text")
    }
    return try parse(text, most: most) { .file(file, line: $0, column: $1) }
  }

  /// Parses the value of an option, such as `{mean: 2k}` after `--set`.
  static func parse(option: String, value: String) throws(DocumentProblem) -> DocumentNode {
    try parse(value, most: most) { _, _ in .option(option) }
  }

  private static func parse(
    _ text: String, most: Int, place: (Int?, Int?) -> DocumentProblem.Place
  ) throws(DocumentProblem) -> DocumentNode {
    if let line = lineTooDeep(text) {
      throw DocumentProblem(place(line, nil), "is nested too deeply; \(deepest) levels are accepted")
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw problem(error, place: place)
    } catch {
      throw DocumentProblem(place(nil, nil), "is not YAML: \("\(error)".printable())")
    }
    var budget = most
    guard let root else { return .scalar("", at: place(1, 1)) }
    return try convert(root, place: place, budget: &budget)
  }

  private static func convert(
    _ node: Node, place: (Int?, Int?) -> DocumentProblem.Place, budget: inout Int
  ) throws(DocumentProblem) -> DocumentNode {
    let here = place(node.mark?.line, node.mark?.column)
    budget -= 1
    guard budget > 0 else { throw DocumentProblem(here, "holds too much; \(most) values are accepted") }
    switch node {
    case .scalar(let scalar):
      let empty = scalar.style == .plain && ["null", "~"].contains(scalar.string)
      return .scalar(empty ? "" : scalar.string, at: here)
    case .sequence(let sequence):
      var items: [DocumentNode] = []
      for item in sequence { items.append(try convert(item, place: place, budget: &budget)) }
      return DocumentNode(content: .list(items), place: here)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        let keyPlace = place(key.mark?.line, key.mark?.column)
        guard case .scalar(let word) = key else { throw DocumentProblem(keyPlace, "a key must be a word") }
        let node = try convert(value, place: place, budget: &budget)
        entries.append(Entry(key: word.string, keyPlace: keyPlace, value: node))
      }
      return DocumentNode(content: .mapping(entries), place: here)
    case .alias:
      throw DocumentProblem(here, "aliases are not accepted here; write the value out")
    }
  }

  private static func problem(_ error: YamlError, place: (Int?, Int?) -> DocumentProblem.Place) -> DocumentProblem {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { " \($0.text)" } ?? ""
      return DocumentProblem(
        place(mark.line, mark.column), "is not YAML: \(problem.printable())\(during.printable())")
    case .reader(let problem, let offset, _, let yaml):
      let line = offset.map { yaml.prefix($0).count { $0.isNewline } + 1 }
      return DocumentProblem(place(line, nil), "is not YAML: \(problem.printable())")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.map { $0.printable(limit: 40) }.sorted().joined(separator: ", ")
      return DocumentProblem(
        place(context.mark.line, context.mark.column), "gives a key twice: \(keys); each key is accepted once")
    default:
      return DocumentProblem(place(nil, nil), "is not YAML: \(error.description.printable())")
    }
  }

  /// The first line that nests deeper than any document needs, by counting brackets and leading list marks.
  private static func lineTooDeep(_ text: String) -> Int? {
    var line = 1
    var brackets = 0
    var marks = 0
    var leading = true
    for byte in text.utf8 {
      switch byte {
      case 0x0a:
        line += 1
        marks = 0
        leading = true
      case 0x5b, 0x7b: brackets += 1
      case 0x5d, 0x7d: brackets = max(0, brackets - 1)
      case 0x2d, 0x3f, 0x3a: marks += leading ? 1 : 0
      case 0x20, 0x09: break
      default: leading = false
      }
      if brackets > deepest || marks > deepest { return line }
    }
    return nil
  }

  private static func firstBadLine(_ bytes: [UInt8]) -> Int? {
    var line = 1
    for part in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
      if String(validating: part, as: UTF8.self) == nil { return line }
      line += 1
    }
    return nil
  }
}
