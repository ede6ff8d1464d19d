import Deployments
import Telemetry
import Terminal

extension Command {
  /// Speeds that the keys step through.
  static let speeds: [Double] = [0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  /// The screens, in the order of their digits.
  static let screenNames = ["Overview", "Pod", "Fabric", "XCCL", "Pipeline", "Experts", "Serving", "Events"]

  /// Every command there is; the order is that of footer and help.
  static let all: [Command] = screens + actions + eventKeys + menuKeys + suggestionKeys + previewKeys + watchKeys

  /// What can be done on every screen.
  private static let screens: [Command] = [
    Command(
      name: "help", keys: [.character("?")], keyText: "?", hint: "help",
      help: "Show every key and command.",
      run: { state, _, _ in
        state.overlay = .help(offset: 0)
        return []
      }),
    Command(
      name: "", keys: [.character(":")], keyText: ":", hint: "command",
      help: "Open the command line; Tab completes, Up recalls.",
      run: { state, _, _ in state.openCommandLine() }),
    Command(
      name: "", keys: [.character("/")], keyText: "/", hint: "filter",
      help: "Filter alarms and events by place or text; Esc lifts it.",
      disabled: { $0.hasList ? nil : "There is no list here to filter." },
      run: { state, _, _ in
        state.overlay = .filter
        return []
      }),
    Command(
      name: "act", keys: [.character("a")], keyText: "a", hint: "act",
      help: "Choose an action from a menu.", isDangerous: true,
      disabled: { $0.frame == nil ? "There is nothing to operate yet." : nil },
      run: { state, _, _ in
        state.overlay = .menu(0)
        return []
      }),
    Command(
      name: "", keys: [.character("u")], keyText: "u", hint: "undo",
      help: "Look at what undoing the last action would do.", isDangerous: true,
      disabled: { $0.whyNothingToUndo }, run: { state, _, _ in state.planUndo(nil) }),
    Command(
      name: "suggest", help: "Look for what is worth doing; the best are listed, each to be looked at.",
      disabled: { $0.frame == nil ? "There is nothing to operate yet." : nil },
      run: { state, _, _ in state.suggest() }),
    Command(
      name: "watch", keys: [.character("w")], keyText: "w", hint: "watch",
      help: "See what came of the last action, beside what was predicted.",
      disabled: { $0.operating.watch == nil ? "No action was done yet." : nil },
      run: { state, _, _ in
        state.overlay = .watch
        return []
      }),
    Command(
      name: "pause", keys: [.character(" ")], keyText: "Space", hint: "pause", arguments: "[on|off]",
      help: "Stop time, or let it go on.",
      candidates: { _, _ in ["on", "off"] },
      run: { state, argument, _ in
        switch argument {
        case "": return [.pause(!state.playback.paused)]
        case "on": return [.pause(true)]
        case "off": return [.pause(false)]
        default:
          state.notice = "pause takes on or off, or nothing to change it."
          return []
        }
      }),
    Command(
      name: "metric", keys: [.character("c"), .character("C")], keyText: "c C", hint: "metric",
      arguments: "NAME", help: "Show the next (c), previous (C) or named metric.",
      candidates: { _, _ in ConsoleState.fieldMetrics.map(\.metric.name) }, run: chooseMetric),
    Command(
      name: "speed", keys: [.character("+"), .character("="), .character("-"), .character("_")], keyText: "+ -",
      hint: "speed", arguments: "0.25-1000", help: "Run faster or slower than the wall clock.",
      candidates: { _, _ in speeds.map { String(Decimal.speed($0).dropLast()) } }, run: changeSpeed),
    Command(
      name: "screen", keys: (1...8).map { .character(Unicode.Scalar(UInt8(48 + $0))) }, keyText: "1-8",
      hint: "screen", arguments: "1-8", help: "Go to a screen; 1, Overview, and 8, Events, exist yet.",
      run: { state, argument, key in
        var digit = Int(argument) ?? 0
        if case .character(let scalar)? = key { digit = Int(scalar.value) - 48 }
        guard (1...8).contains(digit) else {
          state.notice = "screen takes a number from 1 to 8."
          return []
        }
        let exists = digit == 1 || digit == 8
        state.notice = exists ? nil : "Screen \(digit), \(screenNames[digit - 1]), is still to come."
        if exists { state.screen = digit }
        return []
      }),
    Command(
      name: "", keys: [.up, .down, .left, .right] + "hjkl".unicodeScalars.map { .character($0) },
      keyText: "←↓↑→ hjkl", hint: "select",
      help: "Move the selection; at an edge it goes round.",
      disabled: { $0.frame == nil ? "There is nothing to select yet." : nil },
      run: { state, _, key in
        if let key { state.move(key) }
        return []
      }),
    Command(
      name: "goto", arguments: "PLACE", help: "Select n17, n17.c3.d1, D0, D0.dp17 or spare.",
      disabled: { $0.frame == nil ? "There is nowhere to go yet." : nil },
      candidates: { state, begun in state.places(begun.lowercased()) },
      run: { state, argument, _ in
        if let die = state.die(at: argument) {
          state.selected = die
          state.screen = 1
        } else {
          state.notice = "No place is called \(argument.isEmpty ? "that" : argument); say n17, n17.c3.d1, D0 or spare."
        }
        return []
      }),
    Command(
      name: "", keys: [.character("n")], keyText: "n", hint: "next alarm",
      help: "Select the next place with an alarm.",
      disabled: { ($0.frame?.alarms ?? []).contains { $0.die >= 0 } ? nil : "No die has an alarm." },
      run: { state, _, _ in
        let dies = (state.frame?.alarms ?? []).map(\.die).filter { $0 >= 0 }.sorted()
        if let next = dies.first(where: { $0 > state.selected }) ?? dies.first { state.selected = next }
        return []
      }),
    Command(
      name: "step", keys: [.character(".")], keyText: ".", help: "Let one simulated second pass, while paused.",
      disabled: { $0.playback.paused ? nil : "Stepping needs a pause: press Space first." },
      run: { _, _, _ in [.step] }),
    Command(
      name: "", keys: [.enter], keyText: "↵", help: "Go into the node; its screen is still to come.",
      disabled: { _ in "Going into a node comes with screen 2, Pod; its values stand under SELECTED." },
      run: { _, _, _ in [] }),
    Command(
      name: "", keys: [.escape], keyText: "Esc", help: "Close what lies over the screen, then lift the filter.",
      run: { state, _, _ in
        state.notice = nil
        state.filterEntry.begin(theme: "")
        return []
      }),
    Command(
      name: "cost", keys: [.character("$")], keyText: "$",
      help: "Show or hide what drawing costs: bytes and milliseconds of the last frames.",
      run: { state, _, _ in
        state.showsCosts.toggle()
        return []
      }),
    Command(
      name: "theme", arguments: "NAME", help: "Use another theme; it shows while you type.",
      candidates: { state, _ in state.themes },
      run: { state, argument, _ in
        guard state.themes.contains(argument) else {
          let nearest = Spelling.nearest(to: argument, in: state.themes) ?? "calm"
          state.notice = "There is no theme \(argument.isEmpty ? "without a name" : argument); nearest is \(nearest)."
          return []
        }
        state.theme = argument
        return [.theme(argument)]
      }),
    Command(
      name: "quit", keys: [.character("q")], keyText: "q", hint: "quit", help: "Leave Podium.",
      run: { _, _, _ in [.quit] }),
  ]

  private static let chooseMetric: @Sendable (inout ConsoleState, String, Key?) -> [ConsoleEffect] = {
    state, argument, key in
    let metrics = ConsoleState.fieldMetrics
    guard argument.isEmpty else {
      guard let id = metrics.first(where: { $0.metric.name == argument || $0.label.lowercased() == argument }) else {
        let nearest = Spelling.nearest(to: argument, in: metrics.map(\.metric.name)) ?? "die_busy"
        state.notice = "No metric of a die is called \(argument); nearest is \(nearest)."
        return []
      }
      state.show(id)
      return []
    }
    let step = key == .character("C") ? metrics.count - 1 : 1
    state.show(metrics[((metrics.firstIndex(of: state.metric) ?? 0) + step) % metrics.count])
    return []
  }

  private static let changeSpeed: @Sendable (inout ConsoleState, String, Key?) -> [ConsoleEffect] = {
    state, argument, key in
    if let key {
      let slower = key == .character("-") || key == .character("_")
      let now = state.playback.speed
      return [
        .speed(slower ? speeds.last { $0 < now } ?? speeds[0] : speeds.first { $0 > now } ?? speeds[speeds.count - 1])
      ]
    }
    let number = argument.hasSuffix("x") || argument.hasSuffix("×") ? String(argument.dropLast()) : argument
    guard let speed = Double(number), speed >= 0.25, speed <= 1000 else {
      state.notice = "speed takes a number from 0.25 to 1000."
      return []
    }
    return [.speed(speed)]
  }
}
