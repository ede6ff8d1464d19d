import Deployments
import Operations
import Telemetry
import Terminal

/// What is worth doing: the best actions that a search has found so far, with what each would bring.
struct SuggestionsDialog {
  /// What is drawn.
  let state: ConsoleState
  /// The chosen suggestion.
  let chosen: Int

  /// Where it stands on a screen of a size.
  static func area(width: Int, height: Int) -> Rectangle {
    let small = width < 60 || height < 12
    let size = (width: small ? width : min(width - 2, 104), height: min(small ? max(1, height - 1) : height - 2, 16))
    return Rectangle(
      column: (width - size.width) / 2, row: max(0, (height - 1 - size.height) / 2), width: size.width,
      height: size.height)
  }

  /// Draws it over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let area = Self.area(width: bounds.width, height: bounds.height)
    let list = state.operating.suggestions ?? SuggestionList(number: 0)
    painter.recede()
    painter.clip = area
    painter.fill(area, .dialog)
    painter.ground = .dialog
    painter.canvas(cursor: nil)
    let at = painter.put(area.column + 1, area.row, "SUGGEST", Style(.strong, .bold))
    painter.put(at + 1, area.row, progress(list), Style(.dim), width: max(0, area.right - at - 2))
    let inner = Rectangle(
      column: area.column + 1, row: area.row + (area.height >= 12 ? 2 : 1), width: max(0, area.width - 2),
      height: area.height)
    var row = inner.row
    if list.best.isEmpty {
      let words = list.problem ?? (list.isDone ? "Nothing is clearly better than to leave it as it is." : "Searching…")
      painter.put(inner.column, row, words, Style(.text), width: inner.width)
    }
    for (index, entry) in list.best.enumerated() where row < area.bottom {
      row = draw(entry, index, inner, row, &painter)
    }
    painter.ground = .none
    painter.clip = bounds
  }

  private func progress(_ list: SuggestionList) -> String {
    guard list.problem == nil else { return "" }
    if list.isDone { return "what is worth doing now, of \(list.of) actions tried" }
    return list.of == 0 ? "looking for what is worth doing" : "\(list.tried) of \(list.of) actions tried"
  }

  private func draw(
    _ entry: SuggestionList.Entry, _ index: Int, _ area: Rectangle, _ top: Int, _ painter: inout Painter
  ) -> Int {
    let isChosen = index == chosen
    if isChosen {
      painter.fill(Rectangle(column: area.column - 1, row: top, width: area.width + 2, height: 1), .select)
      painter.rest(area.column, top)
    }
    painter.ground = isChosen ? .select : .dialog
    painter.put(area.column - 1, top, isChosen ? ">" : " ", Style(.accent, .bold))
    let at = painter.put(area.column, top, "\(index + 1) ", Style(.dim))
    let end = painter.put(at, top, ":\(entry.action)", Style(.accent, .bold), width: max(0, area.right - at))
    if area.right - end > 20 { painter.right(area.right, top, entry.action.name.risk.words, Style(.dim)) }
    painter.ground = .dialog
    painter.put(area.column + 2, top + 1, entry.reason, Style(.text), width: max(0, area.width - 2))
    var parts: [(String, Ink)] = []
    for measure in Futures.Measure.allCases {
      guard let figure = entry.figures[measure] else { continue }
      func number(_ value: Double) -> String { Decimal.text(Float(value * measure.scale), measure.digits) }
      let isBetter = (figure.difference < 0) == measure.isLessBetter
      parts += [
        ("\(measure.title.name) ", .dim), ("\(number(figure.without)) → ", .text),
        (number(figure.with), figure.isNoise ? .text : isBetter ? .strong : .high), (" \(measure.title.unit)   ", .dim),
      ]
    }
    painter.words(area.column + 2, top + 2, parts)
    return top + 4
  }
}
