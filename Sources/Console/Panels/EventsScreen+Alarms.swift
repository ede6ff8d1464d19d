import Telemetry
import Terminal

// Alarms, how often they come, and which come most often.
extension EventsScreen {
  /// Columns of a list of alarms, where its width has room for them.
  private struct Columns {
    /// Where a rule's word begins.
    let rule: Int?
    /// Where it says how an alarm stands.
    let state: Int?
    /// Where the age ends.
    let age: Int
    /// Where the time of its begin ends.
    let since: Int?

    init(_ area: Rectangle) {
      let isWide = area.width >= 100
      rule = isWide ? area.right - 10 : nil
      state = isWide ? area.right - 26 : area.width >= 56 ? area.right - 8 : nil
      age = isWide ? area.right - 28 : area.width >= 56 ? area.right - 10 : area.right - 1
      since = isWide ? area.right - 36 : nil
    }
  }

  func alarms(_ area: Rectangle, _ painter: inout Painter) {
    let alarms = state.filteredAlarms
    let all = frame.alarms.count
    alarmHeading(area, shown: alarms.count, of: all, &painter)
    let hasHead = !alarms.isEmpty && area.height > alarms.count + 1 && area.width >= 60
    let columns = Columns(area)
    var row = area.row + 1
    if hasHead {
      painter.put(area.column + 4, row, "place", Style(.dim))
      painter.put(area.column + 18, row, "what", Style(.dim))
      painter.right(columns.age, row, "age", Style(.dim))
      if let since = columns.since { painter.right(since, row, "since", Style(.dim)) }
      if let state = columns.state { painter.put(state, row, "state", Style(.dim)) }
      if let rule = columns.rule { painter.put(rule, row, "rule", Style(.dim)) }
      row += 1
    }
    let rows = area.bottom - row
    guard rows > 0 else { return }
    if alarms.isEmpty {
      painter.put(area.column, row, all == 0 ? "None." : "None fits the filter.", Style(.dim))
      return
    }
    let first = first(.alarms, count: alarms.count, rows: rows)
    for (index, alarm) in alarms.enumerated().dropFirst(first).prefix(rows) {
      select(
        .alarms, index, of: alarms.count, Rectangle(column: area.column, row: row, width: area.width, height: 1),
        &painter)
      self.alarm(alarm, area, row, columns, &painter)
      row += 1
    }
    painter.ground = .none
  }

  private func alarm(
    _ alarm: Alarm, _ area: Rectangle, _ row: Int, _ columns: Columns, _ painter: inout Painter
  ) {
    let standing = state.alarmDesk.standing(alarm)
    var isShelved = false
    if case .shelved = standing { isShelved = true }
    let mark = isShelved ? "○ " : alarm.priority == .urgent ? "!!" : alarm.priority.mark + " "
    painter.put(area.column, row, mark, isShelved ? Style(.dim) : overview.look(alarm))
    var edge = painter.right(columns.age, row, Decimal.age(frame.time - alarm.since), Style(.text))
    if let since = columns.since { edge = painter.right(since, row, Decimal.clock(alarm.since), Style(.dim)) }
    if let column = columns.state {
      let isWide = columns.rule != nil
      let words =
        switch standing {
        case .new: "new"
        case .acknowledged(let who): isWide ? "seen by \(who)" : "seen"
        case .shelved(let until): (isWide ? "shelved " : "") + Decimal.age(until - frame.time)
        }
      painter.put(
        column, row, words, Style(standing == .new ? .strong : .dim), width: (columns.rule ?? area.right) - column - 1)
    }
    if let rule = columns.rule { painter.put(rule, row, alarm.rule, Style(.dim), width: area.right - rule) }
    let place = alarm.place.isEmpty ? "pod" : alarm.place
    painter.put(
      area.column + 4, row, place, isShelved ? Style(.dim) : Style(.strong, .bold),
      width: min(13, max(0, edge - area.column - 5)))
    let ink: Ink = isShelved ? .dim : alarm.priority == .normal ? .text : alarm.priority.ink
    painter.put(area.column + 18, row, alarm.text, Style(ink), width: max(0, edge - area.column - 19))
  }

  private func alarmHeading(_ area: Rectangle, shown: Int, of all: Int, _ painter: inout Painter) {
    let desk = state.alarmDesk
    let new = overview.alarms.count { desk.standing($0) == .new }
    let shelved = all - overview.alarms.count
    var words = all == 0 ? "none" : "\(overview.alarms.count) active"
    if all > 0 { words += new > 0 ? ", \(new) not seen" : ", all seen" }
    if shelved > 0 { words += ", \(shelved) shelved" }
    // Where a chart tells it there is no need to.
    let recent = desk.recent(at: frame.time)
    if layout.rates == nil, area.width >= 50 { words += ";  \(recent) in 10 min, norm \(AlarmDesk.norm)" }
    heading(area, "ALARMS", words, shown: shown, of: all, &painter)
    guard let begin = desk.floodBegin(at: frame.time), state.filter.isEmpty else { return }
    let place = begin.key.place.isEmpty ? "pod" : begin.key.place
    let flood =
      " FLOOD: \(recent) in 10 min; the first was \(place) \(begin.key.rule), \(Decimal.clock(begin.time)) "
    let start = area.column + 7 + words.count + 2
    painter.put(start, area.row, flood, Painter.badge(.high), width: max(0, area.right - start))
  }

  // MARK: How often

  /// Alarms by ten minutes, against what one operator can handle.
  func rates(_ area: Rectangle, _ painter: inout Painter) {
    let desk = state.alarmDesk
    painter.ground = .none
    painter.heading(area, "ALARM RATE", "per 10 min; norm \(AlarmDesk.norm), flood over \(AlarmDesk.flood)")
    let label = 4
    let plot = Rectangle(
      column: area.column + label, row: area.row + 1, width: area.width - label, height: area.height - 2)
    guard plot.width > 8, plot.height > 0 else { return }
    let bars = desk.bars(min(144, plot.width), at: frame.time)
    let most = Float(max(AlarmDesk.flood + 2, bars.compactMap { $0 }.max() ?? 0))
    painter.right(plot.column - 1, plot.row, Decimal.text(most), Style(.dim))
    painter.right(plot.column - 1, plot.bottom - 1, "0", Style(.dim))
    let place = Rectangle(
      column: plot.right - bars.count, row: plot.row, width: bars.count, height: plot.height)
    painter.profile(
      place, bars.map { $0.map(Float.init) ?? .nan }, low: 0, high: most, over: Float(AlarmDesk.flood), ink: .ghost)
    for (index, bar) in bars.enumerated() where bar == nil {
      painter.set(place.column + index, place.bottom - 1, Glyphs.missing, Style(.faint))
    }
    let row = plot.bottom
    let now = "now \(desk.recent(at: frame.time))"
    let first = bars.firstIndex { $0 != nil } ?? 0
    let start = max(0, frame.time - Int64(bars.count - first) * AlarmDesk.span)
    let words = Decimal.clock(start, seconds: false)
    let at = min(place.column + first, plot.right - now.count - words.count - 2)
    if at >= area.column { painter.put(at, row, words, Style(.dim)) }
    painter.right(plot.right, row, now, Style(.strong, .bold))
  }

  /// The alarms that came most often in a day.
  func frequent(_ area: Rectangle, _ painter: inout Painter) {
    painter.ground = .none
    painter.heading(area, "MOST FREQUENT", "24 h")
    let frequencies = state.alarmDesk.frequencies(at: frame.time)
    guard !frequencies.isEmpty else {
      painter.put(area.column, area.row + 1, "No alarm came yet.", Style(.dim), width: area.width)
      return
    }
    let (times, stood) = (area.column + 32, area.column + 41)
    painter.put(area.column, area.row + 1, "rule", Style(.dim))
    painter.put(area.column + 13, area.row + 1, "place", Style(.dim))
    painter.right(times, area.row + 1, "times", Style(.dim))
    painter.right(stood, area.row + 1, "stood", Style(.dim))
    for (index, frequency) in frequencies.prefix(area.height - 2).enumerated() {
      let row = area.row + 2 + index
      painter.put(area.column, row, frequency.key.rule, Style(.text), width: 12)
      let place = frequency.key.place.isEmpty ? "pod" : frequency.key.place
      painter.put(area.column + 13, row, place, Style(.text), width: 13)
      painter.right(times, row, "\(frequency.times)", Style(.strong, .bold))
      painter.right(stood, row, Decimal.age(frequency.stood), Style(.text))
      if frequency.isFlapping { painter.put(stood + 2, row, "flapping", Style(.high), width: area.right - stood - 2) }
    }
  }
}
