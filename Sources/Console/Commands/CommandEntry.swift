import Terminal

/// The command line as it is typed: text, cursor, what came before, and what Tab offers.
struct CommandEntry: Hashable, Sendable {
  /// Lines that are remembered.
  static let remembered = 100

  /// What stands there.
  private(set) var text: [Unicode.Scalar] = []
  /// Where the next character goes.
  private(set) var cursor = 0
  /// Lines that were run, oldest first.
  private(set) var history: [String] = []
  /// The theme to go back to when the line is given up.
  private(set) var themeBefore = ""
  private var recalled: Int?
  private var cycle: Int?
  private var begun = ""

  /// The text as a string.
  var line: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text)
    return String(view)
  }

  /// A line to go on with, empty by default.
  mutating func begin(theme: String, with text: String = "") {
    set(text)
    recalled = nil
    themeBefore = theme
  }

  /// Remembers the line and empties it.
  mutating func finish() -> String {
    let done = line
    if !done.isEmpty, history.last != done { history.append(done) }
    if history.count > Self.remembered { history.removeFirst() }
    set("")
    return done
  }

  /// Inserts text, without what cannot stand in a line.
  mutating func insert(_ new: String) {
    for scalar in new.unicodeScalars
    where ScalarWidth.of(scalar.value) == 1 && !ScalarWidth.isControl(scalar.value) && text.count < 200 {
      text.insert(scalar, at: cursor)
      cursor += 1
    }
    cycle = nil
  }

  /// Edits by key; false where the key means nothing here.
  mutating func edit(_ key: Key) -> Bool {
    switch key {
    case .character(let scalar): insert(String(Character(scalar)))
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = text.count
    case .backspace where cursor > 0:
      cursor -= 1
      text.remove(at: cursor)
      cycle = nil
    case .delete where cursor < text.count:
      text.remove(at: cursor)
      cycle = nil
    case .up: recall(-1)
    case .down: recall(1)
    default: return false
    }
    return true
  }

  private mutating func recall(_ step: Int) {
    guard !history.isEmpty else { return }
    let next = (recalled ?? history.count) + step
    guard next >= 0 else { return }
    recalled = next < history.count ? next : nil
    set(next < history.count ? history[next] : "")
  }

  private mutating func set(_ new: String) {
    text = Array(new.unicodeScalars)
    cursor = text.count
    cycle = nil
  }

  /// Completes to what the candidates share, then offers one after the other.
  mutating func complete(_ candidates: [String], backwards: Bool) {
    guard !candidates.isEmpty else { return }
    let head = line.lastIndex(of: " ").map { String(line[...$0]) } ?? ""
    if cycle == nil {
      begun = String(line.dropFirst(head.count))
      let shared = candidates.dropFirst().reduce(candidates[0]) { $0.commonPrefix(with: $1) }
      if shared.unicodeScalars.count > begun.unicodeScalars.count || candidates.count == 1 {
        set(head + shared + (candidates.count == 1 && head.isEmpty ? " " : ""))
        return
      }
    }
    let next = cycle.map { ($0 + (backwards ? candidates.count - 1 : 1)) % candidates.count } ?? 0
    set(head + candidates[next])
    cycle = next
  }

  /// What Tab chooses from: while it cycles, from what was typed before.
  func candidates(_ state: ConsoleState) -> [String] {
    let line = self.line
    guard let space = line.firstIndex(of: " ") else {
      let start = (cycle == nil ? line : begun).lowercased()
      return Command.all.filter { state.offers($0) }.map(\.name).filter { !$0.isEmpty && $0.hasPrefix(start) }
    }
    guard let command = Command.named(line[..<space].lowercased(), for: state) else { return [] }
    // Arguments before the last blank are whole; what comes after it is completed.
    let arguments = line[line.index(after: space)...]
    let whole = arguments.lastIndex(of: " ").map { String(arguments[...$0]) } ?? ""
    let start = cycle == nil ? String(arguments.dropFirst(whole.count)) : begun
    return command.candidates(state, whole + start).filter { $0.lowercased().hasPrefix(start.lowercased()) }
  }
}

extension String {
  /// What two strings begin with alike.
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
