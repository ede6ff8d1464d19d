import Deployments
import Operations
import SuperPod
import Telemetry
import Terminal

/// What came of an action, beside what was foreseen of it, on the scales of its preview.
struct WatchDialog {
  /// What is drawn.
  let state: ConsoleState
  /// The action that was ordered.
  let watch: Watch
  /// Where everything stands: as in the preview.
  let layout: PreviewLayout

  /// A dialog of a state, nil where nothing was ordered.
  init?(_ state: ConsoleState) {
    guard let watch = state.operating.watch, let topology = state.frame?.layout.topology else { return nil }
    self.state = state
    self.watch = watch
    layout = RoleMap.layout(width: state.width, height: state.height, topology: topology, shown: false)
  }

  /// Draws it over the screen, whose own colours go.
  func draw(_ painter: inout Painter) {
    painter.dialog(layout)
    if let area = layout.heading { heading(area, &painter) }
    if let area = layout.sentence { progress(area, &painter) }
    for (index, (area, curves)) in zip(layout.charts, watch.curves).enumerated() {
      let target = state.target(curves.measure).map { Float($0 * curves.measure.scale) }
      painter.clip = area
      painter.forecast(area, chart(curves, target: target, hasAxis: layout.hasAxis(chart: index)))
      painter.clip = layout.area
    }
    if let area = layout.charts.first, watch.curves.isEmpty {
      painter.put(
        area.column, area.row, "It was confirmed before a future was foreseen.", Style(.dim), width: area.width)
    }
    if let area = layout.table { table(area, &painter) }
    if var area = layout.costs {
      // Nobody's role is left to show: what was said has the room.
      area.height = max(area.height, (layout.buttons?.row ?? area.bottom) - 1 - area.row)
      said(area, &painter)
    }
    if let area = layout.buttons { bottom(area, &painter) }
    painter.clip = painter.canvas.bounds
    painter.ground = .none
  }

  private func heading(_ area: Rectangle, _ painter: inout Painter) {
    let start = area.column + (layout.isFramed ? 2 : 0)
    var at = painter.put(start, area.row, " WATCH ", Style(.strong, .bold), width: area.width)
    let room = area.right - (layout.isFramed ? 2 : 0)
    at = painter.put(at, area.row, ":\(watch.order.action) ", Style(.accent, .bold), width: max(0, room - at))
    // The modes, the present one on its ground.
    let modes = Watch.Mode.allCases
    let length = modes.reduce(0) { $0 + $1.rawValue.count + 2 }
    guard room - length > at else {
      // A narrow row tells what is shown where that leaves its name.
      if room - watch.mode.rawValue.count - 1 > start + 6 {
        painter.right(room, area.row, " \(watch.mode.rawValue)", Style(.strong, .bold))
      }
      return
    }
    var column = room - length
    for mode in modes {
      let here = mode == watch.mode
      let text = painter.isGlyphic && here ? "[\(mode.rawValue)]" : " \(mode.rawValue) "
      column = painter.put(
        column, area.row, text, here ? Style(.strong, on: .select, .bold) : Style(.dim))
    }
  }

  /// How far it is: its phases, or since when it is done.
  private func progress(_ area: Rectangle, _ painter: inout Painter) {
    guard let time = watch.time, let frame = state.frame else {
      painter.put(area.column, area.row, "Ordered…", Style(.dim), width: area.width)
      return
    }
    if let operation = frame.operations.last(where: { $0.number == watch.performed }),
      operation.state == .running || !operation.phases.isEmpty
    {
      OperationStrip(operation: operation, now: frame.time).draw(area, &painter)
      return
    }
    let at = painter.put(area.column, area.row, "In effect", Style(.strong, .bold), width: area.width)
    painter.put(
      at, area.row, " since \(Decimal.clock(time)), \(Decimal.age(frame.time - time)) ago", Style(.text),
      width: max(0, area.right - at))
  }

  // MARK: Charts

  private func chart(_ curves: ForecastCurves, target: Float?, hasAxis: Bool) -> ForecastChart {
    let after = ForecastCurves.course(curves.measure, watch.after, after: curves.lead)
    let without = ForecastChart.Course(values: curves.without.mean, ink: .ghost, glyph: "-")
    var chart = ForecastChart(
      title: curves.measure.title, legend: [], scale: curves.scale, target: target, digits: curves.measure.digits,
      past: curves.past, horizon: curves.horizon, moment: "done", hasAxis: hasAxis,
      courses: [])
    let came = ForecastChart.Course(values: after, ink: .strong, glyph: "*")
    switch watch.mode {
    case .before:
      chart.legend = [("was", .text), ("without", .ghost)]
      chart.courses = [
        ForecastChart.Course(
          values: curves.without.mean, low: curves.without.low, high: curves.without.high, ink: .ghost,
          band: .bandWithout, glyph: "-")
      ]
    case .predicted:
      chart.legend = [("with", .accent), ("without", .ghost)]
      chart.courses = [without, predicted(curves)]
    case .after:
      chart.legend = [("came", .text), ("predicted", .accent)]
      chart.courses = [predicted(curves), came]
    case .difference:
      // One span for all of it, with nothing changed in the middle.
      let half = (curves.scale.upperBound - curves.scale.lowerBound) / 2
      func less(_ values: [Float]) -> [Float] { zip(values, curves.without.mean).map { $0 - $1 } }
      chart.legend = [("came − without", .text), ("predicted", .accent)]
      chart.scale = -half...half
      chart.target = 0
      chart.past = []
      chart.courses = [
        ForecastChart.Course(
          values: less(curves.with.mean), low: less(curves.with.low), high: less(curves.with.high), ink: .accent,
          band: .bandWith, glyph: "#"),
        ForecastChart.Course(values: less(after), ink: .strong, glyph: "*"),
      ]
    }
    return chart
  }

  private func predicted(_ curves: ForecastCurves) -> ForecastChart.Course {
    ForecastChart.Course(
      values: curves.with.mean, low: curves.with.low, high: curves.with.high, ink: .accent, band: .bandWith,
      glyph: "#")
  }

  // MARK: Table

  private func table(_ area: Rectangle, _ painter: inout Painter) {
    let columns = FigureColumns(width: area.width)
    let head = watch.after.isEmpty ? "" : "first \(watch.after.count) s"
    columns.heads(area, head, ["before", "without", "predicted", "after", "difference"], "band", &painter)
    for (index, measure) in Futures.Measure.shown(rows: area.height - 1).enumerated() {
      let row = area.row + 1 + index
      let values = watch.comparison(measure)
      func number(_ value: Double?, signed: Bool = false) -> String {
        guard let value else { return "·" }
        let text = Decimal.text(Float(abs(value)), measure.digits)
        return signed ? (value < 0 ? "−" : "+") + text : text
      }
      let difference = values.after.flatMap { after in values.without.map { after - $0 } }
      func ink(_ mode: Watch.Mode) -> Ink { mode == watch.mode ? .strong : .text }
      columns.row(
        area, row, measure.title,
        [
          (number(values.before), ink(.before)), (number(values.without), .dim),
          (number(values.predicted), ink(.predicted)), (number(values.after), ink(.after)),
          (number(difference, signed: true), ink(.difference)),
        ], &painter)
      guard let start = columns.verdict(area), let verdict = values.verdict else { continue }
      painter.put(start, row, verdict, Style(verdict == "within" ? .dim : .high), width: area.right - start)
    }
  }

  /// The newest events, so that what the action does is read where it is watched.
  private func said(_ area: Rectangle, _ painter: inout Painter) {
    guard let time = watch.time else { return }
    let events = state.events.filter { $0.time >= time }.suffix(area.height)
    for (index, event) in events.enumerated() {
      let at = painter.put(area.column, area.row + index, Decimal.clock(event.time), Style(.dim)) + 2
      let place = event.place.isEmpty ? "" : event.place + " "
      painter.put(at, area.row + index, place + event.text, Style(.text), width: max(0, area.right - at))
    }
  }

  private func bottom(_ area: Rectangle, _ painter: inout Painter) {
    let entry = state.operating.watched
    var parts: [(String, Ink)] = []
    if let entry {
      parts.append(("Entry \(entry.entry.number) of the audit log.  ", .dim))
      if entry.canBeUndone {
        let words = entry.inverse.map { ":\($0)" }.joined(separator: ", ")
        parts += [
          ("u", .accent), (" looks at undoing it", .dim), (words.isEmpty ? "" : ", as ", .dim), (words, .accent),
        ]
      } else if !watch.order.action.name.canBeUndone {
        parts.append(("It cannot be undone.", .dim))
      }
    }
    painter.words(area.column, area.row, parts)
    painter.rest(area.column, area.row)
  }
}
