import Deployments
import Operations
import SuperPod
import Telemetry

// Plan, preview, confirm, watch, undo.
extension ConsoleState {
  /// Whether a command is offered: read-only mode takes the dangerous ones away.
  func offers(_ command: Command) -> Bool { operating.refusesOrders == nil || !command.isDangerous }

  /// Why an action cannot be begun now, nil where it can.
  func whyNot(_ name: ActionName) -> String? {
    guard frame != nil else { return "There is nothing to operate yet." }
    guard let configuration = operating.configuration else { return "Nobody can tell what is configured here." }
    let decodes = configuration.executors.contains { !$0.executor.prefills && $0.servers > 0 }
    switch name {
    case .undo: return whyNothingToUndo
    case .pd where !configuration.executors.contains { $0.executor.prefills }:
      return "Prefill and decode are not apart here."
    case .reshard, .eplb, .scale, .balance, .batch, .mtp:
      return decodes ? nil : "There is no decode TE."
    case .undrain where configuration.drained.isEmpty: return "Nothing was taken out of service."
    case .clear where configuration.faults.isEmpty: return "No fault that was injected goes on."
    default: return nil
    }
  }

  /// Why nothing can be undone, nil where something can.
  ///
  /// An order that was given and not answered yet is the last thing done: nothing before it takes its place.
  var whyNothingToUndo: String? {
    if let order = operating.unanswered { return ":\(order.action) is not answered yet: there is nothing to undo." }
    if operating.undoable(nil) != nil { return nil }
    return operating.audit.contains { $0.isOfThisRun }
      ? "What was done last cannot be undone." : "Nothing was done that could be undone."
  }

  /// Why there is nothing to foresee of the plan, nil where there is.
  var whyNoFutures: String? {
    operating.plan?.refusal.map { "It cannot be done: \($0.reason)." }
  }

  /// The operation that a strip shows: the last that goes on, else one that ended just now.
  var shownOperation: OperationProgress? {
    guard let frame else { return nil }
    if let running = frame.operations.last(where: { $0.state == .running }) { return running }
    return frame.operations.last { frame.time - $0.since < 20_000_000_000 }
  }

  /// Looks at an action: its preview opens and its rehearsal begins.
  mutating func plan(_ action: Action, undoes: AuditRecord? = nil) -> [ConsoleEffect] {
    let refusal = operating.configuration.flatMap { action.refusal(in: $0) }
    let request = PreviewRequest(number: operating.nextNumber(), action: action)
    operating.plan = Plan(request: request, undoes: undoes, refusal: refusal)
    overlay = .preview
    notice = nil
    return refusal == nil ? [.rehearse(request)] : [.cancelRehearsal]
  }

  /// Why the watched action cannot be undone, nil where it can.
  var whyNotUndoWatched: String? {
    if let order = operating.unanswered { return ":\(order.action) is not answered yet: there is nothing to undo." }
    guard let watch = operating.watch else { return "No action was done yet." }
    guard let record = operating.watched else { return ":\(watch.order.action) is not in the audit log yet." }
    if record.canBeUndone { return nil }
    if let other = record.undoneBy { return "Entry \(record.entry.number) was undone by entry \(other)." }
    return record.entry.undoes == nil
      ? ":\(watch.order.action) cannot be undone." : "An undoing cannot be undone; do the action again."
  }

  /// Looks at undoing the action that is watched, and no other.
  mutating func planUndoOfWatched() -> [ConsoleEffect] {
    if let reason = whyNotUndoWatched {
      notice = reason
      return []
    }
    return planUndo(operating.watched?.entry.number)
  }

  /// Looks at undoing an entry of the audit log, the last that can be if none is named.
  mutating func planUndo(_ number: Int?) -> [ConsoleEffect] {
    if number == nil, operating.unanswered != nil {
      notice = whyNothingToUndo
      return []
    }
    guard let record = operating.undoable(number), let performed = record.performed else {
      notice =
        number.map { number in
          operating.audit.contains { $0.entry.number == number && $0.isOfThisRun }
            ? "Entry \(number) cannot be undone." : "There is no entry \(number) of this run."
        } ?? whyNothingToUndo
      return []
    }
    return plan(.undo(performed), undoes: record)
  }

  /// Presses the button in focus.
  mutating func pressButton() -> [ConsoleEffect] {
    guard let plan = operating.plan else { return giveUpPlan() }
    switch plan.focus {
    case .cancel: return giveUpPlan()
    case .adjust: return adjustPlan()
    case .run:
      if let nearest = plan.refusal?.nearest { return self.plan(nearest) }
      return plan.canRun ? confirm(plan) : []
    }
  }

  private mutating func confirm(_ plan: Plan) -> [ConsoleEffect] {
    let order = Order(
      number: operating.nextNumber(), action: plan.named, who: operating.who, plan: plan.digest,
      prediction: plan.forecasts, horizon: max(1, plan.foreseen), undoes: plan.undoes,
      performed: plan.performed)
    operating.watch = Watch(order, plan: plan)
    operating.plan = nil
    overlay = .watch
    return [.cancelRehearsal, .perform(order)]
  }

  /// Closes the preview; nothing is done.
  mutating func giveUpPlan() -> [ConsoleEffect] {
    overlay = .none
    operating.plan = nil
    return [.cancelRehearsal]
  }

  /// Back to the command line with the action.
  mutating func adjustPlan() -> [ConsoleEffect] {
    let text = operating.plan.map { "\($0.action)" } ?? ""
    let effects = giveUpPlan()
    entry.begin(theme: theme, with: text)
    overlay = .command
    return effects
  }

  /// Rehearses anew with another number of futures, or another horizon.
  mutating func replan(seeds: Bool) -> [ConsoleEffect] {
    guard var plan = operating.plan, plan.canRun else { return [] }
    func next<T: Equatable>(_ values: [T], _ value: T) -> T {
      values[((values.firstIndex(of: value) ?? -1) + 1) % values.count]
    }
    let number = operating.nextNumber()
    if seeds {
      plan.restart(number: number, seeds: next(Plan.seedCounts, plan.request.seeds))
    } else {
      plan.restart(number: number, horizon: .some(next(Plan.horizons, plan.request.horizon)))
    }
    operating.plan = plan
    return [.rehearse(plan.request)]
  }

  /// Lets time go on under a preview; or holds it again, and foresees anew from there.
  mutating func toggleTime() -> [ConsoleEffect] {
    guard var plan = operating.plan else { return [] }
    plan.letsTimeRun.toggle()
    if !plan.letsTimeRun { plan.restart(number: operating.nextNumber()) }
    operating.plan = plan
    return plan.letsTimeRun ? [] : [.rehearse(plan.request)]
  }

  /// Whether time is to stand still: what is foreseen is foreseen of the moment at which it would be done, and at high
  /// speed minutes would pass before the first future is worked out.
  public var holdsTime: Bool {
    operating.plan.map { $0.canRun && !$0.letsTimeRun } ?? (operating.suggestions != nil)
  }

  /// Looks for what is worth doing.
  mutating func suggest() -> [ConsoleEffect] {
    let number = operating.nextNumber()
    operating.suggestions = SuggestionList(number: number)
    overlay = .suggestions(0)
    return [.suggest(number)]
  }

  /// Chooses another suggestion; at an end it goes round.
  mutating func moveInSuggestions(_ step: Int) {
    guard case .suggestions(let index) = overlay, let count = operating.suggestions?.best.count, count > 0 else {
      return
    }
    overlay = .suggestions((index + step + count) % count)
  }

  /// Looks at what the chosen suggestion would do.
  mutating func chooseSuggestion() -> [ConsoleEffect] {
    guard case .suggestions(let index) = overlay, let best = operating.suggestions?.best, index < best.count else {
      return []
    }
    if let reason = operating.refusesOrders {
      notice = "\(reason): \(best[index].action) is not possible."
      return []
    }
    operating.suggestions = nil
    return plan(best[index].action)
  }

  /// Closes the suggestions and ends their search.
  mutating func giveUpSuggestions() -> [ConsoleEffect] {
    overlay = .none
    operating.suggestions = nil
    return [.cancelRehearsal]
  }

  /// The actions of the menu, by group.
  var menu: [Command] {
    ActionGroup.allCases.flatMap(\.actions).compactMap { name in Command.actions.first { $0.action == name } }
      .filter { offers($0) }
  }

  /// Goes to the first action of another group; at an end it goes round.
  mutating func moveInMenuGroups(_ step: Int) {
    guard case .menu(let index) = overlay, index < menu.count, let action = menu[index].action else { return }
    let groups = ActionGroup.allCases.filter { group in menu.contains { $0.action.map(ActionGroup.of) == group } }
    guard let place = groups.firstIndex(of: .of(action)) else { return }
    let next = groups[(place + step + groups.count) % groups.count]
    overlay = .menu(menu.firstIndex { $0.action.map(ActionGroup.of) == next } ?? 0)
  }

  /// Chooses another line of the menu; at an end it goes round.
  mutating func moveInMenu(_ step: Int) {
    guard case .menu(let index) = overlay, !menu.isEmpty else { return }
    overlay = .menu((index + step + menu.count) % menu.count)
  }

  /// Begins the chosen action on the command line.
  mutating func chooseFromMenu() -> [ConsoleEffect] {
    guard case .menu(let index) = overlay, index < menu.count else { return [] }
    let command = menu[index]
    if let reason = command.disabled(self) {
      notice = reason
      return []
    }
    entry.begin(theme: theme, with: command.arguments.isEmpty ? command.name : command.name + " ")
    overlay = .command
    return []
  }

  /// Whether what the last seconds brought is drawn or followed: a plan, or an action whose horizon has not passed.
  public var wantsService: Bool {
    if operating.plan != nil || overlay == .watch { return true }
    return operating.audit.contains { record in
      record.isOfThisRun && (record.entry.outcome == .begun || record.entry.prediction.contains { $0.real == nil })
        && record.entry.outcome != .refused
    } || operating.watch.map { $0.time == nil } ?? false
  }

  /// Takes what is new about operating.
  mutating func observe(_ news: OperatingNews) {
    operating.refusesOrders = news.refusesOrders
    if let configuration = news.configuration { operating.configuration = configuration }
    if let service = news.service {
      operating.service = service
      operating.watch?.take(service)
    }
    if let preview = news.preview { operating.plan?.take(preview, service: operating.service) }
    if let audit = news.audit { operating.audit = audit }
    if let list = news.suggestions, list.number == operating.suggestions?.number { operating.suggestions = list }
    for result in news.results where operating.watch?.order == result.order {
      if let reason = result.refusal {
        // The plan comes back with what stands against it.
        operating.watch = nil
        if overlay == .watch { overlay = .none }
        notice = "Refused: \(result.order.action): \(reason)"
      } else {
        operating.watch?.time = result.time
        operating.watch?.performed = result.performed
      }
    }
  }
}
