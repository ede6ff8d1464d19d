import Telemetry
import Terminal

/// The last line: the answer to the last input, else the keys that help most, from the table of commands.
struct Footer {
  /// What it speaks of.
  let state: ConsoleState

  /// Whose keys come first.
  private let scope: Command.Scope

  /// A footer of a state.
  init(_ state: ConsoleState, scope: Command.Scope = .screen) {
    self.state = state
    self.scope = scope
  }

  /// Draws it; `?` and `q` are never cut.
  func draw(_ area: Rectangle, _ painter: inout Painter) {
    painter.fill(area, .bar)
    painter.ground = .bar
    let row = area.row
    let own = scope == .screen ? [] : Command.all.filter { $0.scope == scope && !$0.hint.isEmpty }
    let taken = Set(own.flatMap(\.keys))
    let shared = Command.all.filter {
      $0.scope == .screen && !$0.hint.isEmpty && state.offers($0) && taken.isDisjoint(with: $0.keys)
    }
    let hinted = own + shared
    guard let help = hinted.first(where: { $0.name == "help" }), let quit = hinted.first(where: { $0.name == "quit" })
    else { return }
    let short = area.width < 24
    func length(_ command: Command) -> Int { command.keyText.count + (short ? 0 : command.hint.count + 1) }
    func key(_ command: Command, _ column: Int) -> Int {
      let at = painter.put(column, row, command.keyText, Style(.accent, .bold))
      return short ? at : painter.put(at + 1, row, command.hint, Style(.dim))
    }
    let end = area.right - (area.width < 30 ? 0 : 1) - length(quit)
    _ = key(quit, end)
    let gap = area.width >= 100 ? 2 : 1
    var at = key(help, area.column + (area.width < 30 ? 0 : 1)) + gap
    if let notice = state.notice {
      painter.put(at + 1, row, notice, Style(.text), width: max(0, end - at - 2))
      return
    }
    // A screen too low for a row of its own has the operation here.
    if let operation = state.shownOperation, let frame = state.frame, state.height < ScreenLayout.stripFrom,
      end - at > 20
    {
      let place = Rectangle(column: at + 1, row: row, width: end - at - 2, height: 1)
      return OperationStrip(operation: operation, now: frame.time).draw(place, named: true, &painter)
    }
    for command in hinted where command.name != "help" && command.name != "quit" {
      guard command.disabled(state) == nil else { continue }
      if at + length(command) + 1 >= end { continue }
      at = key(command, at) + gap
    }
  }
}

extension ConsoleState {
  /// The last row under a dialog: the answer to the last key, else what its keys do, from the table of commands.
  func dialogFooter(_ scope: Command.Scope, _ painter: inout Painter) {
    let bounds = painter.canvas.bounds
    guard bounds.height > 1 else { return }
    let area = Rectangle(row: bounds.height - 1, width: bounds.width, height: 1)
    painter.clip = area
    painter.fill(area, .bar)
    painter.ground = .bar
    var at = area.column + (area.width < 30 ? 0 : 1)
    if let notice {
      painter.put(at, area.row, notice, Style(.text), width: max(0, area.right - at))
    } else {
      for command in Command.all where command.scope == scope && offers(command) && command.disabled(self) == nil {
        var hint = command.hint
        // Enter says what it will do.
        if scope == .preview, command.keys.contains(.enter), let plan = operating.plan {
          hint = "presses \(plan.focus == .cancel ? "Cancel" : plan.focus == .adjust ? "Adjust" : "Run")"
          if plan.focus == .run, plan.refusal != nil { hint = "looks at the nearest" }
        }
        guard at + command.keyText.count + hint.count + 1 < area.right else { continue }
        at = painter.put(at, area.row, command.keyText, Style(.accent, .bold))
        at = painter.put(at + 1, area.row, hint, Style(.dim)) + (area.width >= 100 ? 2 : 1)
      }
    }
    painter.clip = bounds
    painter.ground = .none
  }
}
