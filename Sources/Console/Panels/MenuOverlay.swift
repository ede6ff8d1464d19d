import Operations
import Terminal

/// The actions as a menu, by what they are about: form, risk, what each does or why it cannot be begun; the chosen one in
/// full below them.
struct MenuOverlay {
  /// Rows that the chosen action has below the list, with a line above them.
  private static let details = 4

  /// Whose actions.
  let state: ConsoleState
  /// The chosen line.
  let chosen: Int

  /// Where it stands: above the footer, in the middle of a large screen.
  static func area(width: Int, height: Int, lines: Int) -> Rectangle {
    let small = width < 60 || height < 12
    let wanted = lines + 1 + details + (height >= 30 ? 1 : 0)
    let size = (
      width: small ? width : min(width - 2, 116), height: min(small ? max(1, height - 1) : height - 1, wanted)
    )
    return Rectangle(
      column: (width - size.width) / 2, row: max(0, (height - 1 - size.height) / 2), width: size.width,
      height: size.height)
  }

  /// The line of the menu at a row of the screen, nil where there is none.
  func line(at row: Int, in area: Rectangle) -> Int? {
    let rows = visibleRows(area)
    let index = first(rows) + row - area.row - 1
    return row > area.row && row <= area.row + rows && index < state.menu.count ? index : nil
  }

  private func hasDetails(_ area: Rectangle) -> Bool { area.width >= 60 && area.height >= 12 }

  private func visibleRows(_ area: Rectangle) -> Int {
    max(0, min(state.menu.count, area.height - 1 - (hasDetails(area) ? Self.details : 0)))
  }

  private func first(_ rows: Int) -> Int { max(0, min(chosen - rows / 2, state.menu.count - rows)) }

  /// Draws it over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let commands = state.menu
    let area = Self.area(width: bounds.width, height: bounds.height, lines: commands.count)
    painter.recede()
    painter.clip = area
    painter.fill(area, .dialog)
    painter.ground = .dialog
    painter.canvas(cursor: nil)
    let at = painter.put(area.column + 1, area.row, "ACT", Style(.strong, .bold))
    painter.put(
      at + 1, area.row, "each is looked at before it is done", Style(.dim), width: max(0, area.right - at - 2))
    let rows = visibleRows(area)
    let first = first(rows)
    for (index, command) in commands.enumerated().dropFirst(first).prefix(rows) {
      line(command, index, area, area.row + 1 + index - first, isFirst: index == first, &painter)
    }
    painter.ground = .dialog
    if hasDetails(area), commands.indices.contains(chosen) {
      details(
        commands[chosen],
        Rectangle(
          column: area.column + 1, row: area.row + 1 + rows, width: area.width - 2, height: Self.details), &painter)
    }
    painter.ground = .none
    painter.clip = bounds
  }

  private func line(
    _ command: Command, _ index: Int, _ area: Rectangle, _ row: Int, isFirst: Bool, _ painter: inout Painter
  ) {
    let reason = command.disabled(state)
    let isChosen = index == chosen
    painter.ground = .dialog
    var column = area.column + 1
    if area.width >= 60, let action = command.action {
      let group = ActionGroup.of(action)
      // A group is named where it begins, and on the first row that is in sight.
      if isFirst || group.actions.first == action {
        let isHere = state.menu.indices.contains(chosen) && state.menu[chosen].action.map(ActionGroup.of) == group
        painter.put(column, row, group.rawValue, isHere ? Style(.strong, .bold) : Style(.dim))
      }
      column += 10
    }
    if isChosen {
      painter.fill(Rectangle(column: column, row: row, width: area.right - column, height: 1), .select)
      painter.rest(column, row)
      painter.ground = .select
    }
    painter.put(column - 1, row, isChosen ? ">" : " ", Style(.accent, .bold))
    let formWidth = 11
    painter.put(column, row, command.name, Style(reason == nil ? .accent : .dim, reason == nil ? .bold : []))
    column += formWidth + 1
    if area.width >= 60, let risk = command.action?.risk {
      painter.put(column, row, risk.words, Style(risk > .drains ? .high : .dim), width: 14)
      column += 15
    }
    let words = reason.map { "– " + $0 } ?? command.help
    painter.put(column, row, words, Style(reason == nil ? .text : .dim), width: max(0, area.right - column - 1))
  }

  /// The chosen action in full: its form, what it does, how it goes, whether it comes back, or why not now.
  private func details(_ command: Command, _ area: Rectangle, _ painter: inout Painter) {
    guard let action = command.action else { return }
    for column in (area.column - 1)..<(area.right + 1) { painter.set(column, area.row, "─", Style(.faint)) }
    let at = painter.put(area.column, area.row + 1, ":\(command.name)", Style(.accent, .bold))
    painter.put(at, area.row + 1, " \(command.arguments)", Style(.text), width: max(0, area.right - at))
    painter.put(area.column, area.row + 2, command.help, Style(.text), width: area.width)
    if let reason = command.disabled(state) {
      painter.put(area.column, area.row + 3, "Not now: \(reason)", Style(.strong, .bold), width: area.width)
      return
    }
    var words: [(String, Ink)] = [(action.risk.words, action.risk > .drains ? .high : .strong)]
    words.append((action.canBeUndone ? ", can be undone" : action == .undo ? "" : ", cannot be undone", .dim))
    words.append((action.isSimulationOnly ? ", simulation only" : "", .dim))
    let phases = action.phases.joined(separator: " ▸ ")
    if !phases.isEmpty { words.append((";  \(phases)", .dim)) }
    painter.words(area.column, area.row + 3, words)
  }
}
