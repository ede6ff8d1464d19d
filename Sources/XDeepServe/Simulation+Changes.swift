import Operations
import SuperPod
import Telemetry

// Dies that leave and join engines by plan: the steps of a change.
extension Simulation {
  /// How long requests may run out on dies that are to leave, seconds; then the rest begins again elsewhere (assumption).
  static let drainSeconds = 120.0
  /// How long dies wait to leave or join an engine that stands still, seconds; then they go back (assumption).
  static let standstillSeconds = 180.0

  /// Begins a change; where servers change sides they belong to the taker from now on.
  mutating func start(_ change: ServerChange) {
    changes.append(change)
    let place = changes.count - 1
    if change.movesHome {
      leaveHome(change.giver, change.dies)
      addHome(change.taker, change.dies)
    }
    guard change.giver != nil else { return load(place) }
    close(place)
    changes[place].due = now + Int64((Self.drainSeconds + Self.standstillSeconds) * 1e9)
    schedule(.change, at: now + Self.second, subject: place)
  }

  private mutating func addHome(_ engine: Int?, _ dies: [Int]) {
    guard let engine else { return }
    if engine < prefill.count { prefill[engine].home += dies } else { decode[engine - prefill.count].home += dies }
  }

  private mutating func leaveHome(_ engine: Int?, _ dies: [Int]) {
    guard let engine else { return }
    let leaving = Set(dies)
    if engine < prefill.count {
      prefill[engine].home.removeAll(where: leaving.contains)
    } else {
      decode[engine - prefill.count].home.removeAll(where: leaving.contains)
    }
  }

  /// The giver's dies take no more requests; a prefill engine takes none at all while some of its dies leave.
  private mutating func close(_ place: Int) { setClosed(place, true) }

  private mutating func setClosed(_ place: Int, _ closed: Bool) {
    guard let giver = changes[place].giver else { return }
    guard giver >= prefill.count else {
      prefill[giver].isLeaving = closed
      reroute(giver)
      return
    }
    let leaving = Set(changes[place].dies)
    let index = giver - prefill.count
    for rank in 0..<decode[index].dies where leaving.contains(decode[index].hosts[rank]) {
      decode[index].closed[rank] = closed
    }
  }

  /// A change goes on: a look each second, or the end of a phase.
  mutating func continueChange(_ place: Int) {
    let change = changes[place]
    switch change.phase {
    case .drain: continueDrain(place)
    case .load, .build:
      if isLost(place) { return rollBack(place, because: "\(lostText(place)) was lost on its way") }
      let over = change.due ?? now
      if now < over {
        schedule(.change, at: min(over, now + Self.second), subject: place)
      } else if change.phase == .load {
        changes[place].turn(.build, at: now, due: now + Int64((FaultTimes.roleSwitch - FaultTimes.weights) * 1e9))
        schedule(.change, at: now + Self.second, subject: place)
      } else {
        join(place)
      }
    case .rejoin: finish(place)
    case .done, .aborted, .failed, .rolledBack: break
    }
  }

  private mutating func continueDrain(_ place: Int) {
    let change = changes[place]
    let waited = Double(now - change.since) / 1e9
    // An engine that was formed anew meanwhile opened its dies again.
    close(place)
    if change.movesHome, let giver = change.giver {
      let hosts = Set(hosts(ofEngine: giver))
      if let lost = change.dies.first(where: { !hosts.contains($0) }) {
        return rollBack(place, because: "\(scenario.topology.place(of: DieID(lost))) was lost while it drained")
      }
    }
    guard isEmpty(place) || waited >= Self.drainSeconds else {
      schedule(.change, at: now + Self.second, subject: place)
      return
    }
    if let giver = change.giver, stands(giver) {
      // Dies cannot leave before the engine was put together again.
      guard waited < Self.drainSeconds + Self.standstillSeconds else {
        return rollBack(place, because: "\(layout.engines[giver].id) stands still for too long")
      }
      schedule(.change, at: now + Self.second, subject: place)
      return
    }
    leave(place)
  }

  /// Whether an engine that has dies stands still.
  private func stands(_ engine: Int) -> Bool {
    engine < prefill.count
      ? prefill[engine].stopped && !prefill[engine].hosts.isEmpty
      : decode[engine - prefill.count].state == .stopped && !decode[engine - prefill.count].grounded
  }

  /// Whether nothing runs on the dies that leave.
  private func isEmpty(_ place: Int) -> Bool {
    guard let giver = changes[place].giver else { return true }
    let leaving = Set(changes[place].dies)
    if giver < prefill.count {
      let engine = prefill[giver]
      // Who keeps none works off its prompts; KV that waits to be fetched lies on the engine's dies.
      if engine.hosts.allSatisfy(leaving.contains) && !engine.requests.isEmpty && !engine.stopped { return false }
      return !requests.state.indices.contains {
        (requests.state[$0] == .deferred || requests.state[$0] == .transferring)
          && Int(requests.prefilledBy[$0]) == giver && leaving.contains(engine.hosts[Int(requests.origin[$0])])
      }
    }
    let engine = decode[giver - prefill.count]
    return !(0..<engine.dies).contains {
      leaving.contains(engine.hosts[$0]) && engine.count[$0] + engine.reserved[$0] > 0
    }
  }

  /// The dies leave their engine.
  private mutating func leave(_ place: Int) {
    guard let giver = changes[place].giver else { return }
    let leaving = Set(changes[place].dies)
    let before = totals.recomputed
    let stay = hosts(ofEngine: giver).filter { !leaving.contains($0) }
    if giver < prefill.count {
      rebuildPrefill(giver, hosts: stay, stopped: stay.isEmpty)
    } else {
      let index = giver - prefill.count
      guard specification(index, dies: stay.count, of: stay) != nil else {
        return rollBack(place, because: "\(decode[index].id) cannot do without them any more")
      }
      pause(index)
      reform(index, on: stay, incident: nil)
    }
    changes[place].recomputed = totals.recomputed - before
    if case .drain = changes[place].action {
      for die in leaving { health.dies[die] = health.dies[die].worse(.drained) }
      healthChanged()
    }
    if changes[place].taker == nil { finish(place) } else { load(place) }
  }

  private mutating func load(_ place: Int) {
    changes[place].turn(.load, at: now, due: now + Int64(FaultTimes.weights * 1e9))
    schedule(.change, at: now + Self.second, subject: place)
  }

  /// Whether a die of a change is lost, as far as was noticed; at the end of all phases everybody notices.
  private func isLost(_ place: Int) -> Bool { !lostDies(place).isEmpty }

  private func lostDies(_ place: Int) -> [Int] {
    let atEnd = changes[place].phase == .build && now >= (changes[place].due ?? now)
    return changes[place].dies.filter { die in
      guard !health.state(of: DieID(die)).serves || layout.roles[die] != .spare else { return false }
      return atEnd || !incidents.contains { $0.ended == nil && $0.detected == nil && $0.dies.contains(die) }
    }
  }

  private func lostText(_ place: Int) -> String {
    lostDies(place).first.map { "\(scenario.topology.place(of: DieID($0)))" } ?? "a die"
  }

  /// The dies join their new engine.
  private mutating func join(_ place: Int) {
    guard let taker = changes[place].taker else { return }
    let dies = changes[place].dies
    if taker < prefill.count {
      if stands(taker) {
        guard Double(now - changes[place].since) / 1e9 < Self.standstillSeconds else {
          return rollBack(place, because: "\(prefill[taker].id) stands still for too long")
        }
        changes[place].due = now + Self.second
        schedule(.change, at: now + Self.second, subject: place)
        return
      }
      rebuildPrefill(taker, hosts: prefill[taker].hosts + dies, stopped: false)
      finish(place)
      return
    }
    let index = taker - prefill.count
    pause(index)
    let serving = decode[index].hosts.filter { health.state(of: DieID($0)).serves }
    guard reform(index, on: serving + dies, incident: nil) else {
      changes[place].reason = "\(decode[index].id) cannot be formed: it stays down"
      changes[place].turn(.failed, at: now)
      return
    }
    raiseGrounded()
    pair(index)
    changes[place].turn(.rejoin, at: now, due: now + Int64(FaultTimes.regroup * 1e9))
    schedule(.change, at: now + Int64(FaultTimes.regroup * 1e9), subject: place)
  }

  private mutating func finish(_ place: Int) {
    let back = changes[place].goesBack
    changes[place].turn(back ? .rolledBack : .done, at: now)
    say(.normal, "", "\(changes[place].action): \(changes[place].dies.count) dies \(back ? "are back" : "have moved")")
    rejoinHome(number: nil)
  }

  /// Gives a change up: dies that have not left yet stay, others go back; those that joined already stay where they are.
  mutating func rollBack(_ place: Int, because reason: String) {
    let change = changes[place]
    guard !change.phase.isOver, change.phase != .rejoin else { return }
    changes[place].reason = reason
    say(.high, change.taker.map { layout.engines[$0].id } ?? "", "\(change.action) is given up: \(reason)")
    if change.phase == .drain {
      setClosed(place, false)
      if change.movesHome {
        leaveHome(change.taker, change.dies)
        addHome(change.giver, change.dies)
      }
      changes[place].turn(.rolledBack, at: now)
      reopen(change)
      if let giver = change.giver, giver >= prefill.count { pair(giver - prefill.count) }
      rejoinHome(number: nil)
      return
    }
    let serving = change.dies.filter { health.state(of: DieID($0)).serves && layout.roles[$0] == .spare }
    guard change.movesHome, !change.goesBack else {
      // They are at home already, and come when they serve.
      changes[place].turn(change.goesBack && !serving.isEmpty ? .rolledBack : .aborted, at: now)
      rejoinHome(number: nil)
      return
    }
    leaveHome(change.taker, change.dies)
    addHome(change.giver, change.dies)
    guard let giver = change.giver, !serving.isEmpty else {
      changes[place].turn(change.giver == nil ? .rolledBack : .aborted, at: now)
      rejoinHome(number: nil)
      return
    }
    changes[place].dies = serving
    changes[place].goesBack = true
    changes[place].giver = change.taker
    changes[place].taker = giver
    load(place)
  }

  /// Ends a way home; the dies stay spare.
  mutating func abandon(_ place: Int, because reason: String) {
    changes[place].reason = reason
    changes[place].turn(.aborted, at: now)
  }

  /// A place that was to be drained stays in service, all of it.
  private mutating func reopen(_ change: ServerChange) {
    guard case .drain(let place) = change.action else { return }
    takenOut.removeAll { $0 == place }
    for other in changes.indices where changes[other].number == change.number && changes[other].number != nil {
      switch changes[other].phase {
      case .drain: rollBack(other, because: change.reason)
      case .done:
        for die in changes[other].dies { health.dies[die] = restingState(of: die) }
        changes[other].turn(.rolledBack, at: now)
      default: break
      }
    }
    healthChanged()
  }

  /// Dies that serve again go home to the engines that lost them, after weights and graphs are there.
  mutating func rejoinHome(number: Int?) {
    let moving = movingDies
    for index in prefill.indices {
      let missing = homeless(prefill[index].home, moving)
      let whole = missing.count / prefill[index].spec.tensorParallel * prefill[index].spec.tensorParallel
      if whole > 0 { startHome(Array(missing.prefix(whole)), engine: index, number: number) }
    }
    for index in decode.indices {
      let missing = homeless(decode[index].home, moving)
      guard !missing.isEmpty,
        let spec = specification(index, dies: decode[index].hosts.count + missing.count),
        spec.dies > decode[index].hosts.count || decode[index].grounded
      else { continue }
      startHome(missing, engine: prefill.count + index, number: number)
    }
  }

  private mutating func startHome(_ dies: [Int], engine: Int, number: Int?) {
    start(
      ServerChange(
        .undrain(scenario.topology.place(of: DieID(dies[0]))), number: number, now: now, dies: dies, giver: nil,
        taker: engine))
  }

  /// Dies of changes that are not over.
  var movingDies: Set<Int> {
    Set(changes.lazy.filter { !$0.phase.isOver }.flatMap(\.dies))
  }

  private func homeless(_ home: [Int], _ moving: Set<Int>) -> [Int] {
    home.filter { layout.roles[$0] == .spare && health.state(of: DieID($0)).serves && !moving.contains($0) }
  }
}
