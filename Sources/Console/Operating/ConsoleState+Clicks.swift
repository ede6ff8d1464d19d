import Terminal

// What the mouse does over dialogs. A click never does more than a key: it moves the focus, and presses only the button
// that has it.
extension ConsoleState {
  /// A click over a preview.
  mutating func clickPreview(_ column: Int, _ row: Int) -> [ConsoleEffect] {
    guard let plan = operating.plan, let dialog = PreviewDialog(self), let area = dialog.layout.buttons else {
      return giveUpPlan()
    }
    let hit = PreviewDialog.buttons(plan, in: area).first { $0.place.contains(column: column, row: row) }
    guard let hit else { return [] }
    if hit.button == plan.focus { return pressButton() }
    operating.plan?.focus = hit.button
    return []
  }

  /// A click over the menu: it chooses a line, and begins the one that is chosen.
  mutating func clickMenu(_ column: Int, _ row: Int) -> [ConsoleEffect] {
    guard case .menu(let chosen) = overlay else { return [] }
    let area = MenuOverlay.area(width: width, height: height, lines: menu.count)
    guard area.contains(column: column, row: row) else {
      overlay = .none
      return []
    }
    guard let line = MenuOverlay(state: self, chosen: chosen).line(at: row, in: area) else { return [] }
    if line == chosen { return chooseFromMenu() }
    overlay = .menu(line)
    return []
  }
}
