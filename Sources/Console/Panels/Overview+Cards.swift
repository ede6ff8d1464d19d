import Telemetry
import Terminal

extension Overview {
  /// The alarms that are on, most urgent first; two lines each where there is room.
  func alarms(_ area: Rectangle, _ painter: inout Painter) {
    let all = state.filteredAlarms
    let active = alarms.count
    listHeading(area, "ALARMS", active == 0 ? "" : "\(active) active", "\(all.count) of \(active)", &painter)
    guard !all.isEmpty else {
      painter.put(area.column, area.row + 1, active == 0 ? "None." : "None fits the filter.", Style(.dim))
      return
    }
    let rows = area.height - 1
    let two = all.count * 2 <= rows && area.width >= 30
    let shown = two || all.count <= rows ? all.count : max(0, rows - 1)
    for (index, alarm) in all.prefix(shown).enumerated() {
      let row = area.row + 1 + index * (two ? 2 : 1)
      let age = Decimal.age(frame.time - alarm.since)
      let mark = alarm.priority == .urgent ? "!!" : alarm.priority.mark + " "
      painter.put(area.column, row, two ? " \(mark) " : mark, look(alarm))
      painter.right(area.right, row, age, Style(.dim))
      let start = area.column + (two ? 5 : 3)
      let room = area.right - age.count - 1 - start
      if two {
        let place = alarm.place.isEmpty ? "pod" : alarm.place
        let at = painter.put(start, row, place, Style(.strong, .bold), width: room) + 1
        // Text that is longer than its row begins beside the place.
        let under = area.right - start
        let lines = alarm.text.count <= under ? ["", alarm.text] : alarm.text.wrapped([start + room - at, under])
        painter.put(at, row, lines[0], Style(.text), width: start + room - at)
        if lines.count > 1 { painter.put(start, row + 1, lines[1], Style(.text), width: under) }
      } else if area.width >= 30 {
        painter.put(start, row, alarm.place.isEmpty ? "pod" : alarm.place, Style(.strong), width: min(11, room))
        painter.put(start + 12, row, alarm.text, Style(.text), width: room - 12)
      } else {
        painter.put(start, row, Self.brief(alarm), Style(.text), width: room)
      }
    }
    if shown < all.count, rows > 0 {
      painter.put(area.column + 3, area.bottom - 1, "and \(all.count - shown) more", Style(.dim))
    }
  }

  /// The heading of a list: a detail, or in its place the filter and how much it leaves.
  private func listHeading(
    _ area: Rectangle, _ name: String, _ detail: String, _ left: String, _ painter: inout Painter
  ) {
    guard !state.filter.isEmpty else { return painter.heading(area, name, detail, rule: area.width > 30) }
    // The count is never cut; the filter gives way.
    let room = area.width - name.count - left.count - 4
    let filter = state.filter.count <= room ? state.filter : state.filter.prefix(max(0, room - 1)) + "…"
    painter.heading(area, name, "/\(filter)  \(left)", rule: area.width > 30)
    painter.put(area.column + name.count + 1, area.row, room > 0 ? "/\(filter)" : "/", Style(.accent))
  }

  /// An alarm in some fifteen columns: the chip without its die, or the last word of a place, then the text up to its comma.
  private static func brief(_ alarm: Alarm) -> String {
    var place = alarm.place.split(separator: " ").last.map(String.init) ?? ""
    if alarm.die >= 0, alarm.place.hasPrefix("n"), let dot = place.lastIndex(of: ".") { place = String(place[..<dot]) }
    // The pod and an engine are named by what is wrong with them; a part needs its place.
    if !alarm.place.contains("."), alarm.die < 0 { place = "" }
    let text = alarm.text.split(separator: ",").first.map(String.init) ?? ""
    // A unit may touch its number where every column counts.
    let words = (place.isEmpty ? text : "\(place) \(text)").split(separator: " ")
    return words.dropFirst().reduce(words.first.map(String.init) ?? "") { line, word in
      ["ms", "°C", "%", "s"].contains(word) ? line + word : "\(line) \(word)"
    }
  }

  /// The most urgent alarm in one row, or that there is none.
  func alarmRow(_ area: Rectangle, _ painter: inout Painter) {
    guard let first = alarms.first else {
      painter.put(area.column + (area.width < 30 ? 0 : 1), area.row, "no alarms", Style(.dim))
      return
    }
    let more = alarms.count > 1 ? " +\(alarms.count - 1)" : ""
    painter.put(area.column, area.row, first.priority.mark, look(first))
    painter.right(area.right, area.row, more, Style(.dim))
    let place = first.place.isEmpty ? "" : first.place + " "
    painter.put(
      area.column + 3, area.row, place + first.text, Style(.text), width: area.width - 3 - more.count)
  }

  /// The selected die in numbers; what has no mechanism yet says why.
  func selection(_ area: Rectangle, _ painter: inout Painter) {
    let die = state.selected
    let name = state.name(ofDie: die)
    let narrow = area.width < 30
    if narrow {
      painter.put(area.column, area.row, "SELECTED", Style(.strong, .bold))
      painter.right(area.right, area.row, name, Style(.accent))
    } else {
      painter.heading(area, "SELECTED", "\(name), \(duty(of: die))")
    }
    var row = area.row + 1
    for alarm in alarms where !narrow && alarm.die == die && row < area.bottom && area.height > 3 {
      painter.put(area.column, row, alarm.priority.mark, look(alarm))
      painter.put(area.column + 3, row, alarm.text, Style(alarm.priority.ink, .bold), width: area.width - 3)
      row += 1
    }
    let order = [state.metric] + ConsoleState.fieldMetrics.filter { $0 != state.metric }
    let label = narrow ? 5 : 11
    for id in order.prefix(max(0, area.bottom - row)) {
      let metric = id.metric
      let value = frame.value(id, die)
      painter.put(area.column, row, narrow ? id.shortLabel : id.label, Style(id == state.metric ? .text : .dim))
      guard let value else {
        // A dot, and in the place of number and bar the reason.
        let at = painter.put(area.column + label + 1, row, "·", Style(.dim)) + 1
        painter.put(at, row, metric.pending ?? "no data", Style(.dim), width: area.right - at)
        row += 1
        continue
      }
      painter.right(area.column + label + 5, row, Decimal.text(value, metric.decimals), Style(.strong))
      let unit = metric.unit == "requests" ? "req" : metric.unit
      var at = area.column + label + 6
      painter.put(at, row, unit, Style(.dim))
      at += 5
      let room = area.right - at - (narrow ? 0 : 1)
      if room >= 4 {
        let range = metric.range
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        painter.valueBar(at, row, width: room, share: share, ink: .text)
      }
      row += 1
    }
  }

  /// What a die does, in a few words.
  private func duty(of die: Int) -> String {
    let health = Int(frame.value(.dieHealth, die) ?? 0)
    if health > 1 { return ["drained", "set apart", "down"][min(health, 4) - 2] }
    guard let engine = frame.layout.engine(ofDie: die) else { return "spare" }
    let layout = frame.layout.engines[engine]
    return "rank \(layout.dies.firstIndex(of: die) ?? 0) of \(layout.id)"
  }

  /// Whom the others of an engine waited for.
  func waited(_ area: Rectangle, _ painter: inout Painter) {
    guard let engine = state.shownEngine else {
      painter.heading(area, "WAITED FOR", "no decode engine")
      return
    }
    let samples = state.waited.samples(engine: engine)
    painter.heading(
      area, "WAITED FOR",
      samples == 0 ? "no iteration yet" : "\(frame.layout.engines[engine].id), last \(samples) samples")
    for (index, entry) in state.waited.entries(engine: engine, limit: area.height - 1).enumerated() {
      waitedRow(entry, area.column, area.row + 1 + index, area.width, first: index == 0, &painter)
    }
  }

  private func waitedRow(
    _ entry: WaitedFor.Entry, _ column: Int, _ row: Int, _ width: Int, first: Bool, _ painter: inout Painter
  ) {
    let die = Int(entry.die)
    let mark = die >= 0 && !marks.isEmpty ? marks[die] : nil
    let ink = mark?.ink ?? (die < 0 ? .dim : .text)
    painter.put(column, row, die < 0 ? "others" : state.name(ofDie: die), Style(ink, mark == nil ? [] : .bold))
    painter.right(column + 13, row, Decimal.text(100 * entry.share), Style(first ? .strong : .text))
    painter.put(column + 13, row, " %", Style(.dim))
    let wait = "+" + Decimal.text(entry.perIteration, entry.perIteration < 10 ? 2 : 1)
    painter.right(column + 21, row, wait, Style(first ? .strong : .text))
    painter.put(column + 21, row, " ms", Style(.dim))
    if width >= 34 {
      painter.valueBar(column + 25, row, width: width - 26, share: entry.share, ink: mark?.ink ?? .text)
    }
  }

  /// What the communication primitives move, how long a call takes and how much of that is waiting for others.
  func xccl(_ area: Rectangle, _ painter: inout Painter) {
    let narrow = area.width < 30
    let extra = area.height >= 6
    let primitives: [(Primitive, String, String)] =
      [(.dispatch, "dispatch", "disp"), (.combine, "combine", "comb")]
      + (extra ? [(.mtpDispatch, "mtp disp", "mtpd"), (.mtpCombine, "mtp comb", "mtpc")] : [])
      + [(.sendRecv, "send/recv", "s/r")]
    painter.put(area.column, area.row, "XCCL", Style(.strong, .bold))
    let (bytesEnd, meanEnd, waitEnd) = narrow ? (11, 17, 23) : (16, 24, 31)
    painter.right(area.column + bytesEnd, area.row, "GB/s", Style(.dim))
    painter.right(area.column + meanEnd, area.row, narrow ? "µs" : "mean µs", Style(.dim))
    painter.right(area.column + waitEnd, area.row, narrow ? "wait%" : "wait %", Style(.dim))
    for (index, (primitive, long, short)) in primitives.enumerated() {
      let row = area.row + 1 + index
      guard row < area.bottom else { break }
      painter.put(area.column, row, narrow ? short : long, Style(.dim))
      let bytes = Decimal.short(frame.value(.primitiveBytes, primitive.index))
      painter.right(area.column + bytesEnd, row, bytes.number + bytes.letter, Style(.text))
      let mean = frame.value(.primitiveMean, primitive.index)
      painter.right(area.column + meanEnd, row, Decimal.text(mean), Style(.strong))
      let wait = frame.value(.primitiveWait, primitive.index).flatMap { wait in mean.map { wait / max($0, 0.001) } }
      painter.right(area.column + waitEnd, row, Decimal.text(wait.map { 100 * $0 }), Style(.text))
      let bar = area.width - waitEnd - 2
      if let wait, bar >= 4 { painter.valueBar(area.column + waitEnd + 1, row, width: bar, share: wait, ink: .high) }
    }
    // Where the list of dies that were waited for has no panel of its own, its first entry stands here.
    let row = area.row + 1 + primitives.count
    if layout[.waited] == nil, row < area.bottom, !narrow, let engine = state.shownEngine,
      let first = state.waited.entries(engine: engine, limit: 3).first
    {
      let at = painter.put(area.column, row, "waits for ", Style(.dim))
      waitedRow(first, at, row, 24, first: true, &painter)
    }
  }

  /// What happened, newest first.
  func events(_ area: Rectangle, _ painter: inout Painter) {
    let events = state.filteredEvents
    listHeading(area, "EVENTS", "", "\(events.count) of \(state.events.count)", &painter)
    if events.isEmpty {
      let words = state.events.isEmpty ? "None yet." : "None fits the filter."
      painter.put(area.column, area.row + 1, words, Style(.dim))
    }
    var row = area.row + 1
    for event in events.reversed() {
      guard row < area.bottom else { break }
      var at = painter.put(area.column, row, Decimal.clock(event.time, seconds: area.width > 30), Style(.dim))
      painter.put(at + 1, row, event.priority.mark, Style(event.priority.ink, .bold))
      at += 4
      let place = event.place.isEmpty || event.text.contains(event.place) ? "" : event.place + " "
      let style = Style(event.priority > .normal ? .text : .dim)
      let room = area.right - at
      // A long list has room for further rows where one would cut the sentence.
      let rows = min(area.height >= 10 ? 3 : area.height >= 8 ? 2 : 1, area.bottom - row)
      for line in (place + event.text).wrapped(Array(repeating: room, count: rows)) {
        painter.put(at, row, line, style, width: room)
        row += 1
      }
    }
  }
}

extension String {
  /// The text in rows of given widths, broken between words; the last row takes all that is left, whatever its length.
  fileprivate func wrapped(_ widths: [Int]) -> [String] {
    var rows = [""]
    for word in split(separator: " ") {
      let row = rows[rows.count - 1]
      let longer = row.isEmpty ? String(word) : "\(row) \(word)"
      if longer.count <= widths[rows.count - 1] || rows.count == widths.count {
        rows[rows.count - 1] = longer
      } else {
        rows.append(String(word))
      }
    }
    return rows
  }
}
