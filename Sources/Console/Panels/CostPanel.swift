import Deployments
import Terminal

/// What drawing costs: bytes and milliseconds of the last frames, frames left out, and the speed that the model reaches.
struct CostPanel {
  /// What it tells of.
  let state: ConsoleState

  /// Columns and rows of the whole panel.
  private static let size = (width: 43, height: 9)

  /// A row of numbers: the last frame, the median and the most of those that are remembered.
  private struct Row {
    var name: String
    var digits: Int
    var values: [Double]
  }

  /// Draws it into the lower right corner, above time bar and footer; a small screen shows what it has room for.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let width = min(Self.size.width, bounds.width)
    let height = min(Self.size.height, bounds.height > 4 ? bounds.height - 2 : bounds.height)
    let area = Rectangle(
      column: bounds.width - width, row: max(0, bounds.height - height - 2), width: width, height: height)
    painter.clip = area
    painter.fill(area, .dialog)
    painter.ground = .dialog
    let frames = state.costs.frames
    let column = area.column + 1
    let at = painter.put(column, area.row, "COST", Style(.strong, .bold))
    painter.put(at + 1, area.row, "of the last \(frames.count) frames", Style(.dim))
    if width == Self.size.width { painter.words(area.right - 10, area.row, [("$ ", .accent), ("closes", .dim)]) }
    let ends = [column + 19, column + 28, column + 37]
    for (end, name) in zip(ends, ["last", "median", "most"]) { painter.right(end, area.row + 1, name, Style(.dim)) }
    let rows = [
      Row(name: "bytes", digits: 0, values: frames.map { Double($0.bytes) }),
      Row(name: "paint ms", digits: 2, values: frames.map(\.paintMilliseconds)),
      Row(name: "ncurses ms", digits: 2, values: frames.map { max(0, $0.milliseconds - $0.writeMilliseconds) }),
      Row(name: "write ms", digits: 2, values: frames.map(\.writeMilliseconds)),
    ]
    for (index, row) in rows.enumerated() {
      let line = area.row + 2 + index
      painter.put(column, line, row.name, Style(.dim))
      let sorted = row.values.sorted()
      let values = [row.values.last, sorted.isEmpty ? nil : sorted[sorted.count / 2], sorted.last]
      for (end, value) in zip(ends, values) {
        painter.right(end, line, Decimal.text(value.map { Float($0) }, row.digits), Style(.strong))
      }
    }
    let dropped = state.costs.dropped
    painter.words(
      column, area.row + 6,
      [("left out   ", .dim), ("\(dropped)", dropped > 0 ? .high : .strong), (" frames for a slow reader", .dim)])
    let playback = state.playback
    let reached = Decimal.text(Float(playback.reached), playback.reached < 10 ? 2 : 0)
    painter.words(
      column, area.row + 7,
      [
        ("model      ", .dim), (playback.paused ? "paused" : playback.held ? "held" : "\(reached)×", .strong),
        (" reached of \(Decimal.speed(playback.speed)) asked", .dim),
      ])
    painter.clip = bounds
    painter.ground = .none
  }
}
