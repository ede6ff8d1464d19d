import Deployments
import Operations
import Telemetry
import Terminal
import Testing
import Words

@testable import Console

/// What is held still, and what is undone, while an operator looks.
@Suite struct WatchTests {
  /// Batch 48 done before, `:mtp 1` just confirmed and not answered.
  private static func ordered() throws -> (ConsoleState, Order) {
    var state = SampleOperation.console(width: 120, height: 40)
    let entry = AuditEntry(
      number: 3, time: DurationAmount(seconds: 9), who: "ops1", action: try Action(parsing: "batch 48 D0"),
      outcome: .done)
    state.learn { $0.audit = [AuditRecord(entry: entry, performed: 1, inverse: [.batch(60)])] }
    let order = try #require(state.press(":mtp 0⏎Y⏎").compactMap(\.ordered).first)
    return (state, order)
  }

  private static func record(_ order: Order, performed: Int) -> AuditRecord {
    AuditRecord(
      entry: AuditEntry(
        number: 4, time: DurationAmount(seconds: 20), who: "ops1", action: order.action, plan: order.plan,
        prediction: order.prediction, outcome: .done, undoes: order.undoes), performed: performed,
      inverse: [.mtp(1)])
  }

  /// The last thing done is the order that was given, answered or not: nothing before it takes its place.
  @Test(arguments: ["u", "⎋u", "⎋:undo⏎"])
  func anOrderWithoutAnAnswerIsNotPassedOverByUndo(_ keys: String) throws {
    var (state, order) = try Self.ordered()
    let before = state.operating.audit
    var early = state
    #expect(early.press(keys).isEmpty && early.operating.plan == nil)
    #expect(early.notice == ":mtp 0 is not answered yet: there is nothing to undo.")
    state.learn {
      $0.results = [OrderResult(order: order, time: 20_000_000_000, performed: 2)]
      $0.audit = before + [Self.record(order, performed: 2)]
    }
    _ = state.press(keys)
    #expect(state.operating.plan?.undoes == 4 && state.operating.plan?.performed == 2)
  }

  @Test func theWatchUndoesWhatItShowsAndNothingElse() throws {
    var (state, order) = try Self.ordered()
    let before = state.operating.audit
    state.learn { $0.results = [OrderResult(order: order, time: 20_000_000_000, performed: 2)] }
    #expect(state.press("u").isEmpty && state.notice?.contains("not in the audit log yet") == true)
    // Somebody else did something since: the watch still speaks of its own.
    var own = Self.record(order, performed: 2)
    var other = Self.record(order, performed: 3)
    other.entry.number = 5
    state.learn { $0.audit = before + [own, other] }
    var copy = state
    _ = copy.press("u")
    #expect(copy.operating.plan?.undoes == 4)
    own.undoneBy = 6
    state.learn { $0.audit = before + [own, other] }
    _ = state.press("u")
    #expect(state.operating.plan == nil && state.notice == "Entry 4 was undone by entry 6.")
  }

  /// Keys in; whether time is held after them.
  @Test(arguments: [
    (":pd +2d⏎", true), (":pd +2d⏎⎋", false), (":pd +2d⏎⏎", false), (":pd +2d⏎Y⏎", false), (":pd +2d⏎e", false),
    (":pd +2d⏎?", true), (":pd +2d⏎s", true), (":batch 60⏎", false), (":pd +9999d⏎", false), (":pd +9999d⏎Y⏎", true),
    (":suggest⏎", true), (":suggest⏎⎋", false), (":pd +2d⏎ ", false), (":pd +2d⏎  ", true), ("a", false),
  ])
  func timeIsHeldWhileSomebodyLooksAhead(_ keys: String, _ isHeld: Bool) {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(keys)
    #expect(state.holdsTime == isHeld)
  }

  @Test func aRefusalByTheModelLetsTimeGoOn() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    let request = try #require(state.operating.plan?.request)
    #expect(state.holdsTime)
    state.learn { $0.preview = Preview(request: request, time: 0, refusal: "P7 is being changed already") }
    #expect(!state.holdsTime)
  }

  /// The preview says of which moment it is, and how old it grows where time goes on; holding time again renews it.
  @Test func aPreviewSaysOfWhichMomentItIs() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    state.foresee(futures: 2)
    var observation = Observation(frame: nil, playback: Playback(held: true))
    observation.operating.configuration = SampleOperation.configuration
    state.observe(observation)
    #expect(state.paint(.init()).text.contains("held at 14:32:07"))
    #expect(state.press(" ").isEmpty && state.operating.plan?.preview != nil)
    var frame = SamplePod.frame()
    frame.time += 75_000_000_000
    state.observe(Observation(frame: frame, playback: Playback()))
    #expect(state.paint(.init()).text.contains("1:15 old"))
    let request = try #require(state.operating.plan?.request)
    let effects = state.press(" ")
    let renewed = try #require(state.operating.plan?.request)
    #expect(effects == [.rehearse(renewed)] && renewed.number > request.number)
    #expect(state.operating.plan?.preview == nil && state.holdsTime)
  }
}
