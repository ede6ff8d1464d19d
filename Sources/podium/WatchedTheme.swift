import Documents
import Glibc
import Terminal
import Words

/// The theme in use; one that came from a file follows the file.
struct WatchedTheme {
  /// What tells one state of a file from another: an editor may write it in place or put a new one in its stead.
  private struct Stamp: Equatable {
    var file: UInt64
    var bytes: Int
    var seconds: Int
    var nanoseconds: Int
  }

  /// The name or path that it was asked for by.
  private(set) var name: String
  /// The colours of the last text that could be used.
  private(set) var theme: Theme

  private let library: ThemeLibrary
  private var path: String?
  private var seen: Stamp?

  /// A theme as it was read under its name.
  init(_ name: String, _ theme: Theme, library: ThemeLibrary) {
    self.name = name
    self.theme = theme
    self.library = library
    path = library.file(of: name)
    seen = path.flatMap(Self.stamp)
  }

  /// Takes another theme; what is wrong with it is said, and the old one stays.
  mutating func use(_ name: String) -> String? {
    // The stamp comes first: what is written while we read is a change.
    let path = library.file(of: name)
    let stamp = path.flatMap(Self.stamp)
    do throws(DocumentProblem) {
      theme = try library.theme(named: name)
    } catch {
      // A line of a screen has no room for folders, and the file's name is known to whoever asked for it.
      guard case .file(let file, let line, let column) = error.place else { return "\(error)" }
      return "\(DocumentProblem(.file(Self.last(file), line: line, column: column), error.message))"
    }
    (self.name, self.path, seen) = (name, path, stamp)
    return nil
  }

  /// Reads the theme's file again if it changed; says what came of it, nil where there is nothing new.
  ///
  /// A file that is gone is no change: editors take it away for a moment while they save.
  mutating func reload() -> String? {
    guard let path, let stamp = Self.stamp(path), stamp != seen else { return nil }
    seen = stamp
    return use(name) ?? "\(Self.last(path).printable(limit: 60)) was read again."
  }

  private static func last(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  private static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return Stamp(
      file: UInt64(status.st_ino), bytes: Int(status.st_size), seconds: Int(status.st_mtim.tv_sec),
      nanoseconds: Int(status.st_mtim.tv_nsec))
  }
}
