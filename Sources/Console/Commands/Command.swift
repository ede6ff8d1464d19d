import Terminal

/// A command, described once: footer, generated help, completion and documentation are read from here.
struct Command: Sendable {
  /// Spelling on the command line, empty where a command has keys only.
  var name: String
  /// Keys that run it.
  var keys: [Key] = []
  /// How those keys are written.
  var keyText = ""
  /// What the footer says beside them, empty where the footer keeps silent.
  var hint = ""
  /// Its arguments as help writes them.
  var arguments = ""
  /// One sentence.
  var help: String
  /// Whether it changes what others use; read-only mode will take these away.
  var isDangerous = false
  /// Why it cannot run now, nil where it can.
  var disabled: @Sendable (ConsoleState) -> String? = { _ in nil }
  /// What its argument may be, given what stands there already.
  var candidates: @Sendable (ConsoleState, String) -> [String] = { _, _ in [] }
  /// Does it.
  ///
  /// The argument is empty when it came by key; the key is nil when it came by name.
  var run: @Sendable (inout ConsoleState, _ argument: String, Key?) -> [ConsoleEffect]
}

extension Command {
  /// The command of a key.
  static func bound(to key: Key) -> Command? {
    all.first { $0.keys.contains(key) }
  }

  /// The command of a name, or of a beginning that only one has.
  static func named(_ name: String) -> Command? {
    if let exact = all.first(where: { $0.name == name }) { return exact }
    let begun = all.filter { !$0.name.isEmpty && $0.name.hasPrefix(name) }
    return begun.count == 1 ? begun.first : nil
  }

  /// Runs a line such as `speed 10`; what is wrong with it becomes the notice.
  static func run(_ line: String, on state: inout ConsoleState) -> [ConsoleEffect] {
    let words = line.split(separator: " ", maxSplits: 1)
    guard let name = words.first.map({ $0.lowercased() }) else { return [] }
    guard let command = named(name) else {
      let known = all.map(\.name).filter { !$0.isEmpty }
      state.notice = "No command is called \(name); nearest is \(Spelling.nearest(to: name, in: known) ?? "help")."
      return []
    }
    if let reason = command.disabled(state) {
      state.notice = reason
      return []
    }
    return command.run(&state, words.count > 1 ? words[1].lowercased() : "", nil)
  }
}
