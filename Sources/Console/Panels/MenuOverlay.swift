import Operations
import Terminal

/// The actions as a menu: form, risk, what each does or why it cannot be begun.
struct MenuOverlay {
  /// Whose actions.
  let state: ConsoleState
  /// The chosen line.
  let chosen: Int

  /// Where it stands: above the footer, in the middle of a large screen.
  static func area(width: Int, height: Int, lines: Int) -> Rectangle {
    let small = width < 60 || height < 12
    let size = (
      width: small ? width : min(width - 2, 116), height: min(small ? max(1, height - 1) : height - 2, lines + 2)
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

  private func visibleRows(_ area: Rectangle) -> Int { max(0, area.height - 1) }

  private func first(_ rows: Int) -> Int { max(0, min(chosen - rows / 2, state.menu.count - rows)) }

  /// Draws it over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let commands = state.menu
    let area = Self.area(width: bounds.width, height: bounds.height, lines: commands.count)
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
      let row = area.row + 1 + index - first
      let reason = command.disabled(state)
      let isChosen = index == chosen
      if isChosen {
        painter.fill(Rectangle(column: area.column, row: row, width: area.width, height: 1), .select)
        painter.rest(area.column + 1, row)
      }
      painter.ground = isChosen ? .select : .dialog
      let name = command.name
      let form = area.width >= 70 ? "\(name) \(command.arguments)" : name
      painter.put(area.column, row, isChosen ? ">" : " ", Style(.accent, .bold))
      let formWidth = area.width >= 110 ? 52 : area.width >= 70 ? 32 : 12
      painter.put(area.column + 1, row, form, Style(reason == nil ? .text : .dim), width: formWidth)
      painter.put(
        area.column + 1, row, name, Style(reason == nil ? .accent : .dim, .bold), width: max(0, area.width - 1))
      var column = area.column + formWidth + 2
      if area.width >= 60, let risk = command.action?.risk {
        painter.put(column, row, risk.words, Style(risk > .drains ? .high : .dim), width: 14)
        column += 15
      }
      painter.put(column, row, reason ?? command.help, Style(.dim), width: max(0, area.right - column - 1))
    }
    painter.ground = .none
    painter.clip = bounds
  }
}
