import Words

/// A value of a YAML document together with the place where it was written.
struct DocumentNode: Hashable, Sendable {
  /// What stands there; every scalar is text until somebody asks for more.
  indirect enum Content: Hashable, Sendable {
    case scalar(String)
    case list([DocumentNode])
    case mapping([Entry])
  }

  /// A key and its value, in the order of the file.
  struct Entry: Hashable, Sendable {
    var key: String
    var keyPlace: DocumentProblem.Place
    var value: DocumentNode
  }

  var content: Content
  var place: DocumentProblem.Place

  /// What kind of value it is, for messages.
  var kind: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "`\(text.printable(limit: 40))`"
    case .list(let items): "a list of \(items.count)"
    case .mapping(let entries): entries.isEmpty ? "an empty mapping" : "keys (\(entries[0].key.printable(limit: 40)) …)"
    }
  }

  /// A scalar.
  static func scalar(_ text: String, at place: DocumentProblem.Place) -> DocumentNode {
    DocumentNode(content: .scalar(text), place: place)
  }

  /// A mapping whose keys were written where the values were.
  static func mapping(_ entries: [(String, DocumentNode)], at place: DocumentProblem.Place) -> DocumentNode {
    let entries = entries.map { Entry(key: $0.0, keyPlace: $0.1.place, value: $0.1) }
    return DocumentNode(content: .mapping(entries), place: place)
  }
}
