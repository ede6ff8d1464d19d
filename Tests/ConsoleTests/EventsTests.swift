import Deployments
import Operations
import Telemetry
import Terminal
import Testing

@testable import Console

@Suite struct EventsTests {
  private static func state() -> ConsoleState {
    var state = SampleOperation.console(width: 120, height: 40)
    state.learn { $0.audit = SampleOperation.audit }
    return state
  }

  /// Keys in; the screen, the list and the row that are chosen out.
  @Test(arguments: [
    ("8", 8, EventsCursor.List.alarms, 0), ("8↓↓", 8, .alarms, 2), ("8jjjjjjjjj", 8, .alarms, 3),
    ("8kk", 8, .alarms, 0),
    ("8⇥", 8, .events, 0), ("8⇥↓", 8, .events, 1), ("8⇥⇥jj", 8, .audit, 2), ("8⇥⇥⇥", 8, .alarms, 0),
    ("8←", 8, .audit, 0),
    ("8⎋", 1, .alarms, 0), ("81", 1, .alarms, 0), ("8/d0⏎⎋", 8, .alarms, 0), ("8/d0⏎⎋⎋", 1, .alarms, 0),
  ])
  func keysChooseListsAndRows(_ keys: String, _ screen: Int, _ list: EventsCursor.List, _ row: Int) {
    var state = Self.state()
    #expect(state.press(keys) == [])
    #expect(state.screen == screen && state.eventsCursor.list == list && state.eventsCursor.row(list, of: 50) == row)
  }

  /// Enter goes to the place of what is chosen.
  @Test(arguments: [
    ("8⏎", "n17.c3.d1", 1), ("8jjj⏎", "n27.c5.d0", 1), ("8⇥jj⏎", "n17.c3.d1", 1), ("8j⏎", "n16.c0.d0", 1),
    ("8jj⏎", "n17.c3.d1", 8), ("8⇥⇥⏎", "n17.c3.d1", 8),
  ])
  func enterGoesToThePlace(_ keys: String, _ die: String, _ screen: Int) {
    var state = Self.state()
    _ = state.press(keys)
    #expect(state.name(ofDie: state.selected) == die && state.screen == screen)
    #expect(screen == 1 || state.notice != nil)
  }

  /// The filter leaves what holds its text, of alarms, events and actions.
  @Test(arguments: [("8/d0", 2, 3, 1), ("8/reshard", 0, 0, 1), ("8/refused⏎", 0, 0, 1), ("8/ops1", 0, 0, 4)])
  func theFilterNarrowsAllThreeLists(_ keys: String, _ alarms: Int, _ events: Int, _ actions: Int) {
    var state = Self.state()
    _ = state.press(keys)
    #expect(state.filteredAlarms.count == alarms && state.filteredEvents.count == events)
    #expect(state.filteredAudit.count == actions)
    #expect(state.paint(Appearance()).text.contains("AUDIT /"))
  }

  @Test func anAuditLogThatCannotBeWrittenIsAnAlarmWhileThatHolds() {
    var state = Self.state()
    state.learn { $0.auditProblem = "/full/audit.jsonl cannot be written: No space left on device" }
    #expect(state.frame?.alarms.map(\.place).filter { $0 == "audit log" } == ["audit log"])
    #expect(state.frame?.alarms.map(\.priority) == [.urgent, .high, .high, .high, .low])
    _ = state.press("8")
    #expect(state.paint(Appearance()).text.contains("cannot be written: No space"))
    state.learn { $0.auditProblem = nil }
    #expect(state.frame?.alarms.contains { $0.place == "audit log" } == false)
  }

  @Test func actionsStandOnTheTimeBar() {
    var state = SampleOperation.console(width: 120, height: 40)
    func bar() -> Substring {
      state.paint(Appearance()).text.split(separator: "\n", omittingEmptySubsequences: false)[38]
    }
    #expect(!bar().contains("A"))
    state.learn { $0.audit = SampleOperation.audit }
    // One of another run, one refused, one too long ago: two are left.
    #expect(bar().count { $0 == "A" } == 2)
  }
}
