import Deployments
import Operations
import Telemetry
import Terminal
import Words

/// Screen 8: alarms, event log, and the audit log with what each action was to bring and what it brought.
struct EventsScreen {
  /// Draws what every screen has: title, tabs, time bar.
  let overview: Overview
  /// Where everything stands.
  let layout: EventsLayout

  /// A drawing of a state, nil before its first frame.
  init?(_ state: ConsoleState) {
    guard let overview = Overview(state) else { return nil }
    self.overview = overview
    layout = state.eventsLayout
  }

  var state: ConsoleState { overview.state }
  var frame: Frame { overview.frame }

  /// Draws every part in its place.
  func draw(_ painter: inout Painter) {
    func part(_ place: Rectangle?, _ draw: (Rectangle, inout Painter) -> Void) {
      guard let place else { return }
      painter.clip = place
      painter.ground = .none
      draw(place, &painter)
    }
    part(layout.title, overview.title)
    part(layout.tabs, overview.tabs)
    part(layout.alarms, alarms)
    part(layout.rates, rates)
    part(layout.frequent, frequent)
    part(layout.events, events)
    part(layout.audit, audit)
    part(layout.operation, overview.operation)
    part(layout.timeBar, overview.timeBar)
    part(layout.footer) { Footer(state, scope: .events).draw($0, &$1) }
    painter.clip = painter.canvas.bounds
    painter.ground = .none
  }

  // MARK: Lists

  /// The first row that is shown of a list, so that the selected one is in sight.
  func first(_ list: EventsCursor.List, count: Int, rows: Int) -> Int {
    let row = state.eventsCursor.row(list, of: count)
    return max(0, min(row - rows / 2, count - rows))
  }

  /// The ground of a row, where it is the selected one of the list that arrows move in; its cursor rests there.
  func select(
    _ list: EventsCursor.List, _ index: Int, of count: Int, _ row: Rectangle, _ painter: inout Painter
  ) {
    let isSelected = state.eventsCursor.list == list && state.eventsCursor.row(list, of: count) == index
    painter.ground = isSelected ? .select : .none
    guard isSelected else { return }
    painter.fill(row, .select)
    painter.rest(row.column, row.row)
    if painter.isGlyphic { painter.put(row.column - 1, row.row, ">", Style(.strong, .bold)) }
  }

  func heading(
    _ area: Rectangle, _ name: String, _ detail: String, shown: Int, of all: Int, _ painter: inout Painter
  ) {
    painter.ground = .none
    let words = state.filter.isEmpty ? detail : "/\(state.filter)  \(shown) of \(all)"
    painter.heading(area, name, words)
  }

  private func events(_ area: Rectangle, _ painter: inout Painter) {
    let events = Array(state.filteredEvents.reversed())
    heading(area, "EVENT LOG", "newest first", shown: events.count, of: state.events.count, &painter)
    let rows = area.height - 1
    guard rows > 0 else { return }
    if events.isEmpty {
      painter.put(area.column, area.row + 1, state.events.isEmpty ? "None yet." : "None fits the filter.", Style(.dim))
      return
    }
    let first = first(.events, count: events.count, rows: rows)
    for (index, event) in events.enumerated().dropFirst(first).prefix(rows) {
      let row = area.row + 1 + index - first
      select(
        .events, index, of: events.count, Rectangle(column: area.column, row: row, width: area.width, height: 1),
        &painter)
      let at = painter.put(area.column, row, Decimal.clock(event.time), Style(.dim))
      if event.isOfAnAction, event.priority == .normal {
        painter.put(at + 1, row, "A", Style(.accent, .bold))
      } else {
        painter.put(at + 1, row, event.priority.mark, Style(event.priority.ink, .bold))
      }
      let place = event.place.isEmpty || event.text.contains(event.place) ? "" : event.place + " "
      let ink: Ink = event.priority > .normal || event.isOfAnAction ? .text : .dim
      painter.put(at + 4, row, place + event.text, Style(ink), width: max(0, area.right - at - 4))
    }
    painter.ground = .none
  }

  // MARK: The audit log

  private func audit(_ area: Rectangle, _ painter: inout Painter) {
    let records = Array(state.filteredAudit.reversed())
    heading(
      area, "AUDIT", area.width >= 50 ? "every action: predicted, then real" : "predicted, real", shown: records.count,
      of: state.operating.audit.count, &painter)
    var row = area.row + 1
    guard row < area.bottom else { return }
    if records.isEmpty {
      let words = state.operating.audit.isEmpty ? "No action was done yet; a opens the menu." : "None fits the filter."
      painter.put(area.column, row, words, Style(.dim), width: area.width)
      return
    }
    let ends = columns(area)
    if area.height >= 6, area.width >= 40 {
      for (end, name) in zip(ends, ["before", "predict", "real"]) { painter.right(end, row, name, Style(.dim)) }
      painter.put(ends[2] + 2, row, "band", Style(.dim))
      row += 1
    }
    let summary = area.height >= 12 ? 1 : 0
    let bottom = area.bottom - summary
    // The selected entry comes first where all do not fit.
    let start = first(.audit, count: records.count, rows: max(1, (bottom - row) / 4))
    for (index, record) in records.enumerated().dropFirst(start) {
      guard row < bottom else { break }
      row = entry(record, index, of: records.count, area, row, bottom, ends, &painter)
    }
    painter.ground = .none
    if summary > 0 { self.summary(area, &painter) }
  }

  private func columns(_ area: Rectangle) -> [Int] {
    let real = area.right - 8
    return [real - 18, real - 9, real]
  }

  /// An entry and its forecasts; gives the row behind it.
  private func entry(
    _ record: AuditRecord, _ index: Int, of count: Int, _ area: Rectangle, _ row: Int, _ bottom: Int, _ ends: [Int],
    _ painter: inout Painter
  ) -> Int {
    let entry = record.entry
    select(
      .audit, index, of: count, Rectangle(column: area.column, row: row, width: area.width, height: 1), &painter)
    let result = record.undoneBy.map { "undone by \($0)" } ?? entry.outcome.rawValue
    let isWell = record.undoneBy != nil || entry.outcome == .done || entry.outcome == .begun
    let end = painter.right(area.right, row, result, Style(isWell ? .text : .high)) - 1
    var at = painter.put(
      area.column, row, Decimal.clock(entry.time.nanoseconds), Style(.dim), width: max(0, end - area.column))
    if area.width >= 50 {
      at = painter.put(
        at + 1, row, "\(entry.number) \(entry.who)", Style(record.isOfThisRun ? .text : .dim),
        width: max(0, end - at - 1))
    }
    painter.put(
      at + 1, row, ":\(entry.action)", Style(record.isOfThisRun ? .accent : .dim, .bold), width: max(0, end - at - 1))
    painter.ground = .none
    var next = row + 1
    guard area.width >= 40, area.height >= 6 else { return next }
    if !entry.note.isEmpty, next < bottom, entry.outcome != .done {
      painter.put(area.column + 9, next, entry.note, Style(.dim), width: max(0, area.width - 9))
      next += 1
    }
    for forecast in entry.prediction.prefix(area.height >= 20 ? 4 : 2) where next < bottom {
      self.forecast(forecast, area, next, ends, &painter)
      next += 1
    }
    return area.height >= 16 && !entry.prediction.isEmpty ? next + 1 : next
  }

  private func forecast(
    _ forecast: AuditEntry.Forecast, _ area: Rectangle, _ row: Int, _ ends: [Int], _ painter: inout Painter
  ) {
    let measure = Futures.Measure.allCases.first { $0.auditName == forecast.metric }
    let name = measure.map { "\($0.title.name) \($0.title.unit)" } ?? forecast.metric
    painter.put(area.column + 9, row, name, Style(.dim), width: max(0, ends[0] - 8 - area.column - 9))
    func text(_ value: Double?) -> String {
      Decimal.text(value.map { Float($0 * (measure?.scale ?? 1)) }, measure?.digits ?? 1)
    }
    for (end, value, ink) in [
      (ends[0], forecast.before, Ink.dim), (ends[1], forecast.after, .text), (ends[2], forecast.real, .strong),
    ] {
      painter.right(end, row, text(value), Style(ink, ink == .strong ? .bold : []))
    }
    guard let verdict = forecast.verdict else { return }
    painter.put(ends[2] + 2, row, verdict, Style(verdict == "within" ? .dim : .high))
  }

  /// How good predictions were, over the last twenty actions: how far off, and how many within their band.
  private func summary(_ area: Rectangle, _ painter: inout Painter) {
    let forecasts = state.operating.audit.suffix(20).flatMap(\.entry.prediction)
    let verdicts = forecasts.compactMap(\.verdict)
    guard !verdicts.isEmpty else { return }
    let within = verdicts.count { $0 == "within" }
    var words: [(String, Ink)] = [("last 20:  ", .dim)]
    if area.width >= 56 {
      for (measure, name) in [(Futures.Measure.tpotP99, "TPOT"), (.ttftP99, "TTFT")] {
        guard let error = Self.medianError(measure, forecasts) else { continue }
        words += [
          ("\(name) ± ", .dim), (Decimal.text(error, measure.digits), .strong), (" \(measure.title.unit)  ", .dim),
        ]
      }
    }
    painter.words(
      area.column, area.bottom - 1, words + [("\(within) of \(verdicts.count)", .strong), (" within band", .dim)])
  }

  /// Half of the predictions of a measure were off by less, in the unit of the screen.
  private static func medianError(_ measure: Futures.Measure, _ forecasts: [AuditEntry.Forecast]) -> Float? {
    let errors = forecasts.filter { $0.metric == measure.auditName }.compactMap { forecast in
      forecast.after.flatMap { after in forecast.real.map { abs($0 - after) * measure.scale } }
    }.sorted()
    return errors.isEmpty ? nil : Float(errors[errors.count / 2])
  }
}

extension AuditEntry.Forecast {
  /// How what came lies to the band, nil where either is missing.
  var verdict: String? {
    guard let real, let low, let high else { return nil }
    return real < low ? "below" : real > high ? "above" : "within"
  }
}

extension Event {
  /// Whether it tells that an action was carried out.
  var isOfAnAction: Bool { text.hasPrefix("done: ") }
}
