import Operations

extension Simulation {
  /// What does not hold if the last action is undone now, on a copy; nil where its configuration comes back exactly, or
  /// the undo is refused with a reason and changes nothing.
  public func brokenUndo() -> String? {
    guard let last = performed.last, last.action.name != .undo else { return nil }
    // Faults that come by themselves change engines and faults behind the action's back: nothing says then what undoing
    // it alone should leave.
    guard background == nil else { return nil }
    var copy = self
    do throws(ActionRefusal) { try copy.perform(.undo(nil)) } catch {
      return copy.configuration == configuration && !error.message.isEmpty
        ? nil : "undo of `\(last.action)` is refused (\(error.message)) and leaves something changed"
    }
    // What ended by itself does not begin again.
    var wanted = last.before
    if last.action.name != .traffic { wanted.traffic = copy.configuration.traffic }
    wanted.faults.removeAll { !copy.configuration.faults.contains($0) }
    // Another action's move that a fault sent back meanwhile took its servers with it.
    let wentBack = changes.contains { change in
      change.number != last.number && change.since >= last.time
        && (change.goesBack || (change.phase.isOver && change.phase != .done))
    }
    if wentBack { (wanted.executors, wanted.spare) = (copy.configuration.executors, copy.configuration.spare) }
    if case .inject = last.action {
      // A fault that is taken back is over; what it did meanwhile, such as ending a move of servers, stays done.
      var left = copy.configuration
      left.faults = wanted.faults
      wanted = left
    }
    if let different = wanted.difference(from: copy.configuration) {
      return "undo of `\(last.action)` does not bring the configuration back: \(different)"
    }
    return copy.brokenInvariant().map { "undo of `\(last.action)`: \($0)" }
  }
}

extension Configuration {
  /// What differs first, as a sentence; nil where nothing does.
  fileprivate func difference(from other: Configuration) -> String? {
    guard self != other else { return nil }
    for (mine, its) in zip(executors, other.executors) where mine != its { return "\(mine) is \(its)" }
    if spare != other.spare { return "\(spare) spare servers are \(other.spare)" }
    if drained != other.drained { return "\(drained.count) places out of service are \(other.drained.count)" }
    if faults != other.faults { return "\(faults) are \(other.faults)" }
    func settings(_ it: Configuration) -> String {
      "traffic \(it.traffic), \(it.jitterMeasures.count) jitter measures, \(it.recovery), admit \(it.admit.map { "\($0)" } ?? "off"), "
        + "isolate \(it.isolate.map { "\($0)" } ?? "off")"
    }
    return settings(self) + " is " + settings(other)
  }
}
