import Operations
import SuperPod
import Telemetry

// Parts of the machine out of service, back in it, or started anew.
extension Simulation {
  /// Takes a part of the machine out of service.
  mutating func drain(_ place: Place, number: Int) throws(ActionRefusal) {
    try check(place)
    takenOut.append(place)
    guard !settle(place) else { return healthChanged() }
    let dies = try dies(of: place)
    guard !dies.isEmpty else {
      throw ActionRefusal("\(place) cannot be drained; a die, an NPU, a node, a link, a sub-plane or a switch can")
    }
    let gone = Set(dies)
    // Who is on the way somewhere else arrives first.
    if let busy = changes.first(where: { !$0.phase.isOver && $0.dies.contains(where: gone.contains) }) {
      throw ActionRefusal("\(place) is on its way (\(busy.action)); one at a time")
    }
    let owners = layout.engines.indices.filter { hosts(ofEngine: $0).contains(where: gone.contains) }
    for owner in owners {
      let leaving = hosts(ofEngine: owner).filter(gone.contains)
      try checkRoom(giver: owner, taker: nil, dies: leaving, number: number)
      start(ServerChange(.drain(place), number: number, now: now, dies: leaving, giver: owner, taker: nil))
    }
    for die in dies where layout.roles[die] == .spare { health.dies[die] = health.dies[die].worse(.drained) }
    healthChanged()
  }

  /// Takes it back; dies go home to their engine.
  mutating func undrain(_ place: Place, number: Int) throws(ActionRefusal) {
    try check(place)
    takenOut.removeAll { $0 == place }
    trust(place)
    guard !settle(place) else { return healthChanged() }
    let dies = try dies(of: place)
    for draining in changes.indices where changes[draining].phase == .drain && changes[draining].action == .drain(place)
    {
      rollBack(draining, because: "undrain")
    }
    for die in dies where health.dies[die] == .drained || health.dies[die] == .separated {
      health.dies[die] = restingState(of: die)
    }
    healthChanged()
    rejoinHome(number: number)
    raiseGrounded()
  }

  /// Whether a link or some dies of a place were set apart by the system, which `undrain` overrules.
  func isSeparated(_ place: Place) -> Bool {
    if let link = scenario.topology.link(place) { return health.links[link.rawValue] == .separated }
    guard (try? check(place)) != nil, let dies = try? dies(of: place) else { return false }
    return dies.contains { health.dies[$0] == .separated }
  }

  /// Whether an operator took a die out of service and it has left its engine.
  func isTakenOut(_ die: Int) -> Bool {
    guard !takenOut.isEmpty else { return false }
    let draining = changes.contains { $0.phase == .drain && $0.dies.contains(die) }
    return !draining && takenOut.contains { ((try? dies(of: $0)) ?? []).contains(die) && !isFabric($0) }
  }

  private func isFabric(_ place: Place) -> Bool {
    switch place.part {
    case .dieLink, .uplink, .subPlane, .l1, .l2, .roce, .vpc: true
    default: false
    }
  }

  /// Starts a die, an executor or a TE anew: its engine stops for an engine's initialisation, its requests begin again.
  mutating func restart(_ place: Place, number: Int) throws(ActionRefusal) {
    let dies = try dies(of: place)
    guard !dies.isEmpty else { throw ActionRefusal("\(place) cannot be restarted; a die, an executor or a TE can") }
    let hit = Set(dies)
    let engines = layout.engines.indices.filter { hosts(ofEngine: $0).contains(where: hit.contains) }
    guard !engines.isEmpty else { throw ActionRefusal("\(place) serves nobody") }
    for engine in engines {
      try checkIdle(engine, number: number)
      performed[number - 1].restarts.append(RestartRun(engine: engine, began: now))
    }
    for number in incidents.indices
    where incidents[number].ended == nil && incidents[number].dies.contains(where: hit.contains) {
      let fault = incidents[number].injection.fault
      if fault == .hungExecutor || fault == .dpMaster || fault == .hbmECC { endFault(number) }
    }
    restartEngines(hit)
  }
}
