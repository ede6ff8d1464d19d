import Operations
import SuperPod
import Telemetry

extension Simulation {
  /// Brings back what an entry changed: one that is under way is given up and rolled back.
  ///
  /// - Parameters:
  ///   - entry: The entry; nil for the last that is no `undo` and was not undone.
  ///   - number: The performed action that does it.
  mutating func undo(_ entry: Int?, number: Int) throws(ActionRefusal) {
    let place = try undoable(entry, number: number)
    let entry = performed[place]
    if isRunning(entry) {
      try giveUp(entry, number: number)
    } else {
      let steps = try inverse(of: entry)
      let moved = changes.filter { $0.number == entry.number && $0.movesHome }
      // The same servers go back as long as they are where they went.
      if !moved.isEmpty && moved.allSatisfy(canGoBack) {
        var planned = configuration
        for step in steps {
          try judge(step, planned, [:])
          planned = (try? step.applied(to: planned)) ?? planned
        }
        try sendBack(moved, number: number, entry: entry.number)
      } else {
        for step in steps {
          try judge(step, configuration, headrooms)
          try set(step, number: number)
        }
      }
    }
    performed[number - 1].undoes = entry.number
    performed[place].undoneBy = number
  }

  /// The index of the entry that is meant, if it can be undone.
  private func undoable(_ entry: Int?, number: Int) throws(ActionRefusal) -> Int {
    guard let entry else {
      let last = performed.indices.last {
        performed[$0].number != number && performed[$0].action.name != .undo && performed[$0].undoneBy == nil
      }
      guard let last else { throw ActionRefusal("nothing was done that could be undone") }
      return last
    }
    guard entry >= 1, entry < number else {
      throw ActionRefusal(
        number == 1
          ? "nothing was done that could be undone" : "there is no entry \(entry); entries are 1 to \(number - 1)")
    }
    if let by = performed[entry - 1].undoneBy {
      throw ActionRefusal("entry \(entry) was undone already, by entry \(by)")
    }
    guard performed[entry - 1].action.name != .undo else {
      throw ActionRefusal("entry \(entry) is itself an undo; do what it undid once more")
    }
    return entry - 1
  }

  /// What brings back what an entry changed.
  private func inverse(of entry: PerformedAction) throws(ActionRefusal) -> [Action] {
    guard entry.action.name.canBeUndone else {
      throw ActionRefusal("`\(entry.action)` cannot be undone")
    }
    let state = progress(of: entry.number).state
    guard state == .done else {
      throw ActionRefusal("`\(entry.action)` ended \(state.rawValue); there is nothing to undo")
    }
    let steps: [Action]
    do throws(Refusal) {
      steps = try entry.action.inverse(given: entry.before, headrooms: entry.headrooms, now: configuration)
    } catch {
      throw ActionRefusal("`\(entry.action)` set nothing that could be brought back")
    }
    guard !steps.isEmpty else { throw ActionRefusal("`\(entry.action)` set nothing that could be brought back") }
    return steps
  }

  /// Whether an entry still moves servers or experts or starts an engine anew.
  private func isRunning(_ entry: PerformedAction) -> Bool { progress(of: entry.number).state == .running }

  /// Ends what an entry has under way and takes it back.
  private mutating func giveUp(_ entry: PerformedAction, number: Int) throws(ActionRefusal) {
    guard entry.restarts.isEmpty else {
      throw ActionRefusal("`\(entry.action)` cannot be taken back: the engine stands still until it has started")
    }
    let reason = "taken back"
    for run in entry.rebalances where run.ended == nil {
      guard let change = decode[run.engine].rebalance, change.phase != .restore, !change.goesBack else {
        throw ActionRefusal("`\(entry.action)` is all but done; wait a second")
      }
      giveUpBalance(run.engine, because: reason)
    }
    let under = changes.indices.filter { changes[$0].number == entry.number && !changes[$0].phase.isOver }
    for place in under {
      guard changes[place].phase != .rejoin, !changes[place].goesBack else {
        throw ActionRefusal("`\(entry.action)` is all but done; wait a few seconds")
      }
    }
    guard !under.isEmpty else { return }
    if case .undrain(let taken) = entry.action {
      // Its dies are on their way home: they stay out of service.
      for place in under { abandon(place, because: reason) }
      // What the system had set apart nobody had taken out: it is left where it is.
      guard entry.before.drained.contains(taken) else { return }
      return try set(.drain(taken), number: number)
    }
    // What one of several moves has done already goes back like what is done.
    let moved = changes.filter { $0.number == entry.number && $0.phase == .done && $0.movesHome }
    for place in under { rollBack(place, because: reason) }
    guard moved.allSatisfy(canGoBack) else {
      throw ActionRefusal("servers that `\(entry.action)` moved already are not where they went")
    }
    try sendBack(moved, number: number, entry: entry.number)
  }

  /// Whether dies of a change are where it brought them, and serve.
  private func canGoBack(_ change: ServerChange) -> Bool {
    let there: Set<Int>
    if let taker = change.taker {
      let home = taker < prefill.count ? prefill[taker].home : decode[taker - prefill.count].home
      there = Set(home).intersection(hosts(ofEngine: taker)).subtracting(movingDies)
    } else {
      there = Set(spareDies)
    }
    return change.dies.allSatisfy { there.contains($0) && health.state(of: DieID($0)).serves }
  }

  /// Moves what changes brought somewhere back to where it came from.
  private mutating func sendBack(_ moved: [ServerChange], number: Int, entry: Int) throws(ActionRefusal) {
    for change in moved.reversed() {
      try checkRoom(giver: change.taker, taker: change.giver, dies: change.dies, number: number)
      start(
        ServerChange(
          .undo(entry), number: number, now: now, dies: change.dies, giver: change.taker, taker: change.giver))
    }
  }
}
