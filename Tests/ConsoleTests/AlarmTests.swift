import Deployments
import Telemetry
import Terminal
import Testing

@testable import Console

/// Alarms that are seen, shelved and counted.
@Suite struct AlarmTests {
  private static let second: Int64 = 1_000_000_000

  private static func state() -> ConsoleState {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press("8")
    return state
  }

  private static func show(_ alarms: [Alarm], after seconds: Int64, in state: inout ConsoleState) {
    var frame = SamplePod.frame()
    frame.time += seconds * second
    frame.alarms = alarms
    state.observe(Observation(frame: frame, playback: Playback()))
  }

  private static func event(_ rule: String, _ place: String, at time: Int64, raised: Bool) -> Event {
    Event(
      sequence: 0, time: time, priority: raised ? .high : .normal, place: place, text: raised ? rule : "over: \(rule)",
      rule: rule)
  }

  /// Keys in; how each of the four alarms stands out.
  @Test(arguments: [
    ("", "nnnn"), ("x", "annn"), ("jx", "nann"), ("X", "aaaa"), ("v", "snnn"), ("xv", "snnn"), ("jjv", "nnsn"),
    ("vv", "annn"), ("jvv", "nsnn"), ("jvvv", "nsnn"), ("jvvvv", "nann"), ("⇥x", "nnnn"), ("⇥v", "nnnn"),
  ])
  func keysMarkAndShelve(_ keys: String, _ wanted: String) {
    var state = Self.state()
    #expect(state.press(keys).isEmpty)
    let standings = SamplePod.alarms.map { alarm in
      switch state.alarmDesk.standing(alarm) {
      case .new: "n"
      case .acknowledged(let who): who == "operator" ? "a" : "?"
      case .shelved: "s"
      }
    }
    #expect(standings.joined() == wanted)
  }

  /// A seen alarm keeps its glyph and loses its ground, in the list and in the counts.
  @Test func whatWasSeenLosesItsGround() throws {
    var state = Self.state()
    func grounds(_ canvas: Canvas) -> Set<Ink> {
      var inks: Set<Ink> = []
      for row in 0..<40 { for column in 0..<120 { inks.insert(canvas[column, row].style.ground) } }
      return inks
    }
    let loud: Set<Ink> = [.urgentGround, .highGround, .lowGround]
    #expect(grounds(state.paint(Appearance())).isSuperset(of: loud))
    _ = state.press("X")
    let canvas = state.paint(Appearance())
    #expect(grounds(canvas).isDisjoint(with: loud))
    #expect(canvas.text.contains("!!") && canvas.text.contains("all seen") && canvas.text.contains("seen by operator"))
    #expect(state.events.suffix(4).allSatisfy { $0.text.hasPrefix("seen by operator: ") })
  }

  /// A shelved alarm is out of counts and fields, at the end of the list, and comes back as new when its time is over.
  @Test func aShelvedAlarmComesBackAsNew() {
    var state = Self.state()
    _ = state.press("v")
    #expect(state.standingAlarms.count == 3 && state.filteredAlarms.last?.rule == "hbm-temp")
    #expect(state.alarm(onDie: SamplePod.troubled) == nil)
    #expect(state.paint(Appearance()).text.contains("shelved 10:00"))
    Self.show(SamplePod.alarms, after: 599, in: &state)
    #expect(state.standingAlarms.count == 3)
    Self.show(SamplePod.alarms, after: 600, in: &state)
    #expect(state.standingAlarms.count == 4 && state.alarmDesk.standing(SamplePod.alarms[0]) == .new)
  }

  /// An alarm that went and came again, or names another place, is a new one.
  @Test func whatComesAgainIsNew() {
    var state = Self.state()
    _ = state.press("X")
    var moved = SamplePod.alarms
    moved[0].place = "n18.c0.d0"
    Self.show(moved, after: 1, in: &state)
    #expect(moved.map { state.alarmDesk.standing($0) == .new } == [true, false, false, false])
    Self.show([], after: 2, in: &state)
    Self.show(SamplePod.alarms, after: 3, in: &state)
    #expect(SamplePod.alarms.allSatisfy { state.alarmDesk.standing($0) == .new })
  }

  @Test func alarmsAreCountedByTenMinutesAndByRule() {
    var desk = AlarmDesk()
    let minute = 60 * Self.second
    // Three short ones at one place, one long one, and one of yesterday's.
    for start in [10, 30, 50] as [Int64] {
      desk.take([Self.event("kv-full", "D0", at: start * minute, raised: true)])
      desk.take([Self.event("kv-full", "D0", at: (start + 2) * minute, raised: false)])
    }
    desk.take([Self.event("die-out", "n3", at: 52 * minute, raised: true)])
    let now = 59 * minute
    #expect(desk.bars(7, at: now) == [nil, 0, 1, 0, 1, 0, 2])
    #expect(desk.recent(at: now) == 2 && desk.recent(at: 61 * minute) == 1)
    let found = desk.frequencies(at: now)
    #expect(found.map(\.key.rule) == ["kv-full", "die-out"] && found.map(\.times) == [3, 1])
    #expect(found.map(\.stood) == [6 * minute, 7 * minute] && found.map(\.isFlapping) == [true, false])
    #expect(desk.floodBegin(at: now) == nil)
  }

  /// More than ten in ten minutes are a flood: what came first is named, since it lies nearest the cause.
  @Test func aFloodNamesWhatCameFirst() {
    var state = Self.state()
    let time = SamplePod.frame().time
    let flood = (0..<11).map { Self.event("kv-full", "D\($0)", at: time - Int64(100 - $0) * Self.second, raised: true) }
    var observation = Observation(frame: nil, events: Array(flood.dropLast(6)), playback: Playback())
    state.observe(observation)
    #expect(state.alarmDesk.recent(at: time) == 10 && !state.paint(Appearance()).text.contains("FLOOD"))
    observation.events = flood.suffix(6)
    state.observe(observation)
    #expect(state.paint(Appearance()).text.contains("FLOOD: 16 in 10 min; the first was n40.c6.d0 silent, 14:22:22"))
  }

  /// A day is kept, and no more.
  @Test func whatIsOlderThanADayIsForgotten() {
    var desk = AlarmDesk()
    desk.take([Self.event("kv-full", "D0", at: 0, raised: true), Self.event("kv-full", "D1", at: 1, raised: true)])
    desk.take([], at: 24 * 3600 * Self.second)
    #expect(desk.frequencies(at: 24 * 3600 * Self.second).count == 2)
    desk.take([Self.event("kv-full", "D2", at: 24 * 3600 * Self.second, raised: true)])
    desk.take([], at: 24 * 3600 * Self.second + 2)
    #expect(desk.frequencies(at: 24 * 3600 * Self.second + 2).map(\.key.place) == ["D2"])
  }
}
