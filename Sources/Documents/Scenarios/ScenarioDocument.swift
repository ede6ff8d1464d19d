import Words
public import XDeepServe

/// A scenario as written, before its words become values: what `--scenario`, `--trace` and `--set` work on.
public struct ScenarioDocument: Sendable {
  /// Where it came from, for messages: a path, or the name of a built-in one.
  public let file: String
  /// Name that it has if its text gives none.
  let fallbackName: String
  /// Folder in which paths of its text are looked up, nil for the working folder.
  private let folder: String?
  private(set) var root: DocumentNode

  /// Parses a scenario's text.
  public init(_ bytes: [UInt8], file: String) throws(DocumentProblem) {
    self.file = file
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") : nil
    let last = parts.last.map(String.init) ?? file
    fallbackName = last.split(separator: ".").first.map(String.init) ?? last
    root = try DocumentNode.parse(bytes, file: file)
  }

  /// A built-in scenario by its name, else the file of that path.
  public init(named name: String) throws(DocumentProblem) {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml")
      || BuiltInScenario.named(name) == nil && FileBytes.exists(name)
    {
      try self.init(try FileBytes.read(name, limit: FileBytes.yamlLimit), file: name)
    } else {
      let builtIn = try BuiltInScenario.required(name, orElse: " or a file")
      try self.init(builtIn.bytes, file: builtIn.file)
    }
  }

  /// Replaces the workload by a trace, as `--trace` does: the scenario then starts empty.
  public mutating func replaceWorkload(trace path: String) throws(DocumentProblem) {
    let place = DocumentProblem.Place.option("--trace")
    let trace = DocumentNode.mapping([("file", .scalar(path, at: place))], at: place)
    try root.set(["workload"], to: .mapping([("trace", trace)], at: place), option: "--trace")
    try root.set(["start"], to: .scalar(Scenario.Start.empty.rawValue, at: place), option: "--trace")
  }

  /// Overrides one key, as `--set decode.0.batch=48` does.
  public mutating func set(_ assignment: String) throws(DocumentProblem) {
    guard let equals = assignment.firstIndex(of: "=") else {
      throw DocumentProblem(.option("--set \(assignment)"), "must be KEY=VALUE, such as decode.0.batch=48")
    }
    let key = String(assignment[..<equals])
    let option = "--set \(key)"
    let path = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw DocumentProblem(.option(option), "has no key before the `=`, or an empty part; accepted: KEY.KEY=VALUE")
    }
    let value = try DocumentNode.parse(option: option, value: String(assignment[equals...].dropFirst()))
    try root.set(path, to: value, option: option)
  }

  /// Puts an item at the end of a list of the whole document, which begins with it where there is none.
  mutating func append(_ item: DocumentNode, to key: String, option: String) throws(DocumentProblem) {
    var items: [DocumentNode] = []
    if case .mapping(let entries) = root.content, let list = entries.first(where: { $0.key == key })?.value {
      // Anything but a list stays as it is, for the reader to say what is wrong with it.
      guard case .list(let written) = list.content else { return }
      items = written
    }
    try root.set([key], to: DocumentNode(content: .list(items + [item]), place: item.place), option: option)
  }

  /// What the text means, with the traces that it names.
  public func read(skipBadLines: Bool = false, seed: UInt64? = nil) throws(DocumentProblem) -> ScenarioReading {
    try ScenarioReader(document: self, skipBadLines: skipBadLines, seed: seed).read()
  }

  /// A problem that only the simulation can see, at the place where its key was written.
  public func problem(_ problem: ScenarioProblem) -> DocumentProblem {
    let place = root.place(of: problem.key.split(separator: ".").map(String.init))
    return DocumentProblem(place, "`\(problem.key.printable())` \(problem.message.printable(limit: 400))")
  }

  /// The path of a file named in the text; one named by an option is relative to the working folder.
  func path(of name: String, at place: DocumentProblem.Place) -> String {
    guard case .file = place, let folder, !name.hasPrefix("/") else { return name }
    return "\(folder)/\(name)"
  }
}

/// A scenario together with what its reader wants to say about it.
public struct ScenarioReading: Sendable {
  /// What runs.
  public var scenario: Scenario
  /// Sentences for standard error: lines that were skipped and the like.
  public var notes: [String]
}
