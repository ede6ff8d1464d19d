public import Terminal

/// Where themes are found: a path that was named, the user's folder, the program itself.
public struct ThemeLibrary: Sendable {
  /// Name of the theme that is used where none is named.
  public static let defaultName = "calm"

  /// The themes that are compiled into the program.
  private static let builtIn: [(name: String, bytes: [UInt8])] = [("calm", PackageResources.calm_yaml)]

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

  /// The theme of that name or path; the user's own themes win over built-in ones of the same name.
  public func theme(named name: String) throws(DocumentProblem) -> Theme {
    if let path = file(of: name) {
      return try ThemeReader.read(try FileBytes.read(path, limit: FileBytes.yamlLimit), file: path)
    }
    guard let builtIn = Self.builtIn.first(where: { $0.name == name }) else {
      let nearest = NearestWord(known: builtInNames)(to: name).map { "; the nearest is `\($0)`" } ?? ""
      let folder = userFolder.map { ", a file in \($0.printable())" } ?? ""
      throw DocumentProblem(
        .option("--theme"),
        "there is no theme `\(name.printable(limit: 40))`\(nearest); accepted: \(builtInNames.asAlternatives)\(folder)"
          + " or a path that ends in .yaml")
    }
    return try ThemeReader.read(builtIn.bytes, file: "\(name).yaml")
  }

  /// The file of a theme, to watch for changes; nil for a built-in one.
  public func file(of name: String) -> String? {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return name }
    guard let own = userFolder.map({ "\($0)/\(name).yaml" }), FileBytes.exists(own) else { return nil }
    return own
  }
}
