import Deployments
import Operations
import SuperPod
import Telemetry
import Terminal
import Words

extension Overview {
  /// What the machine is called.
  private var pod: String { topology.npus <= 384 ? "CM\(topology.npus)" : "\(topology.npus) NPUs" }

  private var condition: (text: String, ink: Ink) {
    let playback = state.playback
    return playback.paused ? ("▮▮ PAUSED ", .accent) : playback.held ? ("▮▮ HELD ", .accent) : ("● LIVE ", .strong)
  }

  /// Pod, state, clock; then the screens (narrow) or model and roles (wide); alarm counts at the right edge.
  func title(_ area: Rectangle, _ painter: inout Painter) {
    painter.fill(area, .bar)
    painter.ground = .bar
    let row = area.row
    let narrow = area.width < 118
    let end = counts(area, &painter, spaced: !narrow)
    painter.clip = Rectangle(column: area.column, row: row, width: max(0, end - area.column), height: 1)
    var at = painter.put(area.width < 30 ? 0 : 1, row, area.width < 30 ? "" : pod, Style(.strong, .bold))
    at = painter.put(at + (area.width < 30 ? 0 : 2), row, condition.text, Style(condition.ink, .bold))
    at = painter.put(at, row, Decimal.clock(frame.time), Style(.strong))
    guard !narrow else { return digits(at + 2, row, &painter) }
    at = painter.put(at + 3, row, frame.layout.model, Style(.text))
    at = painter.put(at + 3, row, frame.layout.name, Style(.dim))
    let roles = frame.layout.roles
    let perNode = Float(topology.diesPerNode)
    func nodes(_ picks: (DieRole) -> Bool) -> String { Decimal.text(Float(roles.count(where: picks)) / perNode) }
    at = painter.words(
      at + 3, row,
      [
        ("prefill ", .dim), (nodes { $0 == .prefill }, .text), ("  decode ", .dim),
        (nodes { $0 != .prefill && $0 != .spare }, .text), ("  spare ", .dim), (nodes { $0 == .spare }, .text),
        (" nodes", .dim),
      ])
    guard area.width >= 160 else { return }
    let silent = frame[.dieBusy].count { !$0.isFinite }
    at = painter.words(
      at + 3, row,
      [("\(topology.dies) dies: ", .dim), ("\(topology.dies - silent)", .text), (" report", .dim)])
    if silent > 0 { at = painter.words(at, row, [("  · \(silent)", .text), (" silent", .dim)]) }
    painter.words(at + 3, row, [("traffic ", .dim), (pod(.arrivals, 0), .text), (" req/s", .dim)])
  }

  /// Alarm counts by priority, filled; gives the column where they begin.
  private func counts(_ area: Rectangle, _ painter: inout Painter, spaced: Bool) -> Int {
    var end = area.right - (area.width < 60 ? 0 : 1)
    for priority in [Priority.low, .high, .urgent] {
      let count = alarms.count { $0.priority == priority }
      guard count > 0 else { continue }
      let text = area.width < 60 ? "\(priority.mark)\(count)" : " \(priority.mark)\(spaced ? " " : "")\(count) "
      end = painter.right(end, area.row, text, look(priority)) - (area.width < 60 ? 1 : 0)
    }
    if alarms.isEmpty, area.width >= 60 { end = painter.right(end, area.row, "no alarms", Style(.dim)) }
    return end
  }

  /// The present screen by name, the others as digits with the worst alarm that belongs there.
  private func digits(_ column: Int, _ row: Int, _ painter: inout Painter) {
    var at = column
    let room = painter.clip.right
    for (index, name) in Command.screenNames.enumerated() {
      let here = index + 1 == state.screen
      guard at + (here ? name.count + 4 : 3) <= room else { return }
      if here {
        at = painter.put(at, row, " \(index + 1) \(name) ", Style(.strong, on: .select, .bold))
        continue
      }
      at = painter.put(at, row, " \(index + 1)", Style(.accent))
      let mark = worst { Self.screen(of: $0) == index + 1 }
      painter.set(at, row, mark?.glyph ?? " ", Style(mark?.ink ?? .dim, .bold))
      at += 1
    }
  }

  /// The eight screens, and the way to the selected die.
  func tabs(_ area: Rectangle, _ painter: inout Painter) {
    var at = area.column + 1
    for (index, name) in Command.screenNames.enumerated() {
      let here = index + 1 == state.screen
      painter.ground = here ? .select : .none
      at = painter.put(at, area.row, " \(index + 1) ", Style(.accent, here ? .bold : []))
      at = painter.put(at, area.row, name, Style(here ? .strong : .dim, here ? .bold : []))
      if let mark = worst({ Self.screen(of: $0) == index + 1 }) {
        at = painter.put(at, area.row, " \(mark.mark)", Style(mark.ink, .bold))
      }
      at = painter.put(at, area.row, " ", Style(.text)) + (area.width < 160 ? 1 : 2)
    }
    painter.ground = .none
    let lists = ["alarms", "event log", "audit log"]
    let parts =
      state.screen == 8
      ? ["events", lists[state.eventsCursor.list.rawValue]]
      : ["pod"] + state.name(ofDie: state.selected).split(separator: ".").map(String.init)
    var start = area.right - 1 - parts.reduce(-3) { $0 + $1.count + 3 }
    guard start > at else { return }
    for (index, part) in parts.enumerated() {
      let last = index == parts.count - 1
      start = painter.put(start, area.row, part, Style(last ? .strong : .dim))
      if !last { start = painter.put(start, area.row, " › ", Style(.dim)) }
    }
  }

  /// The last ten minutes as a profile of TPOT p99, amber where over target, with what happened in it.
  func timeBar(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.row
    let profile = Profile(.tpotP99)
    let window = Int64(max(60, min(600, state.profiles[profile]?.count ?? 0)))
    let from = max(0, frame.time - window * 1_000_000_000)
    var first = area.column
    var last = area.right
    if area.width >= 40 {
      first = painter.put(area.column + 1, row, Decimal.age(from), Style(.dim)) + 1
      let speed = Decimal.speed(state.playback.speed)
      // What the model reaches is said where it falls behind what was asked for.
      let stands = state.playback.paused || state.playback.held
      let behind = !stands && state.playback.reached < 0.9 * state.playback.speed
      let reached = behind ? " (\(Decimal.speed(max(0.25, (state.playback.reached * 4).rounded() / 4))))" : ""
      let controls = "◂◂ ▮▮ ▸▸ "
      let now = " \(Decimal.age(frame.time)) "
      last = area.right - 1 - now.count - controls.count - speed.count - reached.count
      let at = painter.put(last, row, now, Style(.dim))
      let end = painter.words(
        at, row,
        [("◂◂ ", .accent), ("▮▮", state.playback.paused ? .strong : .accent), (" ▸▸ ", .accent), (speed, .text)])
      painter.put(end, row, reached, Style(.high))
    }
    let columns = last - first
    guard columns > 1 else { return }
    let values = folded(profile, columns: columns)
    let seen = values.filter(\.isFinite)
    let low = 0.97 * (seen.min() ?? 0)
    let high = max(1.02 * (seen.max() ?? 1), 1.25 * low)
    painter.profile(
      Rectangle(column: first, row: row, width: columns, height: 1), values, low: low, high: high,
      over: frame.layout.sloTPOT, ink: .faint)
    for column in actionMarks(from: from, window: window, columns: columns) {
      painter.set(first + column, row, "A", Style(.accent, .bold))
    }
    for (column, priority) in timeMarks(from: from, window: window, columns: columns) {
      painter.set(first + column, row, priority.glyph, Style(priority.ink, .bold))
    }
    painter.set(first + columns - 1, row, "●", Style(.strong, .bold))
  }

  /// The columns in which an action was done; an alarm in the same one is drawn over it.
  private func actionMarks(from: Int64, window: Int64, columns: Int) -> [Int] {
    let done = state.operating.audit.filter { $0.isOfThisRun && $0.entry.outcome != .refused }
    let times = done.map(\.entry.time.nanoseconds) + state.events.filter(\.isOfAnAction).map(\.time)
    return times.filter { $0 >= from && $0 <= frame.time }.map { time in
      min(columns - 1, Int(Double(time - from) / Double(max(1, window) * 1_000_000_000) * Double(columns)))
    }
  }

  /// What stands on the time bar: the most urgent event or beginning of an alarm of every column.
  private func timeMarks(from: Int64, window: Int64, columns: Int) -> [Int: Priority] {
    var marks: [Int: Priority] = [:]
    let events = state.events.map { ($0.time, $0.priority) }
    // An alarm outlives the event that told of it when many others follow.
    let begun = frame.alarms.map { ($0.since, $0.priority) }
    for (time, priority) in events + begun where priority > .normal && time >= from && time <= frame.time {
      let share = Double(time - from) / Double(max(1, window) * 1_000_000_000)
      let column = min(columns - 1, Int(share * Double(columns)))
      marks[column] = max(marks[column] ?? .normal, priority)
    }
    return marks
  }

  /// The whole screen in one row.
  func oneRow(_ area: Rectangle, _ painter: inout Painter) {
    let over = isOver(.tpotP99, frame.layout.sloTPOT)
    let late = isOver(.ttftP99, frame.layout.sloTTFT)
    var at = painter.words(
      area.column, area.row,
      [
        ("TPOT ", over ? .high : .text), (pod(.tpotP99, 1), over ? .high : .strong),
        ("/\(Decimal.text(frame.layout.sloTPOT))", .dim), (over ? " !" : "", .high),
      ])
    at = painter.words(
      at, area.row,
      [
        (" TTFT ", late ? .high : .text), (pod(.ttftP99, scale: 0.001, 2), late ? .high : .strong),
        ("/\(Decimal.text(frame.layout.sloTTFT / 1000, 1))", .dim), (late ? " !" : "", .high),
      ])
    for priority in [Priority.urgent, .high, .low] {
      let count = alarms.count { $0.priority == priority }
      if count > 0 { at = painter.put(at + 1, area.row, "\(priority.mark)\(count)", look(priority)) }
    }
    painter.words(
      at + 1, area.row,
      [(condition.text, condition.ink), (Decimal.clock(frame.time), .text), ("  ? help  q quit", .dim)])
  }
}
