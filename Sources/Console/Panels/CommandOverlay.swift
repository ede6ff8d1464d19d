import Terminal

/// The command line on the last row, with what may come next on the row above.
struct CommandOverlay {
  /// What is typed, and what it may become.
  let state: ConsoleState

  /// Draws both rows over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let row = bounds.height - 1
    guard row >= 0 else { return }
    painter.clip = bounds
    painter.fill(Rectangle(row: row, width: bounds.width, height: 1), .bar)
    painter.ground = .bar
    // A line longer than the screen shows the part around its cursor.
    let room = max(1, bounds.width - 2)
    let hidden = max(0, state.entry.cursor - room + 1)
    painter.put(0, row, ":", Style(.accent, .bold))
    for (index, scalar) in state.entry.text.dropFirst(hidden).prefix(room).enumerated() {
      painter.set(1 + index, row, scalar, Style(.strong))
    }
    let end = 1 + min(room, state.entry.text.count - hidden)
    let name = state.entry.line.split(separator: " ").first.map(String.init) ?? ""
    let command = name.isEmpty ? nil : Command.named(name.lowercased())
    let help =
      command.map { ($0.disabled(state) ?? $0.help) } ?? (name.isEmpty ? "Enter runs, Tab completes, Esc closes" : "")
    painter.put(end + 3, row, help, Style(.dim), width: max(0, bounds.width - end - 4))
    painter.rest(1 + state.entry.cursor - hidden, row)
    painter.ground = .none
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
