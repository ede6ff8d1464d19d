import Operations
import SuperPod
import Telemetry
import Words
import XCCL

extension Simulation {
  /// Makes a fault happen now.
  ///
  /// - Throws: A sentence where this pod has no such place, or the fault already holds there.
  mutating func inject(_ injection: Injection) throws(ActionRefusal) {
    if let place = injection.place {
      try check(place)
      guard !isActive(injection.fault, at: place) else {
        throw ActionRefusal("\(injection.fault) already holds at \(place)")
      }
    }
    var incident = Incident(injection, began: now)
    if let place = injection.place { incident.dies = try dies(of: place) }
    try checkEffect(injection, dies: incident.dies)
    incidents.append(incident)
    let number = incidents.count - 1
    say(.low, incident.place, "fault: \(Action.inject(injection))")
    try begin(number)
    if let duration = injection.effectiveDuration {
      schedule(.faultEnds, at: now + duration.nanoseconds, subject: number)
    }
  }

  /// Ends a fault at a place, or everywhere.
  mutating func clear(_ fault: Fault, at place: Place?) throws(ActionRefusal) {
    let numbers = incidents.indices.filter {
      incidents[$0].ended == nil && incidents[$0].injection.fault == fault
        && (place == nil || incidents[$0].injection.place == place)
    }
    guard !numbers.isEmpty else {
      throw ActionRefusal("no \(fault) holds\(place.map { " at \($0)" } ?? "")")
    }
    for number in numbers { endFault(number) }
  }

  /// Refuses a fault that could do nothing here.
  private func checkEffect(_ injection: Injection, dies: [Int]) throws(ActionRefusal) {
    let place = injection.place.map { "\($0)" } ?? ""
    switch injection.fault {
    case .jitter where decodeEngines(with: dies).isEmpty:
      throw ActionRefusal("\(place) has no decode executor that jitter could strike")
    case .kvStall where isMixed:
      throw ActionRefusal("a mixed executor's KV stays on the dies that made it; no transfer could stall")
    case .surge, .longFlood:
      guard scenario.workload.rate(at: now) != nil else {
        throw ActionRefusal("\(injection.fault) strikes arrivals that have a rate; this scenario's workload has none")
      }
    default: break
    }
  }

  private func isActive(_ fault: Fault, at place: Place) -> Bool {
    incidents.contains { $0.ended == nil && $0.injection.fault == fault && $0.injection.place == place }
  }

  /// Index among the layout's engines of a place's task executor.
  func engine(_ executor: Place.Executor) throws(ActionRefusal) -> Int {
    let count = executor.prefills ? prefill.count : decode.count
    guard executor.number < count else {
      let kind = executor.prefills ? "P" : "D"
      throw ActionRefusal(
        count == 0
          ? "there is no \(kind)\(executor.number)"
          : "there is no \(kind)\(executor.number); accepted are \(kind)0"
            + (count > 1 ? " to \(kind)\(count - 1)" : ""))
    }
    return executor.prefills ? executor.number : prefill.count + executor.number
  }

  /// Refuses a place that this pod does not have.
  func check(_ place: Place) throws(ActionRefusal) {
    do throws(PlaceProblem) { try scenario.topology.check(place) } catch { throw ActionRefusal(error.message) }
  }

  /// The dies of a place, by rank where it is an executor.
  func dies(of place: Place) throws(ActionRefusal) -> [Int] {
    let topology = scenario.topology
    switch place.part {
    case .node(let node), .l1(let node, _): return Array(topology.dies(of: NodeID(node)))
    case .npu(let node, let npu):
      let first = (node * topology.npusPerNode + npu) * topology.diesPerNPU
      return Array(first..<(first + topology.diesPerNPU))
    case .die(let node, let npu, let die), .dieLink(let node, let npu, let die, _, _),
      .roce(let node, let npu, let die, _):
      return [(node * topology.npusPerNode + npu) * topology.diesPerNPU + die]
    case .rack(let rack): return topology.nodes(of: RackID(rack)).flatMap { topology.dies(of: NodeID($0)) }
    case .uplink(_, let node, _, _), .vpc(let node, _): return Array(topology.dies(of: NodeID(node)))
    case .executor(let executor), .shell(let executor): return hosts(ofEngine: try engine(executor))
    case .group(let executor, let group):
      let index = try engine(executor)
      let each = index < prefill.count ? prefill[index].spec.tensorParallel : 1
      let ranks = index < prefill.count ? prefill[index].hosts.count : decode[index - prefill.count].dies
      guard (group + 1) * each <= ranks else {
        throw ActionRefusal("\(place): its DP groups are dp0 to dp\(ranks / each - 1)")
      }
      return Array(hosts(ofEngine: index)[(group * each)..<((group + 1) * each)])
    case .expertRank(let executor, let rank), .expertSlot(let executor, let rank, _):
      let index = try engine(executor)
      let hosts = index < prefill.count ? prefill[index].hosts[...] : decode[index - prefill.count].expertHosts
      guard rank < hosts.count else {
        throw ActionRefusal("\(place): its expert ranks are ep0 to ep\(hosts.count - 1)")
      }
      return [hosts[hosts.startIndex + rank]]
    default: return []
    }
  }

  /// Decode engines that stand on at least one of some dies.
  func decodeEngines(with dies: some Sequence<Int>) -> [Int] {
    let dies = Set(dies)
    return decode.indices.filter { decode[$0].hosts.contains(where: dies.contains) }
  }

  /// Prefill engines that stand on at least one of some dies.
  func prefillEngines(with dies: some Sequence<Int>) -> [Int] {
    let dies = Set(dies)
    return prefill.indices.filter { prefill[$0].hosts.contains(where: dies.contains) }
  }

  func hosts(ofEngine index: Int) -> [Int] {
    index < prefill.count ? prefill[index].hosts : decode[index - prefill.count].hosts
  }

  /// What a fault does at once: parts fail, then what that means for all is worked out, then engines feel it.
  private mutating func begin(_ number: Int) throws(ActionRefusal) {
    let seconds = try strike(number)
    healthChanged()
    switch incidents[number].injection.fault {
    case .die, .npu, .node, .hbmECC, .hungExecutor, .dpMaster: stopEngines(number)
    case .linkDown, .optics, .l1, .l2: glitch(number)
    case .linkFlap:
      glitch(number)
      planFlap(number)
    default: break
    }
    if let seconds { schedule(.faultSeen, at: now + Int64(seconds * 1e9), subject: number) }
  }

  /// Lets a fault's parts fail.
  ///
  /// - Returns: Seconds until it is seen; nil where nobody looks for it at a fixed time.
  private mutating func strike(_ number: Int) throws(ActionRefusal) -> Double? {
    let injection = incidents[number].injection
    switch injection.fault {
    case .die, .npu, .node:
      setDies(number, .down)
      return FaultTimes.heartbeat
    case .hbmECC:
      if recovery != .fineGrained { setDies(number, .down) }
      return FaultTimes.memoryError
    case .hungExecutor: return FaultTimes.hangCheck
    case .dpMaster: return FaultTimes.heartbeat
    case .linkDown:
      setLinks(number, .down)
      return FaultTimes.portIgnored
    case .linkFlap:
      incidents[number].flaps = 1
      setLinks(number, .down)
      return FaultTimes.laneCheck
    case .optics:
      setLinks(number, .down)
      return FaultTimes.laneCheck
    case .lanesHalf:
      setLinks(number, .degraded(0.5))
      return FaultTimes.laneCheck
    case .lanesQuarter:
      setLinks(number, .degraded(0.25))
      return FaultTimes.laneCheck
    case .l1, .l2:
      setWhole(number, .down)
      return FaultTimes.heartbeat
    case .slowDie:
      let share = Float(1 / (injection.effectiveStrength ?? 1))
      if share < 1 { setDies(number, .degraded(share)) }
      return FaultTimes.straggler
    case .hotDie:
      // Its alarm shows it.
      for die in incidents[number].dies { badlyCooled[die] = true }
      return nil
    case .teShell, .kvStall, .je, .jitter, .surge, .popularityShift, .longFlood:
      return try beginService(number)
    }
  }

  /// Faults of processes and of the workload.
  private mutating func beginService(_ number: Int) throws(ActionRefusal) -> Double? {
    let injection = incidents[number].injection
    switch injection.fault {
    case .teShell:
      guard case .shell(let executor)? = injection.place?.part else { return nil }
      blocked[try engine(executor)] += 1
      return FaultTimes.heartbeat
    case .kvStall:
      // Probes see it, each at its time.
      for die in incidents[number].dies { stalled[die] += 1 }
      return nil
    case .je:
      routersDown += 1
      return FaultTimes.heartbeat
    case .jitter:
      for index in decodeEngines(with: incidents[number].dies) {
        decode[index].jitter = JitterMeasures(pin: false, graph: false, gc: false)
      }
      return FaultTimes.straggler
    case .popularityShift:
      popularity.shift()
      refreshExperts()
      return nil
    default:
      return nil
    }
  }

  /// A fault's cause is gone.
  mutating func endFault(_ number: Int) {
    guard incidents[number].ended == nil else { return }
    incidents[number].ended = now
    let injection = incidents[number].injection
    let place = incidents[number].place
    switch injection.fault {
    case .die, .npu, .node, .hbmECC, .slowDie:
      setDies(number, .healthy)
    case .linkFlap where incidents[number].flaps >= FaultTimes.flapLimit:
      // It stays apart, whatever became of the cause.
      schedule(.faultStep, at: now + Int64(FaultTimes.flapApart * 1e9), subject: number, tag: 2)
    case .linkDown, .linkFlap, .lanesHalf, .lanesQuarter, .optics:
      setLinks(number, .healthy)
    case .l1, .l2:
      setWhole(number, .healthy)
    case .hotDie:
      for die in incidents[number].dies { badlyCooled[die] = false }
    case .teShell:
      if case .shell(let executor)? = injection.place?.part, let index = try? engine(executor) { unblock(index) }
    case .kvStall:
      for die in incidents[number].dies { stalled[die] -= 1 }
    case .je:
      routersDown -= 1
      if routersDown == 0 { releaseHeld() }
    case .jitter:
      for index in decodeEngines(with: incidents[number].dies) { decode[index].jitter = jitter }
    case .surge, .popularityShift, .longFlood, .hungExecutor, .dpMaster:
      break
    }
    healthChanged()
    say(.normal, place, "\(injection.fault) is over")
    // What was set apart for it is trusted after a while, and dies without an engine go home.
    let wait = injection.fault == .linkDown || injection.fault == .linkFlap ? FaultTimes.portTrusted : 1
    schedule(.rejoin, at: now + Int64(wait * 1e9), subject: number)
  }

  /// Sets what an incident means for its dies; what is set apart stays so.
  private mutating func setDies(_ number: Int, _ state: Health) {
    incidents[number].imposed = state
    for die in incidents[number].dies {
      let rest = restingState(of: die)
      health.dies[die] = health.dies[die] == .separated ? rest.worse(.separated) : rest
    }
  }

  /// Sets what an incident means for a switch or a port, which is named as a whole.
  private mutating func setWhole(_ number: Int, _ state: Health) {
    incidents[number].imposed = state
    if let place = incidents[number].injection.place { settle(place) }
  }

  /// The links of a fault: one, or the two of an optical module.
  func links(of number: Int) -> [LinkID] {
    guard let place = incidents[number].injection.place, let link = scenario.topology.link(place) else { return [] }
    guard incidents[number].injection.fault == .optics else { return [link] }
    let first = scenario.topology.dieLinks
    return [LinkID((link.rawValue - first) & ~1 + first), LinkID((link.rawValue - first) | 1 + first)]
  }

  /// Sets what an incident means for its links; the worst of all that hold counts.
  private mutating func setLinks(_ number: Int, _ state: Health) {
    incidents[number].imposed = state
    let links = links(of: number)
    for link in links { settle(link) }
    if links.isEmpty { setWhole(number, state) }
  }

  /// A flapping link goes down for a moment, again and again, until it is set apart.
  mutating func flap(_ number: Int) {
    guard incidents[number].ended == nil else { return }
    incidents[number].flaps += 1
    guard incidents[number].flaps < FaultTimes.flapLimit else {
      setLinks(number, .separated)
      healthChanged()
      say(.high, incidents[number].place, "down \(incidents[number].flaps) times: set apart for 48 h")
      return
    }
    setLinks(number, .down)
    healthChanged()
    glitch(number)
    planFlap(number)
  }

  private mutating func planFlap(_ number: Int) {
    schedule(.faultStep, at: now + Int64(FaultTimes.flapDown * 1e9), subject: number, tag: 0)
    schedule(.faultStep, at: now + Int64(FaultTimes.flapEvery * 1e9), subject: number, tag: 1)
  }

  /// The next turn of a flapping link.
  mutating func stepFault(_ number: Int, tag: UInt64) {
    if tag < 2 {
      guard incidents[number].ended == nil, incidents[number].flaps < FaultTimes.flapLimit else { return }
      if tag == 1 { return flap(number) }
    }
    setLinks(number, .healthy)
    healthChanged()
  }

  /// Takes over what the state of the machine means for every engine.
  mutating func healthChanged() {
    fabric = FabricHealth(health)
    for index in decode.indices { fitToHealth(index) }
    for index in prefill.indices { fitPrefillToHealth(index) }
  }

  /// Pace and ways of a prefill engine's dies: a group waits for its slowest, all wait for the slowest group and for
  /// the die with the narrowest way.
  mutating func fitPrefillToHealth(_ index: Int) {
    let spec = prefill[index].spec
    let each = spec.tensorParallel
    let ranks = prefill[index].hosts.count
    let older = spec.chip == .b910
    let remote = Double(CollectiveCost.remoteShare(ranks: spec.dies, diesPerNode: older ? 8 : 16))
    var (slowest, stretch) = (1.0, 1.0)
    for group in 0..<(ranks / each) {
      var (pace, fetch) = (1.0, 1.0)
      for rank in (group * each)..<((group + 1) * each) {
        let die = prefill[index].hosts[rank]
        let state = health.state(of: DieID(die))
        pace = max(pace, Double(throttle[die] / max(state.serves ? state.share : 1, 0.01)))
        let ways =
          older
          ? 1 - remote + remote / Double(max(health.roce[die].share, 0.01))
          : (1 - remote) * Double(fabric.local[die]) + remote * Double(fabric.remote[die])
        // A die that is cut off stops its engine; it is no way of any length.
        if state.serves, ways < Double(FabricHealth.cut) { stretch = max(stretch, ways) }
        if !older, state.serves, fabric.remote[die] < FabricHealth.cut {
          fetch = max(fetch, Double(fabric.remote[die]))
        }
      }
      prefill[index].groupPace[group] = pace
      prefill[index].groupFetch[group] = fetch
      slowest = max(slowest, pace)
    }
    prefill[index].slowestPace = slowest
    prefill[index].stretch = stretch
  }

  /// Pace and wires of a decode engine's dies.
  mutating func fitToHealth(_ index: Int) {
    for (rank, die) in decode[index].hosts.enumerated() {
      let (vector, lane) = (rank / Lanes.count, rank % Lanes.count)
      let state = health.state(of: DieID(die))
      decode[index].pace[vector][lane] = throttle[die] / max(state.serves ? state.share : 1, 0.01)
      let remote = decode[index].remoteShare
      decode[index].stretch[vector][lane] = (1 - remote) * fabric.local[die] + remote * fabric.remote[die]
    }
  }

  mutating func refreshExperts() {
    hottestExpert = popularity.hottestOverMean
    for index in decode.indices { refreshExperts(index) }
  }

  /// An engine's experts draw what is popular now; one that stands as an earlier engine does takes that one's columns.
  mutating func refreshExperts(_ index: Int) {
    var twin = index - 1
    while twin >= 0, !decode[index].standsAs(decode[twin]) { twin -= 1 }
    if twin >= 0 {
      decode[index].takeExperts(of: decode[twin])
    } else {
      decode[index].refreshExperts(popularity)
    }
  }
}
