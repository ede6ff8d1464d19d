import Words

/// The keys of a mapping; making one checks that every key is known.
struct Fields {
  /// The mapping itself.
  var whole: Field
  private var entries: [String: DocumentNode] = [:]

  /// Reads a mapping's keys.
  ///
  /// - Parameters:
  ///   - field: The mapping.
  ///   - known: Keys that are accepted, in the order in which to list them.
  ///   - unused: Keys of the language that do not belong beside the others here, and where they do.
  init(_ field: Field, known: [String], unused: [String: String] = [:]) throws(DocumentProblem) {
    whole = field
    guard case .mapping(let written) = field.node.content else {
      throw field.problem("must be a mapping with \(known.asAlternatives), not \(field.node.kind)")
    }
    for entry in written {
      let key = Field(name: field.name(of: entry.key), node: entry.value)
      if let place = unused[entry.key] {
        throw DocumentProblem(entry.keyPlace, "`\(key.name)` has no effect here: it belongs to \(place)")
      }
      guard known.contains(entry.key) else {
        let words = NearestWord(known: known + unused.keys.sorted())
        let nearest = words(to: entry.key).map { "; the nearest is `\($0)`" } ?? ""
        let place = field.name.isEmpty ? "" : " in `\(field.name.printable())`"
        throw DocumentProblem(
          entry.keyPlace,
          "unknown key `\(entry.key.printable(limit: 40))`\(place)\(nearest); accepted: \(known.joined(separator: ", "))"
        )
      }
      guard entries.updateValue(entry.value, forKey: entry.key) == nil else {
        throw DocumentProblem(entry.keyPlace, "`\(key.name)` is given twice; each key is accepted once")
      }
    }
  }

  /// A key's field, nil where it is not written.
  subscript(key: String) -> Field? {
    entries[key].map { Field(name: whole.name(of: key), node: $0) }
  }

  /// A key's field that must be written.
  func required(_ key: String, _ what: String) throws(DocumentProblem) -> Field {
    guard let field = self[key] else {
      throw whole.problem(whole.name.isEmpty ? "lacks `\(key)`: \(what)" : "lacks `\(whole.name(of: key))`: \(what)")
    }
    return field
  }
}
