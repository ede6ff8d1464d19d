import Telemetry
import Terminal

/// An operation in one row: its action, its phases, how far the present one is.
struct OperationStrip {
  /// What goes on.
  let operation: OperationProgress
  /// Nanoseconds since the scenario's start.
  let now: Int64

  /// Draws it; a narrow row shows the present phase alone.
  func draw(_ area: Rectangle, named: Bool = false, _ painter: inout Painter) {
    var at = area.column
    if named {
      at = painter.put(at, area.row, ":\(operation.action)", Style(.accent, .bold), width: max(0, area.width / 3)) + 2
    }
    guard operation.state == .running else { return ended(at, area, &painter) }
    let length = operation.phases.reduce(0) { $0 + $1.count + 3 } + 16
    let all = area.right - at >= length
    for (index, phase) in operation.phases.enumerated() {
      guard all || index == operation.phase else { continue }
      let isPresent = index == operation.phase
      let style = isPresent ? Style(.strong, .bold) : Style(.dim)
      at = painter.put(at, area.row, phase, style, width: max(0, area.right - at))
      if isPresent { at = present(at + 1, area, &painter) }
      if all, index + 1 < operation.phases.count { at = painter.put(at, area.row, " ▸ ", Style(.dim)) }
    }
    guard !operation.note.isEmpty, area.right - at > 12 else { return }
    painter.put(at + 2, area.row, operation.note, Style(.dim), width: area.right - at - 2)
  }

  private func present(_ column: Int, _ area: Rectangle, _ painter: inout Painter) -> Int {
    let spent = max(0, now - operation.since)
    guard let due = operation.due, due > operation.since else {
      return painter.put(column, area.row, Decimal.age(spent), Style(.text), width: max(0, area.right - column))
    }
    let whole = due - operation.since
    let width = min(10, area.right - column - 12)
    var at = column
    if width >= 4 {
      painter.valueBar(at, area.row, width: width, share: Float(spent) / Float(whole), ink: .accent)
      at += width + 1
    }
    return painter.put(
      at, area.row, "\(Decimal.age(spent)) of \(Decimal.age(whole))", Style(.text), width: max(0, area.right - at))
  }

  private func ended(_ column: Int, _ area: Rectangle, _ painter: inout Painter) {
    let isWell = operation.state == .done
    let at = painter.put(
      column, area.row, operation.state.rawValue, Style(isWell ? .strong : .high, .bold),
      width: max(0, area.right - column))
    let took = " after \(Decimal.age(operation.since - operation.began))"
    let end = painter.put(at, area.row, took, Style(.text), width: max(0, area.right - at))
    painter.put(end + 2, area.row, operation.note, Style(.dim), width: max(0, area.right - end - 2))
  }
}

extension Overview {
  /// The operation that goes on, in its row.
  func operation(_ area: Rectangle, _ painter: inout Painter) {
    guard let operation = state.shownOperation else { return }
    painter.fill(area, .select)
    painter.ground = .select
    let others = frame.operations.count { $0.state == .running } - 1
    let place = Rectangle(
      column: area.column + 1, row: area.row, width: max(0, area.width - 2 - (others > 0 ? 10 : 0)), height: 1)
    OperationStrip(operation: operation, now: frame.time).draw(place, named: true, &painter)
    if others > 0 { painter.right(area.right - 1, area.row, "and \(others) more", Style(.dim)) }
  }
}
