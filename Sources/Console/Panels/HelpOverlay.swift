import Terminal

/// Every key and command, generated from the table of commands.
struct HelpOverlay {
  /// Whose commands it tells of.
  let state: ConsoleState
  /// First line that is shown.
  let offset: Int

  /// A line of help: keys, command with its arguments, what it does.
  struct Line: Sendable {
    /// Keys, empty where only the command line runs it.
    var keys: String
    /// As it is typed, empty where only keys run it.
    var typed: String
    /// What it does.
    var help: String
  }

  /// All lines, in the order of the table; keys of a dialog stand behind its name.
  static func lines(_ state: ConsoleState) -> [Line] {
    var lines: [Line] = []
    for scope in Command.Scope.allCases {
      let commands = Command.all.filter { $0.scope == scope && state.offers($0) }
      guard !commands.isEmpty else { continue }
      if scope != .screen { lines.append(Line(keys: "", typed: "", help: scope.heading)) }
      lines += commands.map { command in
        let arguments = command.arguments.isEmpty ? "" : " \(command.arguments)"
        return Line(
          keys: command.keyText, typed: command.name.isEmpty ? "" : ":\(command.name)\(arguments)",
          help: command.help)
      }
    }
    if let reason = state.operating.refusesOrders {
      lines.append(Line(keys: "", typed: "", help: "\(reason): what would change the deployment is left out."))
    }
    return lines
  }

  /// Draws a dialog over the screen; the whole screen where it is small.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let lines = Self.lines(state)
    let small = bounds.width < 60 || bounds.height < 12
    let width = small ? bounds.width : min(bounds.width - 2, 104)
    let rows = small ? max(1, bounds.height - 2) : min(bounds.height - 4, lines.count)
    let height = min(bounds.height, small ? bounds.height : rows + 2)
    let area = Rectangle(
      column: (bounds.width - width) / 2, row: (bounds.height - height) / 2, width: width, height: height)
    painter.clip = area
    painter.fill(area, .dialog)
    painter.ground = .dialog
    painter.canvas(cursor: nil)
    let framed = area.height > 2
    if framed {
      painter.put(area.column + 1, area.row, "HELP", Style(.strong, .bold))
      painter.put(area.column + 6, area.row, "keys, commands, what they do", Style(.dim), width: area.width - 7)
      let shown = min(lines.count, offset + rows)
      let close = area.width >= 50 ? "Esc closes  q quits" : "Esc q"
      painter.put(area.column + 1, area.bottom - 1, close, Style(.accent))
      if lines.count > rows, area.width >= 20 {
        painter.right(area.right - 1, area.bottom - 1, "\(shown) of \(lines.count)  ↑ ↓", Style(.dim))
      }
    }
    let first = area.row + (framed ? 1 : 0)
    for (index, line) in lines.dropFirst(offset).prefix(framed ? area.height - 2 : area.height).enumerated() {
      let row = first + index
      let column = area.column + 1
      painter.put(column, row, line.keys, Style(.accent, .bold), width: min(10, area.width - 1))
      if line.keys.isEmpty, line.typed.isEmpty {
        painter.put(column, row, line.help, Style(.text, .bold), width: max(0, area.right - column))
      } else if area.width >= 60 {
        // A long form takes the room that it needs; its help goes on behind it.
        let room = area.width >= 100 ? 34 : 24
        let end = painter.put(column + 11, row, line.typed, Style(.text), width: max(0, area.right - column - 12))
        let start = max(column + 11 + (line.typed.isEmpty || line.typed.count < 17 ? 17 : room), end + 1)
        painter.put(start, row, line.help, Style(.dim), width: max(0, area.right - start - 1))
      } else {
        let word = line.keys.isEmpty ? line.typed + " " : ""
        let at = line.keys.isEmpty ? painter.put(column, row, word, Style(.text)) : column + max(4, line.keys.count + 1)
        painter.put(at, row, line.help, Style(.dim), width: max(0, area.right - at))
      }
    }
    painter.clip = bounds
    painter.ground = .none
  }
}

extension Command.Scope {
  /// What help writes above its keys.
  var heading: String {
    switch self {
    case .screen: "On every screen"
    case .menu: "In the menu of actions"
    case .preview: "In the preview of an action"
    case .watch: "Watching what came of an action"
    case .suggestions: "In the list of suggestions"
    case .events: "On the screen of events"
    }
  }
}
