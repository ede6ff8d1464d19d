import Operations
import Terminal

/// The command line on the last row, with what may come next on the row above.
struct CommandOverlay {
  /// What is typed, and what it may become.
  let state: ConsoleState

  /// What a command does, why it cannot; of an action that is typed so far, whether it can be looked at.
  private func help(_ command: Command) -> String {
    if let reason = command.disabled(state) { return reason }
    guard command.action != nil else { return command.help }
    let line = state.entry.line
    guard let action = try? Action(parsing: line) else { return "\(command.arguments)  \(command.help)" }
    if let refusal = state.operating.configuration.flatMap({ action.refusal(in: $0) }) { return "\(refusal)" }
    return "Enter shows what it would do: \(command.help)"
  }

  /// Why a command is not offered.
  private func refusal(of name: String) -> String? {
    guard let reason = state.operating.refusesOrders, Command.all.contains(where: { $0.name == name }) else {
      return nil
    }
    return "\(reason): \(name) is not possible."
  }

  /// Draws both rows over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let row = bounds.height - 1
    guard row >= 0 else { return }
    painter.clip = bounds
    let end = painter.entry(state.entry, sign: ":", row)
    let name = state.entry.line.split(separator: " ").first.map(String.init) ?? ""
    let command = name.isEmpty ? nil : Command.named(name.lowercased(), for: state)
    let help = command.map(help) ?? (name.isEmpty ? "Enter runs, Tab completes, Esc closes" : refusal(of: name) ?? "")
    painter.put(end + 3, row, help, Style(.dim), width: max(0, bounds.width - end - 4))
    guard row > 0 else { return }
    painter.fill(Rectangle(row: row - 1, width: bounds.width, height: 1), .dialog)
    painter.ground = .dialog
    let candidates = state.entry.candidates(state)
    let line = state.entry.line.lowercased()
    var at = 1
    for candidate in candidates {
      guard at + candidate.count < bounds.width - 1 else {
        painter.put(max(0, bounds.width - 1), row - 1, "…", Style(.dim))
        break
      }
      let chosen = line == candidate.lowercased() || line.hasSuffix(" " + candidate.lowercased())
      at = painter.put(at, row - 1, candidate, Style(chosen ? .accent : .text, chosen ? .bold : [])) + 2
    }
    painter.ground = .none
  }
}

extension Painter {
  /// A line that is being typed, with the cursor in it, over the last row; gives the column behind it.
  mutating func entry(_ entry: CommandEntry, sign: String, _ row: Int) -> Int {
    let width = canvas.bounds.width
    fill(Rectangle(row: row, width: width, height: 1), .bar)
    ground = .bar
    // A line longer than the screen shows the part around its cursor.
    let room = max(1, width - 2)
    let hidden = max(0, entry.cursor - room + 1)
    put(0, row, sign, Style(.accent, .bold))
    for (index, scalar) in entry.text.dropFirst(hidden).prefix(room).enumerated() {
      set(1 + index, row, scalar, Style(.strong))
    }
    rest(1 + entry.cursor - hidden, row)
    return 1 + min(room, entry.text.count - hidden)
  }
}
