import Glibc

/// Where Podium keeps what outlives a run: `podium` under `$XDG_STATE_HOME`, else under `~/.local/state`.
enum StateFolder {
  /// The path of a file there, nil where the user has no such place; nothing is made.
  static func file(_ name: String) -> String? {
    func value(_ name: String) -> String? {
      guard let text = unsafe getenv(name) else { return nil }
      let path = unsafe String(cString: text)
      return path.hasPrefix("/") ? path : nil
    }
    guard let base = value("XDG_STATE_HOME") ?? value("HOME").map({ $0 + "/.local/state" }) else { return nil }
    return "\(base)/podium/\(name)"
  }
}
