import Deployments
import Operations
import Telemetry
import Terminal
import Testing

@testable import Console

@Suite struct SessionTests {
  /// Keys in, the place that is selected out.
  @Test(arguments: [
    ("→", "n18.c3.d1"), ("lh", "n17.c3.d1"), ("↓", "n17.c4.d0"), ("k", "n17.c3.d0"),
    ("↑↑↑↑↑↑↑↑", "n17.c7.d1"), (":goto n45.c7⏎", "n45.c7.d0"), (":goto N3.C2.D1⏎", "n3.c2.d1"),
    (":goto d1⏎", "n34.c0.d0"), (":goto D0.dp17⏎", "n17.c0.d1"), (":goto spare⏎←", "n45.c0.d0"),
    (":go⇥p3⏎", "n6.c0.d0"), ("n", "n27.c5.d0"), ("nn", "n17.c3.d1"), (":goto n99⏎", "n17.c3.d1"),
    (":goto spare⏎→→", "n0.c0.d0"), (":goto n0⏎h", "n47.c0.d0"),
  ])
  func keysMoveTheSelection(_ keys: String, _ place: String) {
    var state = SamplePod.console(width: 80, height: 24)
    _ = state.press(keys)
    #expect(state.name(ofDie: state.selected) == place)
  }

  /// Keys in, what the program around the console is asked for.
  @Test(arguments: [
    (" ", [ConsoleEffect.pause(true)]), ("+", [.speed(2)]), ("-", [.speed(0.5)]), (":speed 100x⏎", [.speed(100)]),
    (":speed 0.1⏎", []), (":pause off⏎", [.pause(false)]), (":q⏎", [.quit]), ("?q", [.quit]), (".", []),
    (":theme light⎋", [.theme("light"), .theme("calm")]), (":theme light⏎", [.theme("light"), .theme("light")]),
    (":theme vi⇥⌫", [.theme("vivid"), .theme("calm")]), ("3/⏎", []),
  ])
  func keysAskForEffects(_ keys: String, _ effects: [ConsoleEffect]) {
    var state = SamplePod.console(width: 80, height: 24)
    #expect(state.press(keys) == effects)
  }

  /// Keys in, one line of answer out.
  @Test(arguments: [
    ("3", "Screen 3, Fabric, is still to come."),
    (".", "Stepping needs a pause"), ("⏎", "Going into a node comes with screen 2"),
    (":sped 3⏎", "No command is called sped; nearest is speed."), (":theme lihgt⏎", "nearest is light"),
    (":metric die_bsuy⏎", "nearest is die_busy"), (":goto n17.c9⏎", "No place is called n17.c9"),
  ])
  func whatCannotBeDoneIsSaidInTheFooter(_ keys: String, _ words: String) {
    var state = SamplePod.console(width: 120, height: 40)
    _ = state.press(keys)
    let footer = state.paint(Appearance()).text.split(separator: "\n", omittingEmptySubsequences: false)[39]
    #expect(footer.contains(words) && footer.contains("? help") && footer.contains("q quit"))
  }

  @Test func theCommandLineRecallsAndCompletes() {
    var state = SamplePod.console(width: 80, height: 24)
    _ = state.press(":speed 5⏎:metric die_kv⏎:↑↑")
    #expect(state.entry.line == "speed 5")
    _ = state.press("⎋:metric ⇥")
    #expect(state.entry.line == "metric die_")
    _ = state.press("⇥⇥")
    #expect(state.entry.line == "metric die_stall" && state.metric == .dieKV)
    _ = state.press("⏎")
    #expect(state.metric == .dieStall)
    _ = state.handle(.paste("\u{1b}]0;evil\u{7}x"))
    _ = state.press(":")
    _ = state.handle(.paste("go\u{1b}to n1\n"))
    #expect(state.entry.line == "goto n1")
  }

  /// Keys in, how many alarms and events the filter leaves out of 4 and 7, and whether it still stands.
  @Test(arguments: [
    ("/hbm", 1, 1, "hbm"), ("/D0", 2, 3, "D0"), ("/n17.c3.d1 HBM⏎", 1, 1, "n17.c3.d1 HBM"), ("/none⏎", 0, 0, "none"),
    ("/d0⎋", 4, 7, ""), ("/d0⏎⎋", 4, 7, ""), ("/d0⏎/x⌫⌫", 3, 4, "d"), ("/d⌫⌫", 4, 7, ""), ("/q↑⏎", 0, 0, "q"),
  ])
  func theFilterLeavesWhatHoldsItsText(_ keys: String, _ alarms: Int, _ events: Int, _ filter: String) {
    var state = SamplePod.console(width: 120, height: 40)
    #expect(state.press(keys) == [])
    #expect(state.filteredAlarms.count == alarms && state.filteredEvents.count == events && state.filter == filter)
    let screen = state.paint(Appearance()).text
    #expect(filter.isEmpty || screen.contains("ALARMS /\(filter)  \(alarms) of 4"))
    #expect(filter.isEmpty || screen.contains("EVENTS /\(filter)  \(events) of 7"))
  }

  @Test func whereThereIsNoListTheFilterSaysSo() {
    var state = SamplePod.console(width: 60, height: 9)
    _ = state.press("/")
    #expect(state.overlay == .none && state.notice == "There is no list here to filter.")
  }

  @Test func aClickSelectsTheDieUnderIt() {
    var state = SamplePod.console(width: 120, height: 40)
    _ = state.handle(.mousePress(.left, column: 7, row: 12, []))
    #expect(state.name(ofDie: state.selected) == "n0.c3.d1")
    _ = state.handle(.mousePress(.wheelDown, column: 7, row: 12, []))
    #expect(state.name(ofDie: state.selected) == "n0.c4.d1")
    let canvas = state.paint(Appearance())
    #expect(canvas.cursor?.column == 7 && canvas.cursor?.row == 13)
  }

  @Test func textFromOutsideReachesNoTerminalRaw() {
    var state = ConsoleState(width: 120, height: 40)
    var frame = SamplePod.frame()
    let evil = "\u{1b}[2J\u{9b}31m\u{202e}\u{200b}漢\nx"
    frame.layout.model = evil
    frame.layout.name = evil
    frame.layout.engines[8].id = evil
    frame.alarms = [Alarm(priority: .urgent, place: evil, text: evil, since: 0)]
    let event = Event(sequence: 0, time: frame.time, priority: .high, place: evil, text: evil)
    state.observe(Observation(frame: frame, events: [event], playback: Playback()))
    for canvas in [state.paint(Appearance()), state.paint(Appearance(color: .mono, ascii: true))] {
      #expect(canvas.cells.allSatisfy { !ScalarWidth.isControl($0.scalar) && ScalarWidth.of($0.scalar) == 1 })
    }
  }

  @Test func everyCommandIsDescribedOnceAndNoKeyTwice() {
    for scope in Command.Scope.allCases {
      let keys = Command.all.filter { $0.scope == scope }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(scope)")
    }
    let names = Command.all.map(\.name).filter { !$0.isEmpty }
    #expect(Set(names).count == names.count)
    for command in Command.all {
      #expect(command.help.hasSuffix(".") && (!command.keyText.isEmpty || !command.name.isEmpty))
      #expect(command.keys.isEmpty == command.keyText.isEmpty)
    }
    for word in ["quit", "speed", "pause", "theme", "metric", "goto", "help"] { #expect(names.contains(word)) }
    for action in ActionName.allCases { #expect(names.contains(action.rawValue)) }
  }

  @Test func aValueMovesToAnotherStepOnlyAfterAWholeStep() {
    var steps = HeatSteps()
    var shown: [Int8] = []
    for value: Float in [50, 56, 61, 62.6, 56, 50.1, 49, 43, 100, 0, .nan, 7] {
      steps.update([value], range: 0...100)
      shown.append(steps[0])
    }
    #expect(shown == [8, 8, 8, 10, 8, 8, 8, 6, 15, 0, -1, 1])
  }
}
