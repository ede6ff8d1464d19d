import Deployments
import Operations
import Telemetry
import Terminal
import Testing
import Words

@testable import Console

/// No single key does harm: what changes the deployment takes a key that moves the focus to Run and another that
/// presses it.
@Suite struct HarmTests {
  /// Every key that a person could press, and every key of the table of commands.
  static let keys: [Key] = {
    var keys = (0x20..<0x7F).map { Key.character(Unicode.Scalar(UInt8($0))) }
    keys += [
      .enter, .tab, .backspace, .escape, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete,
    ]
    keys += (1...12).map { Key.function($0) }
    for key in Command.all.flatMap(\.keys) where !keys.contains(key) { keys.append(key) }
    return keys
  }()

  /// Ways into every state that a console can be in, `~` lets a preview come in.
  static let ways = [
    "", "?", ":", "/", "a", "ajjjjj", "$", "8", ":pd +2d", ":batch 48⏎~", ":pd +2d⏎", ":pd +2d⏎~", ":pd +2d⏎~?",
    ":scale D0 ep 250⏎", ":batch 60⏎", ":inject die at n17.c3.d1", ":undo", ":restart D0", ":admit 1/s⏎~", "u", "u~",
    "8x", "8v", "a→", ":pd +2d⏎~ ", ":drain n17⏎~s", ":drain n17⏎~t", ":pd +2d⏎~⇥", ":traffic x3⏎~⇥⇥⇥", "w", "8/", "8n",
    "8⇥⇥",
  ]

  static func state(after way: String, readOnly: Bool = false) -> ConsoleState {
    var state = SampleOperation.console(width: 120, height: 40, readOnly: readOnly)
    // Something was done, so that there is something to undo and to watch.
    let entry = AuditEntry(
      number: 3, time: .init(seconds: 9), who: "ops1", action: .batch(60), outcome: .done)
    state.learn { $0.audit = [AuditRecord(entry: entry, performed: 1, inverse: [.batch(48)])] }
    for (index, part) in way.split(separator: "~", omittingEmptySubsequences: false).enumerated() {
      if index > 0 { state.foresee(futures: 3) }
      _ = state.press(String(part))
    }
    return state
  }

  @Test(arguments: ways) func noSingleKeyDoesHarm(_ way: String) {
    let state = Self.state(after: way)
    #expect(state.operating.plan?.focus != .run)
    for key in Self.keys {
      for modifiers: Modifiers in key == .tab ? [[], .shift] : [[]] {
        var copy = state
        let effects = copy.handle(.key(key, modifiers))
        if let order = effects.compactMap(\.ordered).first { Issue.record("\(key) did \(order.action) after \(way)") }
      }
    }
    // Nor does the mouse in one click, wherever.
    for row in 0..<40 {
      for column in stride(from: 0, to: 120, by: 7) {
        var copy = state
        let effects = copy.handle(.mousePress(.left, column: column, row: row, []))
        if !effects.compactMap(\.ordered).isEmpty { Issue.record("a click did harm at \(column), \(row)") }
      }
    }
  }

  /// Where a key can do harm, it is Enter alone, another key armed it, and that one does not do it when pressed again.
  @Test(arguments: [":pd +2d⏎~", ":restart D0⏎", "u~"]) func theKeyThatConfirmsIsNotTheOneThatArmed(_ way: String) {
    let state = Self.state(after: way)
    #expect(state.operating.plan?.focus == .cancel)
    var arming: [Key] = []
    for key in Self.keys {
      var armed = state
      _ = armed.handle(.key(key))
      guard armed.operating.plan?.focus == .run else { continue }
      arming.append(key)
      let doing = Self.keys.filter { second in
        var copy = armed
        return !copy.handle(.key(second)).compactMap(\.ordered).isEmpty
      }
      #expect(doing == [.enter] && key != .enter)
    }
    #expect(arming.contains(.character("Y")) && arming.contains(.left))
  }

  /// Random keys do harm only as Enter behind a focus that stood on Run.
  @Test func randomKeysDoHarmOnlyThroughTheButton() {
    var seed: UInt32 = 7
    func random(_ bound: Int) -> Int {
      seed = seed &* 1_664_525 &+ 1_013_904_223
      return Int(seed >> 8) % bound
    }
    var state = Self.state(after: "")
    var orders = 0
    for _ in 0..<4000 {
      let wasArmed = state.overlay == .preview && state.operating.plan?.focus == .run
      // Most keys are ones that mean something; now and then a whole line is typed.
      let roll = random(12)
      if roll == 0 { _ = state.press(":" + ["pd +1d⏎", "batch 50⏎", "drain n3⏎", "mtp 0⏎"][random(4)]) }
      let key: Key =
        roll < 3 ? [.enter, .tab, .escape, .left, .character("Y")][random(5)] : Self.keys[random(Self.keys.count)]
      let armed = roll == 0 ? state.operating.plan?.focus == .run : wasArmed
      let ordered = state.handle(.key(key)).compactMap(\.ordered)
      orders += ordered.count
      if !ordered.isEmpty, !(armed && key == .enter) { Issue.record("\(key) did \(ordered[0].action)") }
      if random(3) == 0 { state.foresee(futures: 1 + random(4)) }
    }
    #expect(orders > 0)
  }

  @Test(arguments: ways) func readOnlyOffersNothingThatIsDangerous(_ way: String) {
    let state = Self.state(after: way, readOnly: true)
    #expect(state.operating.plan == nil)
    if case .menu = state.overlay { Issue.record("a menu of actions opened") }
    for key in Self.keys {
      var copy = state
      #expect(copy.handle(.key(key)).compactMap(\.ordered).isEmpty && copy.operating.plan == nil)
    }
  }

  @Test func readOnlySaysWhy() {
    for keys in ["a", "u", ":pd +2d⏎", ":undo⏎", ":inject die at n1.c0.d0⏎"] {
      let state = Self.state(after: keys, readOnly: true)
      #expect(state.notice?.contains("Podium was started read-only") == true, "\(keys)")
    }
    var state = Self.state(after: ":", readOnly: true)
    let offered = state.entry.candidates(state)
    let actions = offered.filter { ActionName(rawValue: $0) != nil || $0 == "act" }
    #expect(offered.contains("speed") && actions.isEmpty)
    _ = state.press("pd +2d")
    #expect(state.paint(Appearance()).text.contains("read-only"))
    let help = HelpOverlay.lines(state)
    let dangerous = help.filter { $0.typed.hasPrefix(":drain") || $0.keys == "u" }
    let reason = help.filter { $0.help.contains("read-only") }
    #expect(dangerous.isEmpty && reason.count == 1)
    // Every command that orders something is marked as dangerous.
    let harmless = Command.all.filter { $0.action != nil && !$0.isDangerous }
    #expect(harmless.isEmpty)
  }
}
