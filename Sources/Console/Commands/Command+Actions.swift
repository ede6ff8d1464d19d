import Deployments
import Operations
import Terminal

extension Command {
  /// Every action of the language, as a command: it is looked at before it is done.
  static let actions: [Command] = ActionName.allCases.map { name in
    Command(
      name: name.rawValue, arguments: String(name.syntax.dropFirst(name.rawValue.count + 1)), help: name.help,
      isDangerous: true, action: name, disabled: { $0.whyNot(name) },
      candidates: { state, begun in
        let completion = ActionCompletion(of: "\(name.rawValue) \(begun)", in: state.operating.configuration)
        let word = begun.split(separator: " ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        return completion.words + state.places(of: completion.places, begun: word)
      },
      run: { state, argument, _ in
        let text = argument.isEmpty ? name.rawValue : "\(name.rawValue) \(argument)"
        do throws(ActionProblem) {
          let action = try Action(parsing: text)
          if case .undo(let entry) = action { return state.planUndo(entry) }
          return state.plan(action)
        } catch {
          state.notice = error.message
          // The line stays, to be put right.
          state.entry.begin(theme: state.theme, with: text)
          state.overlay = .command
          return []
        }
      })
  }

  /// Keys over the preview of an action; none of them does it but Enter on the button `Run`, which another key focuses.
  static let previewKeys: [Command] = [
    Command(
      scope: .preview, name: "", keys: [.enter], keyText: "↵", hint: "press the button in focus",
      help: "Press the button in focus, which is Cancel until another key moves it.",
      run: { state, _, _ in state.pressButton() }),
    Command(
      scope: .preview, name: "", keys: [.tab, .right, .left, .character("l"), .character("h")], keyText: "Tab",
      hint: "next button", help: "Move the focus to another button.",
      run: { state, _, key in
        state.operating.plan?.moveFocus(key == .left || key == .character("h") ? -1 : 1)
        return []
      }),
    Command(
      scope: .preview, name: "", keys: [.character("Y")], keyText: "Y", hint: "focus Run",
      help: "Move the focus to Run; Enter then runs it.",
      disabled: { state in
        guard let plan = state.operating.plan, let refusal = plan.refusal, refusal.nearest == nil else { return nil }
        return "It cannot be done: \(refusal.reason)."
      },
      run: { state, _, _ in
        state.operating.plan?.focus = .run
        return []
      }),
    Command(
      scope: .preview, name: "", keys: [.escape], keyText: "Esc", hint: "cancel", help: "Give the plan up.",
      run: { state, _, _ in state.giveUpPlan() }),
    Command(
      scope: .preview, name: "", keys: [.character("s")], keyText: "s", hint: "futures",
      help: "Work out another number of possible futures.", disabled: { $0.whyNoFutures },
      run: { state, _, _ in state.replan(seeds: true) }),
    Command(
      scope: .preview, name: "", keys: [.character("t")], keyText: "t", hint: "how far ahead",
      help: "Look further or less far ahead.", disabled: { $0.whyNoFutures },
      run: { state, _, _ in state.replan(seeds: false) }),
    Command(
      scope: .preview, name: "", keys: [.character(" ")], keyText: "Space", hint: "hold time or not",
      help: "Let time go on while you look, or hold it and foresee anew.",
      disabled: { $0.playback.paused ? "Time is paused already." : $0.whyNoFutures },
      run: { state, _, _ in state.toggleTime() }),
    Command(
      scope: .preview, name: "", keys: [.character("e")], keyText: "e", hint: "adjust",
      help: "Change the action on the command line.", run: { state, _, _ in state.adjustPlan() }),
    Command(
      scope: .preview, name: "", keys: [.character("?")], keyText: "?", hint: "help",
      help: "Show every key and command.",
      run: { state, _, _ in
        state.overlay = .help(offset: 0)
        return []
      }),
    Command(
      scope: .preview, name: "", keys: [.character("q")], keyText: "q", hint: "quit", help: "Leave Podium.",
      run: { _, _, _ in [.quit] }),
  ]

  /// Keys over what came of an action.
  static let watchKeys: [Command] = [
    Command(
      scope: .watch, name: "", keys: [.character("c"), .character("C")], keyText: "c", hint: "before, predicted, after",
      help: "Show before, predicted, after or their difference, on the same scales.",
      run: { state, _, key in
        state.operating.watch?.turn(key == .character("C") ? -1 : 1)
        return []
      }),
    Command(
      scope: .watch, name: "", keys: [.character("u")], keyText: "u", hint: "undo",
      help: "Look at what undoing it would do.", isDangerous: true, disabled: { $0.whyNotUndoWatched },
      run: { state, _, _ in state.planUndoOfWatched() }),
    Command(
      scope: .watch, name: "", keys: [.escape, .enter, .character("w")], keyText: "Esc", hint: "close",
      help: "Back to the screen; w shows it again.",
      run: { state, _, _ in
        state.overlay = .none
        return []
      }),
    Command(
      scope: .watch, name: "", keys: [.character(":")], keyText: ":", hint: "command",
      help: "Open the command line; w shows the watch again.",
      run: { state, _, _ in state.openCommandLine() }),
    Command(
      scope: .watch, name: "", keys: [.character(" ")], keyText: "Space", hint: "pause",
      help: "Stop time, or let it go on.", run: { state, _, _ in [.pause(!state.playback.paused)] }),
    Command(
      scope: .watch, name: "", keys: [.character("?")], keyText: "?", hint: "help", help: "Show every key and command.",
      run: { state, _, _ in
        state.overlay = .help(offset: 0)
        return []
      }),
    Command(
      scope: .watch, name: "", keys: [.character("q")], keyText: "q", hint: "quit", help: "Leave Podium.",
      run: { _, _, _ in [.quit] }),
  ]

  /// Keys over the menu of actions.
  static let menuKeys: [Command] = [
    Command(
      scope: .menu, name: "", keys: [.enter, .tab], keyText: "↵", hint: "begin it on the command line",
      help: "Begin the chosen action on the command line.", run: { state, _, _ in state.chooseFromMenu() }),
    Command(
      scope: .menu, name: "", keys: [.up, .down, .character("k"), .character("j")], keyText: "↑ ↓", hint: "choose",
      help: "Choose another action.",
      run: { state, _, key in
        state.moveInMenu(key == .up || key == .character("k") ? -1 : 1)
        return []
      }),
    Command(
      scope: .menu, name: "", keys: [.left, .right, .character("h"), .character("l")], keyText: "← →", hint: "group",
      help: "Go to another group of actions.",
      run: { state, _, key in
        state.moveInMenuGroups(key == .left || key == .character("h") ? -1 : 1)
        return []
      }),
    Command(
      scope: .menu, name: "", keys: [.escape, .character("a")], keyText: "Esc", hint: "close", help: "Close the menu.",
      run: { state, _, _ in
        state.overlay = .none
        return []
      }),
    Command(
      scope: .menu, name: "", keys: [.character("q")], keyText: "q", hint: "quit", help: "Leave Podium.",
      run: { _, _, _ in [.quit] }),
  ]

  /// Keys of the screen of events, beside those of every screen.
  static let eventKeys: [Command] = [
    Command(
      scope: .events, name: "", keys: [.up, .down, .character("k"), .character("j"), .pageUp, .pageDown],
      keyText: "↑ ↓", hint: "choose", help: "Choose another row of the list; pages with PageUp and PageDown.",
      run: { state, _, key in
        let page = max(1, state.height / 3)
        let steps: [Key: Int] = [.up: -1, .character("k"): -1, .pageUp: -page, .pageDown: page]
        state.moveInEvents(key.flatMap { steps[$0] } ?? 1)
        return []
      }),
    Command(
      scope: .events, name: "", keys: [.tab, .left, .right, .character("h"), .character("l")], keyText: "Tab",
      hint: "next list", help: "Go to another list: alarms, event log, audit log.",
      run: { state, _, key in
        state.nextList(key == .left || key == .character("h") ? -1 : 1)
        return []
      }),
    Command(
      scope: .events, name: "", keys: [.character("x"), .character("X")], keyText: "x X", hint: "seen",
      help: "Mark the chosen alarm as seen (x), or all of them (X); its ground goes, its glyph stays.",
      disabled: { $0.whyNoAlarm }, run: { state, _, key in state.acknowledgeAlarms(all: key == .character("X")) }),
    Command(
      scope: .events, name: "", keys: [.character("v")], keyText: "v", hint: "shelve",
      help: "Shelve the chosen alarm for 10 min, then 1 h, 8 h, then bring it back; an urgent one for 10 min.",
      disabled: { $0.whyNoAlarm }, run: { state, _, _ in state.shelveAlarm() }),
    Command(
      scope: .events, name: "", keys: [.enter], keyText: "↵", hint: "go to place",
      help: "Go to the place of the chosen row, on the Overview.",
      run: { state, _, _ in
        state.goToSelectedEvent()
        return []
      }),
    Command(
      scope: .events, name: "", keys: [.escape], keyText: "Esc", hint: "out",
      help: "Lift the filter, then go back to the Overview.",
      run: { state, _, _ in
        if state.filter.isEmpty { state.screen = 1 } else { state.filterEntry.begin(theme: "") }
        return []
      }),
  ]

  /// Keys over what is worth doing.
  static let suggestionKeys: [Command] = [
    Command(
      scope: .suggestions, name: "", keys: [.enter], keyText: "↵", hint: "look at what it would do",
      help: "Look at what the chosen suggestion would do.", run: { state, _, _ in state.chooseSuggestion() }),
    Command(
      scope: .suggestions, name: "", keys: [.up, .down, .tab, .character("k"), .character("j")], keyText: "↑ ↓",
      hint: "choose", help: "Choose another suggestion.",
      run: { state, _, key in
        state.moveInSuggestions(key == .up || key == .character("k") ? -1 : 1)
        return []
      }),
    Command(
      scope: .suggestions, name: "", keys: [.escape], keyText: "Esc", hint: "close",
      help: "Close the list; the search ends.", run: { state, _, _ in state.giveUpSuggestions() }),
    Command(
      scope: .suggestions, name: "", keys: [.character("q")], keyText: "q", hint: "quit", help: "Leave Podium.",
      run: { _, _, _ in [.quit] }),
  ]
}
