import Words

extension DocumentNode {
  /// Puts a value at a dotted path, such as `decode.0.batch`; keys that are missing come into being, list items do not.
  mutating func set(_ path: [String], to value: DocumentNode, option: String) throws(DocumentProblem) {
    try set(path[...], to: value, option: option, walked: [])
  }

  private mutating func set(
    _ path: ArraySlice<String>, to value: DocumentNode, option: String, walked: [String]
  ) throws(DocumentProblem) {
    guard let step = path.first else {
      self = value
      return
    }
    let name = walked.joined(separator: ".")
    let place = DocumentProblem.Place.option(option)
    switch content {
    case .list(var items):
      guard let index = Int(step), items.indices.contains(index) else {
        let accepted = items.isEmpty ? "it is empty" : "its items are 0 to \(items.count - 1)"
        throw DocumentProblem(place, "`\(name)` is a list and has no item `\(step.printable(limit: 40))`; \(accepted)")
      }
      try items[index].set(path.dropFirst(), to: value, option: option, walked: walked + [step])
      content = .list(items)
    case .mapping(var entries):
      if let index = entries.firstIndex(where: { $0.key == step }) {
        try entries[index].value.set(path.dropFirst(), to: value, option: option, walked: walked + [step])
      } else {
        var made = DocumentNode.mapping([], at: place)
        try made.set(path.dropFirst(), to: value, option: option, walked: walked + [step])
        entries.append(Entry(key: step, keyPlace: place, value: made))
      }
      content = .mapping(entries)
    case .scalar(let text):
      guard text.isEmpty else {
        throw DocumentProblem(
          place,
          "`\(name)` is the single value `\(text.printable(limit: 40))` and has no key `\(step.printable(limit: 40))`")
      }
      self = .mapping([], at: place)
      try set(path, to: value, option: option, walked: walked)
    }
  }

  /// Takes a key out of a mapping.
  mutating func remove(_ key: String) {
    guard case .mapping(let entries) = content else { return }
    content = .mapping(entries.filter { $0.key != key })
  }

  /// The place of the value at a dotted path, or of the innermost value on the way that exists.
  func place(of path: [String]) -> DocumentProblem.Place {
    guard let step = path.first else { return place }
    switch content {
    case .list(let items):
      guard let index = Int(step), items.indices.contains(index) else { return place }
      return items[index].place(of: Array(path.dropFirst()))
    case .mapping(let entries):
      guard let entry = entries.first(where: { $0.key == step }) else { return place }
      return entry.value.place(of: Array(path.dropFirst()))
    case .scalar: return place
    }
  }
}
