import Deployments
import Operations
import SuperPod
import Telemetry
import Terminal
import Testing
import Words

@testable import Console

@Suite struct OperatingTests {
  /// Keys in, the actions that are ordered out; `~` lets two futures be worked out.
  @Test(arguments: [
    (":pd +2d⏎", [String]()), (":pd +2d⏎~⏎", []), (":pd +2d⏎~⇥⏎", []), (":pd +2d⏎~⇥⇥⇥⏎", []),
    (":pd +2d⏎~⇥⇥⏎", ["pd +2d from P7 to D1"]), (":pd +2d⏎⇥⇥⏎", ["pd +2d"]), (":pd +2d⏎~Y⏎", ["pd +2d from P7 to D1"]),
    (":pd +2d⏎~Y", []), (":pd +2d⏎~YY", []), (":pd +2d⏎~Y⎋", []), (":pd +2d⏎~←⏎", ["pd +2d from P7 to D1"]),
    (":batch 48 d0⏎→→⏎", ["batch 48 D0"]), (":batch 48 d0⏎~⎋⏎", []), (":batch 60⏎→→⏎", []),
    (":inject slow-die at n17.c3.d1 by 1.4⏎Y⏎", ["inject slow-die at n17.c3.d1 by 1.4"]),
    (":traffic x2 for 5m⏎Y⏎", ["traffic x2 for 5m"]), ("a⏎+1d⏎Y⏎", ["pd +1d"]),
    ("aj⏎D0 ep 320⏎Y⏎", ["scale D0 ep 320"]), ("a→→⏎48⏎Y⏎", ["batch 48"]), ("a←k⏎⏎Y⏎", []),
    (":pd +9999d⏎⇥⇥⏎Y⏎", ["pd +15d"]), (":pd +2d⏎YsY⏎", ["pd +2d"]), (":pd +2d⏎Ys⏎", []), (":pd +2d⏎Yt⏎", []),
    (":pd +2d⏎Y?⎋⏎", ["pd +2d"]), (":admit 120/s⏎Y⏎", ["admit 120/s"]),
  ])
  func nothingIsDoneButByTheFocusedButton(_ keys: String, _ ordered: [String]) {
    var state = SampleOperation.console(width: 120, height: 40)
    var effects: [ConsoleEffect] = []
    for part in keys.split(separator: "~", omittingEmptySubsequences: false) {
      if part != keys.split(separator: "~", omittingEmptySubsequences: false).first { state.foresee(futures: 2) }
      effects += state.press(String(part))
    }
    #expect(effects.compactMap(\.ordered).map { "\($0.action)" } == ordered)
  }

  /// Keys in, one line of answer out.
  @Test(arguments: [
    (":pd +2x⏎", "+2d or +1p"), (":scale D0⏎", "ep"), (":batsh 3⏎", "nearest is batch"), (":undo⏎", "Nothing was done"),
    ("u", "Nothing was done"), (":undrain n3⏎", "Nothing was taken out"),
    (":clear⏎", "No fault"), ("w", "No action was done"),
  ])
  func whatCannotBeBegunIsSaid(_ keys: String, _ words: String) {
    var state = SampleOperation.console(width: 160, height: 40)
    #expect(state.press(keys).compactMap(\.ordered).isEmpty)
    #expect(state.notice?.contains(words) == true, "\(state.notice ?? "")")
    #expect(state.operating.plan == nil)
  }

  /// A preview of what cannot be done names the reason and the nearest that can.
  @Test(arguments: [
    (":pd 15:31 from D0⏎", "D0 gives nothing"), (":scale D0 ep 250⏎", "scale D0 ep 256"),
    (":batch 60⏎", "it is so already"), (":mtp 2 D9⏎", "there is no D9"), (":pd 16:30⏎", "16:30"),
  ])
  func aRefusalHasItsReasonAndTheNearest(_ keys: String, _ words: String) {
    var state = SampleOperation.console(width: 120, height: 40)
    #expect(state.press(keys) == [.cancelRehearsal])
    let screen = state.paint(Appearance()).text
    #expect(screen.contains("It cannot be done") && screen.contains(words))
  }

  @Test func whatTheModelRefusesComesBackWithItsReason() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    let request = try #require(state.operating.plan?.request)
    state.learn { $0.preview = Preview(request: request, time: 0, refusal: "P7 is being changed already") }
    #expect(state.paint(Appearance()).text.contains("It cannot be done: P7 is being changed already."))
    #expect(state.press("Y⏎").compactMap(\.ordered).isEmpty)
    let order = try #require(
      SampleOperation.console(width: 120, height: 40).afterOrdering(":batch 48⏎Y⏎").operating.watch?.order)
    var other = SampleOperation.console(width: 120, height: 40).afterOrdering(":batch 48⏎Y⏎")
    other.learn { $0.results = [OrderResult(order: order, time: 1, refusal: "a batch limit lies between 1 and 1024")] }
    #expect(other.overlay == .none && other.notice?.contains("between 1 and 1024") == true)
  }

  @Test func anOldPreviewIsNotTakenForANewOne() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    let old = try #require(state.operating.plan?.request)
    _ = state.press("t")
    state.learn { $0.preview = SampleOperation.preview(old, futures: 5) }
    #expect(state.operating.plan?.preview == nil && state.operating.plan?.request.horizon == 30)
    state.foresee(futures: 5)
    #expect(state.operating.plan?.preview?.futures.horizon == 30)
  }

  @Test func scalesOnlyGrowWhileAPreviewComesIn() {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    var scales: [[ClosedRange<Float>]] = []
    for (futures, seconds) in [(0, 3), (0, 40), (1, 0), (2, 20), (5, 0)] {
      state.foresee(futures: futures, seconds: seconds)
      scales.append(state.operating.plan?.curves.map(\.scale) ?? [])
    }
    for (before, after) in zip(scales, scales.dropFirst()) {
      #expect(before.count == 4)
      for (old, new) in zip(before, after) {
        #expect(new.lowerBound <= old.lowerBound && new.upperBound >= old.upperBound)
      }
    }
  }

  @Test func watchingComparesWhatCameWithWhatWasForeseen() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    state.foresee(futures: 5)
    _ = state.press("Y⏎")
    let order = try #require(state.operating.watch?.order)
    #expect(order.prediction.count == 4 && order.prediction.allSatisfy { $0.low ?? .infinity <= $0.high ?? 0 })
    let time = Int64(52_327_000_000_000)
    state.learn { news in
      news.results = [OrderResult(order: order, time: time)]
      var service = SampleOperation.service
      service.seconds += (0..<60).map { SampleOperation.second($0, future: 7, with: true) }
      service.newest += 60_000_000_000
      news.service = service
    }
    let service = state.operating.service
    state.learn { $0.service = service }
    let watch = try #require(state.operating.watch)
    #expect(watch.after.count == 60)
    let tpot = watch.comparison(.tpot)
    #expect(tpot.verdict == "within")
    #expect((tpot.after ?? 0) < (tpot.without ?? 0) && (tpot.predicted ?? 0) < (tpot.without ?? 0))
    // `c` goes round through all four, on the same scales.
    var seen: [String] = []
    for _ in 0..<5 {
      seen.append(state.operating.watch?.mode.rawValue ?? "")
      _ = state.press("c")
    }
    #expect(seen == ["after", "difference", "before", "predicted", "after"])
    #expect(state.operating.watch?.curves.map(\.scale) == watch.curves.map(\.scale))
  }

  @Test func oneFutureHasNoBandToLieIn() throws {
    for (futures, bands) in [(0, 0), (1, 0), (2, 4)] {
      var state = SampleOperation.console(width: 120, height: 40)
      _ = state.press(":pd +2d⏎")
      state.foresee(futures: futures, seconds: 20)
      _ = state.press("Y⏎")
      let order = try #require(state.operating.watch?.order)
      #expect(order.prediction.count == 4 && order.prediction.count { $0.low != nil && $0.high != nil } == bands)
      state.come(seconds: 15)
      #expect((state.operating.watch?.comparison(.tpot).verdict == nil) == (bands == 0))
    }
  }

  @Test func undoingIsLookedAtFirst() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    let entry = AuditEntry(
      number: 3, time: DurationAmount(seconds: 9), who: "ops1", action: try Action(parsing: "batch 48 D0"),
      outcome: .done)
    let record = AuditRecord(entry: entry, performed: 1, inverse: [try Action(parsing: "batch 60 D0")])
    var configuration = SampleOperation.configuration
    configuration.executors[8].batch = 48
    state.learn {
      $0.audit = [record]
      $0.configuration = configuration
    }
    for keys in ["u", ":undo⏎", ":undo 3⏎"] {
      var copy = state
      let effects = copy.press(keys)
      #expect(effects.compactMap(\.ordered).isEmpty && copy.operating.plan?.undoes == 3)
      let ordered = copy.press("Y⏎").compactMap(\.ordered)
      #expect(ordered.map { "\($0.action)" } == ["undo 3"])
      #expect(ordered.first?.undoes == 3 && ordered.first?.performed == 1)
    }
    _ = state.press(":undo 7⏎")
    #expect(state.operating.plan == nil && state.notice == "There is no entry 7 of this run.")
    var undone = record
    undone.undoneBy = 4
    state.learn { $0.audit = [undone] }
    _ = state.press("u")
    #expect(state.operating.plan == nil && state.notice == "What was done last cannot be undone.")
  }

  /// What Tab may become on the command line.
  @Test(arguments: [
    (":pd ", "+1d"), (":pd +2d from ", "P7"), (":pd +2d from P7 to ", "D1"), (":drain ", "n17.c3"),
    (":drain n4.", "n4.c2"), (":drain n4.c2.d1.", "n4.c2.d1.sp6"), (":drain sp4.", "sp4.sw9"),
    (":restart D0.", "D0.dp17"), (":inject ", "slow-die"), (":inject slow-die at n17.c3.", "n17.c3.d1"),
    (":inject te-shell at D1.", "D1.shell"), (":scale ", "D0"), (":jitter pin ", "off"),
    (":reshard D0 policy ", "eplb"),
    (":balance ", "least-requests"), (":resh", "reshard"),
  ])
  func theCommandLineCompletesActions(_ keys: String, _ candidate: String) {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(keys)
    #expect(state.entry.candidates(state).contains(candidate), "\(state.entry.candidates(state).prefix(9))")
  }

  @Test func aSuggestionIsLookedAtBeforeItIsDone() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    let effects = state.press(":suggest⏎")
    let number = try #require(state.operating.suggestions?.number)
    #expect(effects == [.suggest(number)])
    // What another search found is not this one's.
    state.learn { $0.suggestions = SampleOperation.suggestions(number + 1) }
    #expect(state.operating.suggestions?.best.isEmpty == true && state.press("⏎").isEmpty)
    state.learn { $0.suggestions = SampleOperation.suggestions(number) }
    let chosen = state.press("↓⏎")
    #expect(chosen.compactMap(\.ordered).isEmpty && state.operating.plan?.action == .batch(45))
    #expect(state.press("Y⏎").compactMap(\.ordered).map { "\($0.action)" } == ["batch 45"])
    var other = SampleOperation.console(width: 120, height: 40, readOnly: true)
    _ = other.press(":suggest⏎")
    let asked = try #require(other.operating.suggestions?.number)
    other.learn { $0.suggestions = SampleOperation.suggestions(asked) }
    #expect(other.press("⏎").isEmpty && other.operating.plan == nil && other.notice?.contains("read-only") == true)
    #expect(other.press("⎋") == [.cancelRehearsal] && other.overlay == .none)
  }

  @Test func clicksMoveTheFocusFirst() throws {
    var state = SampleOperation.console(width: 120, height: 40)
    _ = state.press(":pd +2d⏎")
    let dialog = try #require(PreviewDialog(state))
    let place = try #require(dialog.layout.buttons)
    let run = try #require(PreviewDialog.buttons(dialog.plan, in: place).first { $0.button == .run }?.place)
    func click() -> [ConsoleEffect] { state.handle(.mousePress(.left, column: run.column, row: run.row, [])) }
    #expect(click().isEmpty && state.operating.plan?.focus == .run)
    #expect(click().compactMap(\.ordered).count == 1)
  }
}

extension ConsoleEffect {
  /// The order, where it is one.
  var ordered: Order? { if case .perform(let order) = self { order } else { nil } }
}

extension ConsoleState {
  /// The state after some keys.
  func afterOrdering(_ keys: String) -> ConsoleState {
    var copy = self
    _ = copy.press(keys)
    return copy
  }
}
