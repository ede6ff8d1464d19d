import Operations
import Terminal

// The buttons of a preview, and what brings back what is looked at.
extension PreviewDialog {
  /// Names of the buttons and where each stands.
  static func buttons(_ plan: Plan, in area: Rectangle) -> [(button: Plan.Button, text: String, place: Rectangle)] {
    let names: [Plan.Button: String] = [
      .cancel: "Cancel", .adjust: "Adjust", .run: plan.refusal == nil ? "Run" : "Nearest",
    ]
    let narrow = area.width < 40
    let shown = narrow ? [plan.focus] : plan.buttons
    var at = area.right - (narrow ? 0 : 14)
    let widths = shown.map { (names[$0]?.count ?? 0) + (narrow ? 2 : 4) }
    at -= widths.reduce(0, +) + 2 * max(0, shown.count - 1)
    at = max(area.column, at)
    return zip(shown, widths).map { button, width in
      let place = Rectangle(column: at, row: area.row, width: min(width, max(0, area.right - at)), height: 1)
      at += width + 2
      return (button, names[button] ?? "", place)
    }
  }

  func buttons(_ area: Rectangle, _ painter: inout Painter) {
    let buttons = Self.buttons(plan, in: area)
    if let first = buttons.first, first.place.column - area.column > 24 {
      let words = undoWords
      let end = first.place.column - 2
      let at = painter.put(area.column, area.row, words.0, Style(.dim), width: end - area.column)
      painter.put(at, area.row, words.1, Style(.accent), width: max(0, end - at))
    }
    for (button, text, place) in buttons {
      let focused = button == plan.focus
      // Without colours brackets tell which one Enter presses.
      let label = painter.isGlyphic && focused ? "[\(text)]" : text
      painter.fill(place, focused ? .acceptGround : .select)
      painter.put(
        place.column + (place.width - label.count) / 2, place.row, label,
        focused ? Style(.ink, on: .acceptGround, .bold) : Style(.text, on: .select), width: place.width)
      if focused { painter.rest(place.column, place.row) }
    }
    if area.width >= 40, plan.buttons.contains(.run) {
      painter.words(area.right - 13, area.row, [("Y", .accent), (" then ", .dim), ("↵", .accent), (" runs", .dim)])
    }
  }

  private var undoWords: (String, String) {
    guard plan.refusal == nil else { return ("", "") }
    guard plan.action.name.canBeUndone, let configuration = state.operating.configuration,
      let inverse = try? plan.named.inverse(given: configuration), let first = inverse.first
    else { return ("Cannot be undone", "") }
    return ("Undo afterwards: ", ":\(first)")
  }
}
