import Telemetry
public import Terminal

extension ConsoleState {
  /// Takes what a person did; gives what the program around the console is to do.
  public mutating func handle(_ event: InputEvent) -> [ConsoleEffect] {
    switch event {
    case .resize(let columns, let rows):
      width = columns
      height = rows
    case .paste(let text):
      if overlay == .command { entry.insert(text) }
      if overlay == .filter { filterEntry.insert(text) }
    case .mousePress(.left, let column, let row, _): return click(column, row)
    case .mousePress(.wheelUp, _, _, _): return wheel(-1)
    case .mousePress(.wheelDown, _, _, _): return wheel(1)
    case .key(let key, let modifiers):
      // Control and Alt belong to the terminal; no command uses them.
      guard modifiers.isDisjoint(with: [.control, .alt]) else { return [] }
      switch overlay {
      case .none: return press(modifiers.contains(.shift) && key == .tab && screen == 8 ? .left : key)
      case .help(let offset): return browse(key, offset)
      case .command: return type(key, backwards: modifiers.contains(.shift))
      case .filter: narrow(key)
      case .menu: return press(key, in: .menu)
      case .preview: return press(modifiers.contains(.shift) && key == .tab ? .left : key, in: .preview)
      case .watch: return press(key, in: .watch)
      case .suggestions: return press(key, in: .suggestions)
      }
    default: break
    }
    return []
  }

  /// Puts an empty command line over whatever is shown.
  mutating func openCommandLine() -> [ConsoleEffect] {
    entry.begin(theme: theme)
    overlay = .command
    return []
  }

  private mutating func press(_ key: Key, in scope: Command.Scope = .screen) -> [ConsoleEffect] {
    notice = nil
    return Command.press(key, in: scope, on: &self)
  }

  private mutating func browse(_ key: Key, _ offset: Int) -> [ConsoleEffect] {
    let page = max(1, height - 4)
    func scrolled(_ lines: Int) -> Overlay {
      .help(offset: max(0, min(HelpOverlay.lines(self).count - 1, offset + lines)))
    }
    switch key {
    case .up, .character("k"): overlay = scrolled(-1)
    case .down, .character("j"): overlay = scrolled(1)
    case .pageUp: overlay = scrolled(-page)
    case .pageDown, .character(" "): overlay = scrolled(page)
    case .escape, .enter, .character("?"): overlay = operating.plan == nil ? .none : .preview
    case .character("q"): return [.quit]
    default: break
    }
    return []
  }

  private mutating func type(_ key: Key, backwards: Bool) -> [ConsoleEffect] {
    switch key {
    case .escape:
      overlay = .none
      return previewEnded()
    case .backspace where entry.text.isEmpty:
      overlay = .none
      return previewEnded()
    case .enter:
      overlay = .none
      notice = nil
      let back = previewEnded()
      let run = Command.run(entry.finish(), on: &self)
      return run.contains { if case .theme = $0 { true } else { false } } ? run : back + run
    case .tab:
      entry.complete(entry.candidates(self), backwards: backwards)
    default:
      if !entry.edit(key) { return [] }
    }
    return preview()
  }

  /// Types at the filter: lists follow every letter, Enter keeps it, Escape gives it up.
  private mutating func narrow(_ key: Key) {
    switch key {
    case .escape:
      filterEntry.begin(theme: "")
      overlay = .none
    case .enter: overlay = .none
    case .backspace where filterEntry.text.isEmpty: overlay = .none
    case .up, .down: break
    default: _ = filterEntry.edit(key)
    }
  }

  /// Shows the theme that the line names so far.
  private mutating func preview() -> [ConsoleEffect] {
    let words = entry.line.split(separator: " ")
    let typed = words.count == 2 && words[0] == "theme" ? String(words[1]) : ""
    let named = themes.contains(typed) ? typed : entry.themeBefore
    guard named != theme else { return [] }
    theme = named
    return [.theme(named)]
  }

  private mutating func previewEnded() -> [ConsoleEffect] {
    guard theme != entry.themeBefore, !entry.themeBefore.isEmpty else { return [] }
    theme = entry.themeBefore
    return [.theme(theme)]
  }

  private mutating func click(_ column: Int, _ row: Int) -> [ConsoleEffect] {
    switch overlay {
    case .none: break
    case .preview: return clickPreview(column, row)
    case .menu: return clickMenu(column, row)
    case .suggestions: return giveUpSuggestions()
    default:
      overlay = .none
      return previewEnded()
    }
    if screen == 1, let die = die(column: column, row: row) { selected = die }
    return []
  }

  private mutating func wheel(_ lines: Int) -> [ConsoleEffect] {
    if case .help(let offset) = overlay {
      overlay = .help(offset: max(0, min(HelpOverlay.lines(self).count - 1, offset + lines)))
    } else if case .menu = overlay {
      moveInMenu(lines)
    } else if overlay == .none, screen == 8 {
      moveInEvents(lines)
    } else if overlay == .none {
      move(lines < 0 ? .up : .down)
    }
    return []
  }
}
