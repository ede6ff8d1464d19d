import Terminal

/// The last line: the answer to the last input, else the keys that help most, from the table of commands.
struct Footer {
  /// What it speaks of.
  let state: ConsoleState

  /// A footer of a state.
  init(_ state: ConsoleState) { self.state = state }

  /// Draws it; `?` and `q` are never cut.
  func draw(_ area: Rectangle, _ painter: inout Painter) {
    painter.fill(area, .bar)
    painter.ground = .bar
    let row = area.row
    let hinted = Command.all.filter { !$0.hint.isEmpty }
    guard let help = hinted.first(where: { $0.name == "help" }), let quit = hinted.first(where: { $0.name == "quit" })
    else { return }
    let short = area.width < 24
    func length(_ command: Command) -> Int { command.keyText.count + (short ? 0 : command.hint.count + 1) }
    func key(_ command: Command, _ column: Int) -> Int {
      let at = painter.put(column, row, command.keyText, Style(.accent, .bold))
      return short ? at : painter.put(at + 1, row, command.hint, Style(.dim))
    }
    let end = area.right - (area.width < 30 ? 0 : 1) - length(quit)
    _ = key(quit, end)
    let gap = area.width >= 100 ? 2 : 1
    var at = key(help, area.column + (area.width < 30 ? 0 : 1)) + gap
    if let notice = state.notice {
      painter.put(at + 1, row, notice, Style(.text), width: max(0, end - at - 2))
      return
    }
    for command in hinted where command.name != "help" && command.name != "quit" {
      guard command.disabled(state) == nil else { continue }
      if at + length(command) + 1 >= end { continue }
      at = key(command, at) + gap
    }
  }
}
