public import Terminal
import Words

/// Where themes are found: a path that was named, the user's folder, the program itself.
public struct ThemeLibrary: Sendable {
  /// Name of the theme that is used where none is named.
  public static let defaultName = "calm"

  /// The themes that are compiled into the program.
  private static let builtIn: [(name: String, bytes: [UInt8])] = [
    ("calm", PackageResources.calm_yaml), ("light", PackageResources.light_yaml),
    ("contrast", PackageResources.contrast_yaml), ("safe", PackageResources.safe_yaml),
    ("vivid", PackageResources.vivid_yaml),
  ]

  private let userFolder: String?

  /// A library with the user's own themes in `$XDG_CONFIG_HOME/podium/themes`, by default under `~/.config`.
  ///
  /// - Parameter environment: The process's environment.
  public init(environment: [String: String]) {
    let home = environment["HOME"].map { "\($0)/.config" }
    let base = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home
    userFolder = base.map { "\($0)/podium/themes" }
  }

  /// Names of the built-in themes.
  public var builtInNames: [String] { Self.builtIn.map(\.name) }

  /// Names of all themes: the built-in ones, then the user's own that are not among them, in order of the alphabet.
  public var names: [String] {
    let own = userFolder.map { FileBytes.names(in: $0) } ?? []
    let stems = own.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    return builtInNames + stems.filter { !builtInNames.contains($0) }.sorted()
  }

  /// The theme of that name or path; the user's own themes win over built-in ones of the same name.
  public func theme(named name: String) throws(DocumentProblem) -> Theme {
    if let path = file(of: name) {
      return try ThemeReader.read(try FileBytes.read(path, limit: FileBytes.yamlLimit), file: path)
    }
    return try ThemeReader.read(try builtIn(name), file: "\(name).yaml")
  }

  /// The text of a built-in theme, to start a file of one's own from.
  public func builtInText(named name: String) throws(DocumentProblem) -> String {
    String(decoding: try builtIn(name), as: UTF8.self)
  }

  private func builtIn(_ name: String) throws(DocumentProblem) -> [UInt8] {
    if let builtIn = Self.builtIn.first(where: { $0.name == name }) { return builtIn.bytes }
    let nearest = NearestWord(known: names)(to: name).map { "; the nearest is `\($0.printable(limit: 40))`" } ?? ""
    let folder = userFolder.map { ", a file in \($0.printable())" } ?? ""
    throw DocumentProblem(
      .option("--theme"),
      "there is no theme `\(name.printable(limit: 40))`\(nearest); accepted: \(builtInNames.joined(separator: ", "))\(folder)"
        + " or a path that ends in .yaml")
  }

  /// The file of a theme, to watch for changes; nil for a built-in one.
  public func file(of name: String) -> String? {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return name }
    guard let own = userFolder.map({ "\($0)/\(name).yaml" }), FileBytes.exists(own) else { return nil }
    return own
  }
}
