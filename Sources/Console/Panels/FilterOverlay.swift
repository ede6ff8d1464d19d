import Telemetry
import Terminal

/// The filter's line on the last row, with how much it leaves.
struct FilterOverlay {
  /// What is typed, and what it filters.
  let state: ConsoleState

  /// Draws the row over the screen.
  func draw(_ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    let row = bounds.height - 1
    guard row >= 0 else { return }
    painter.clip = bounds
    let end = painter.entry(state.filterEntry, sign: "/", row)
    let layout = state.layout
    let isEvents = state.screen == 8
    var left: [String] = []
    if isEvents || layout?[.alarms] != nil {
      left.append("\(state.filteredAlarms.count) of \(state.frame?.alarms.count ?? 0) alarms")
    }
    if isEvents || layout?[.events] != nil {
      left.append("\(state.filteredEvents.count) of \(state.events.count) events")
    }
    if isEvents { left.append("\(state.filteredAudit.count) of \(state.operating.audit.count) actions") }
    let words = left.joined(separator: ", ") + "; Enter keeps it, Esc lifts it"
    painter.put(end + 3, row, words, Style(.dim), width: max(0, bounds.width - end - 4))
    painter.ground = .none
  }
}
