import Operations
import Terminal

/// A command, described once: footer, generated help, completion and documentation are read from here.
struct Command: Sendable {
  /// Where keys mean what.
  enum Scope: String, Hashable, CaseIterable, Sendable {
    /// A screen with nothing over it; commands with a name can be typed anywhere.
    case screen
    /// The menu of actions.
    case menu
    /// The preview of an action.
    case preview
    /// What came of an action.
    case watch
    /// What is worth doing.
    case suggestions
    /// The screen of events, beside the keys of every screen.
    case events
  }

  /// Where its keys mean it.
  var scope = Scope.screen
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
  /// Whether it serves to change what others use: read-only mode takes it away.
  var isDangerous = false
  /// The action that it begins, nil where it is none.
  var action: ActionName?
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
  /// The command of a key in a scope.
  static func bound(to key: Key, in scope: Scope = .screen) -> Command? {
    all.first { $0.scope == scope && $0.keys.contains(key) }
  }

  /// The command of a name, or of a beginning that only one has, among those that may be used.
  static func named(_ name: String, for state: ConsoleState) -> Command? {
    let named = all.filter { !$0.name.isEmpty && state.offers($0) }
    if let exact = named.first(where: { $0.name == name }) { return exact }
    let begun = named.filter { $0.name.hasPrefix(name) }
    return begun.count == 1 ? begun.first : nil
  }

  /// Runs a line such as `speed 10`; what is wrong with it becomes the notice.
  static func run(_ line: String, on state: inout ConsoleState) -> [ConsoleEffect] {
    let words = line.split(separator: " ", maxSplits: 1)
    guard let name = words.first.map({ $0.lowercased() }) else { return [] }
    guard let command = named(name, for: state) else {
      if all.contains(where: { $0.name == name }), let reason = state.operating.refusesOrders {
        state.notice = "\(reason): \(name) is not possible."
        return []
      }
      let known = all.filter { state.offers($0) }.map(\.name).filter { !$0.isEmpty }
      state.notice = "No command is called \(name); nearest is \(Spelling.nearest(to: name, in: known) ?? "help")."
      return []
    }
    if let reason = command.disabled(state) {
      state.notice = reason
      return []
    }
    let argument = words.count > 1 ? String(words[1]) : ""
    // Units of actions keep their case: 5m is no 5M.
    return command.run(&state, command.action == nil ? argument.lowercased() : argument, nil)
  }

  /// Presses a key in a scope; a key that means nothing there does nothing.
  static func press(_ key: Key, in scope: Scope, on state: inout ConsoleState) -> [ConsoleEffect] {
    // A screen's own keys come before those of every screen.
    let own = scope == .screen && state.screen == 8 ? bound(to: key, in: .events) : nil
    guard let command = own ?? bound(to: key, in: scope) else { return [] }
    guard state.offers(command) else {
      state.notice = state.operating.refusesOrders.map { "\($0): there is nothing to operate." }
      return []
    }
    if let reason = command.disabled(state) {
      state.notice = reason
      return []
    }
    return command.run(&state, "", key)
  }
}
