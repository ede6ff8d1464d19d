import Operations
import SuperPod
import Telemetry

extension Simulation {
  /// Every engine with a die of the fault stops: its ranks wait for one that does not come.
  mutating func stopEngines(_ number: Int) {
    for index in decodeEngines(with: incidents[number].dies) {
      stop(decode: index)
      incidents[number].engines.append(prefill.count + index)
    }
    for index in prefillEngines(with: incidents[number].dies) {
      stop(prefill: index)
      incidents[number].engines.append(index)
    }
  }

  private mutating func stop(decode index: Int) {
    guard decode[index].state != .stopped else { return }
    decode[index].state = .stopped
    decode[index].epoch += 1
    decode[index].clearCounts()
    stoppedSince[prefill.count + index] = now
  }

  private mutating func stop(prefill index: Int) {
    guard !prefill[index].stopped else { return }
    prefill[index].stopped = true
    prefill[index].epoch += 1
    reroute(index)
    stoppedSince[index] = now
  }

  /// Bytes were lost on their way: an iteration is rolled back and redone, or, at lower stages, the engine restarts.
  mutating func glitch(_ number: Int) {
    switch incidents[number].injection.place?.part {
    // What decode exchanges takes neither of these ways.
    case .roce, .vpc: return
    default: break
    }
    let all = incidents[number].injection.fault == .l2
    let hit = all ? Array(decode.indices) : decodeEngines(with: incidents[number].dies)
    for index in hit where decode[index].state == .iterating {
      guard recovery == .fineGrained else {
        stop(decode: index)
        scheduleBack(index, after: FaultTimes.heartbeat + FaultTimes.reinitialise)
        loseAll(index, incident: number)
        continue
      }
      decode[index].epoch += 1
      decode[index].clearCounts()
      decode[index].state = .pausing
      say(.low, decode[index].id, "an iteration is rolled back and redone")
      schedule(
        .iterationStart, at: now + Int64(FaultTimes.rollBack * 1e9), subject: index, tag: decode[index].epoch)
    }
  }

  /// A running engine stops for a moment in which ranks are numbered anew.
  mutating func pause(_ index: Int) {
    guard decode[index].state != .stopped else { return }
    stop(decode: index)
    scheduleBack(index, after: FaultTimes.regroup)
  }

  private mutating func scheduleBack(_ index: Int, after seconds: Double) {
    schedule(.engineBack, at: now + Int64(seconds * 1e9), subject: index, tag: decode[index].epoch)
  }

  /// Something noticed a fault.
  mutating func seeFault(_ number: Int) {
    guard incidents[number].detected == nil else { return }
    let injection = incidents[number].injection
    let place = incidents[number].place
    if incidents[number].ended != nil && !stopsEngines(injection.fault) { return }
    incidents[number].detected = now
    switch injection.fault {
    case .die, .npu, .node, .dpMaster, .hungExecutor, .hbmECC:
      say(.urgent, place, "\(injection.fault) seen after \(tenths(Double(now - incidents[number].began) / 1e9)) s")
      recover(number)
    case .linkDown:
      say(.high, place, "link is down: \(scenario.topology.ways(injection.place))")
      if case .dieLink? = injection.place?.part { separate(incidents[number].dies, number: number) }
    case .linkFlap, .lanesHalf, .lanesQuarter, .optics: say(.high, place, "\(injection.fault): sub-health")
    case .l1:
      say(.urgent, place, "L1 switch is dead: its node is set apart")
      separate(incidents[number].dies, number: number)
    case .l2: say(.high, place, "L2 switch is dead: its sub-plane goes on over the others")
    case .slowDie: say(.high, place, "slower than its peers")
    case .jitter: say(.high, place, "executors start late")
    case .hotDie: say(.high, place, "HBM above \(Int(DieHeat.alarm)) °C: clocks fall")
    case .teShell:
      say(.high, place, "TE-shell does not answer: it starts anew")
      schedule(.faultEnds, at: now + Int64(FaultTimes.shellRestart * 1e9), subject: number)
    case .je:
      say(.high, place, "job executor does not answer: another takes over")
      schedule(.faultEnds, at: now + Int64(FaultTimes.shellRestart * 1e9), subject: number)
    case .kvStall:
      say(.high, place, "\(LinkProbes.limit) probes of KV transfer are lost: a link is at fault, KV takes other ways")
    default: break
    }
  }

  private func stopsEngines(_ fault: Fault) -> Bool {
    switch fault {
    case .die, .npu, .node, .dpMaster, .hungExecutor, .hbmECC: true
    default: false
    }
  }

  /// Puts the engines together again that a fault stopped, as the recovery stage has it.
  private mutating func recover(_ number: Int) {
    let dies = incidents[number].dies
    if recovery == .restartAll {
      for index in decode.indices {
        stop(decode: index)
        loseAll(index, incident: number)
        reformOnHealthy(index, incident: number)
        scheduleBack(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
      }
      for index in prefill.indices {
        stop(prefill: index)
        mendPrefill(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
      }
      return
    }
    for index in decodeEngines(with: dies) { recover(decode: index, number: number) }
    for index in prefillEngines(with: dies) {
      mendPrefill(
        index, after: recovery == .fineGrained ? FaultTimes.attentionDie : FaultTimes.reinitialise)
    }
  }

  private mutating func recover(decode index: Int, number: Int) {
    let fault = incidents[number].injection.fault
    guard recovery == .fineGrained else {
      loseAll(index, incident: number)
      reformOnHealthy(index, incident: number)
      scheduleBack(index, after: FaultTimes.reinitialise)
      return
    }
    if fault == .hbmECC {
      maskMemory(index, number: number)
      scheduleBack(index, after: FaultTimes.remap)
      return
    }
    let lost = Set(incidents[number].dies)
    let covered = decode[index].experts(coveredWithout: lost)
    let holdsExperts = decode[index].expertHosts.contains(where: lost.contains)
    // A master that died leaves its executors' weights where they are.
    let seconds =
      !holdsExperts || fault == .dpMaster
      ? FaultTimes.attentionDie : covered ? FaultTimes.expertDie : FaultTimes.roleSwitch
    if fault == .hungExecutor || fault == .dpMaster {
      loseRanks(index, dies: lost, incident: number)
    } else {
      reformOnHealthy(index, incident: number)
    }
    if !covered && fault != .dpMaster {
      say(.high, decode[index].id, "experts without a replica were lost: their weights come from disk")
    }
    scheduleBack(index, after: seconds)
  }

  /// A bad region is remapped and masked: a few requests fail, the rest redo their step.
  private mutating func maskMemory(_ index: Int, number: Int) {
    for die in incidents[number].dies {
      guard let rank = decode[index].hosts.firstIndex(of: die), rank < decode[index].dies else { continue }
      // One request in twenty had its KV there (assumption).
      for _ in 0..<max(1, Int(decode[index].count[rank]) / 20) {
        guard let (id, made) = evict(index, group: rank) else { break }
        fail(id, made: made, because: "failed: its KV lay in the memory that broke")
        incidents[number].failed += 1
      }
    }
    say(.low, decode[index].id, "memory is remapped and masked, the step redone")
  }

  /// A request that the system ends after it made some tokens.
  mutating func fail(_ id: Int, made: Int32, because reason: String) {
    tokensHeld -= Int(made + requests.made[id])
    say(.low, "r\(requests.number[id])", reason)
    if !requests.found[id] { totals.failed += 1 }
    requests.free(id)
  }

  /// All requests of an engine lose their KV.
  private mutating func loseAll(_ index: Int, incident number: Int?) {
    loseRanks(index, dies: Set(decode[index].hosts), incident: number)
  }

  /// Requests on some dies of an engine lose their KV and begin again.
  private mutating func loseRanks(_ index: Int, dies: Set<Int>, incident number: Int?) {
    var again: [(Int, Int32)] = []
    for rank in 0..<decode[index].dies where dies.contains(decode[index].hosts[rank]) {
      while let evicted = evict(index, group: rank) { again.append(evicted) }
    }
    let leaves = decode[index].hosts.map(dies.contains)
    again += underWay(index) { leaves[$0] }
    begin(again, incident: number)
  }

  /// Requests that are on their way to a group of an engine; they leave it.
  private mutating func underWay(_ index: Int, where leaves: (Int) -> Bool) -> [(Int, Int32)] {
    var result: [(Int, Int32)] = []
    for id in requests.state.indices
    where Int(requests.engine[id]) == index && (requests.state[id] == .transferring || requests.state[id] == .joining) {
      let group = Int(requests.group[id])
      guard leaves(group) else { continue }
      if requests.state[id] == .joining { decode[index].joining.removeAll { $0 == Int32(id) } }
      decode[index].unreserve(group: group, tokens: requests.claim[id])
      result.append((id, 1))
    }
    return result
  }

  /// Requests that lost their KV begin again.
  mutating func begin(_ again: [(Int, Int32)], incident number: Int?) {
    for (id, made) in again {
      requests.ticket[id] = 0
      if let number { incidents[number].recomputed += 1 }
      totals.recomputed += 1
      recompute(id, made: made)
    }
  }

  /// Engines with some dies start anew; their requests begin again.
  mutating func restartEngines(_ dies: Set<Int>) {
    for index in decodeEngines(with: dies) {
      if decode[index].state != .stopped { stop(decode: index) } else { decode[index].epoch += 1 }
      loseAll(index, incident: nil)
      scheduleBack(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
    }
    for index in prefillEngines(with: dies) {
      stop(prefill: index)
      mendPrefill(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
    }
  }

  /// Dies are set apart by the system while they still work: their engines do without them.
  private mutating func separate(_ dies: [Int], number: Int) {
    for die in dies where health.dies[die].serves { health.dies[die] = .separated }
    for index in decodeEngines(with: dies) {
      stop(decode: index)
      incidents[number].engines.append(prefill.count + index)
      reformOnHealthy(index, incident: number)
      scheduleBack(index, after: recovery == .fineGrained ? FaultTimes.expertDie : FaultTimes.reinitialise)
    }
    for index in prefillEngines(with: dies) {
      stop(prefill: index)
      incidents[number].engines.append(index)
      mendPrefill(index, after: recovery == .fineGrained ? FaultTimes.attentionDie : FaultTimes.reinitialise)
    }
  }

  /// An engine goes on after it was put together.
  mutating func engineBack(_ index: Int) {
    guard decode[index].state == .stopped else { return }
    guard decode[index].hosts.allSatisfy({ health.state(of: DieID($0)).serves }) else {
      decode[index].grounded = true
      endRestarts(prefill.count + index, failed: true)
      loseAll(index, incident: nil)
      return
    }
    decode[index].state = .pausing
    let stopped = Double(now - stoppedSince[prefill.count + index]) / 1e9
    say(.high, decode[index].id, "serves again after \(tenths(stopped)) s")
    endRestarts(prefill.count + index, failed: false)
    noteBack(prefill.count + index, stopped)
    pair(index)
    schedule(.iterationStart, at: now, subject: index, tag: decode[index].epoch)
  }

  /// Engines that stayed down for want of dies start anew once all their dies serve.
  mutating func raiseGrounded() {
    for index in decode.indices
    where decode[index].grounded && decode[index].hosts.allSatisfy({ health.state(of: DieID($0)).serves }) {
      decode[index].grounded = false
      scheduleBack(index, after: FaultTimes.reinitialise)
    }
  }

  /// Notes in the faults that touched an engine when it served again.
  private mutating func noteBack(_ engine: Int, _ seconds: Double) {
    for number in incidents.indices
    where incidents[number].detected != nil && incidents[number].engines.contains(engine) {
      incidents[number].engines.removeAll { $0 == engine }
      if incidents[number].engines.isEmpty { incidents[number].recovered = now }
      incidents[number].stoppedSeconds += seconds
    }
  }

  /// Pairs what waits before an engine.
  mutating func pair(_ index: Int) {
    if decode[index].layout == .mixed { pairMixed(index) } else { pairDeferred(index) }
  }

  /// A prefill engine goes on.
  mutating func prefillBack(_ index: Int) {
    guard prefill[index].stopped, !prefill[index].hosts.isEmpty else { return }
    prefill[index].stopped = false
    reroute(index)
    let stopped = Double(now - stoppedSince[index]) / 1e9
    say(.high, prefill[index].id, "serves again after \(tenths(stopped)) s")
    endRestarts(index, failed: false)
    noteBack(index, stopped)
    if !prefill[index].busy { startPrefill(index) }
  }

  func tenths(_ value: Double) -> String {
    let whole = Int((value * 10).rounded())
    return "\(whole / 10).\(whole % 10)"
  }
}

extension Topology {
  /// What is left where a link is down.
  func ways(_ place: Place?) -> String {
    switch place?.part {
    case .uplink: "its sub-plane goes on over the other switches"
    case .roce: "KV over scale-out does not reach the die"
    case .vpc: "the node's clients and control go over others"
    default: "the die is set apart"
    }
  }
}

extension DecodeEngine {
  /// Whether every expert keeps an instance without some dies.
  func experts(coveredWithout lost: Set<Int>) -> Bool {
    let ranks = (0..<expertDies).map { lost.contains(hosts[firstExpert + $0]) }
    return placement.covers(without: ranks)
  }
}

extension ExpertPlacement {
  /// Whether every routed expert of every layer has an instance on a rank that stays.
  func covers(without lost: [Bool]) -> Bool {
    var seen = [Bool](repeating: false, count: experts)
    for layer in 0..<layers {
      for expert in seen.indices { seen[expert] = false }
      for rank in 0..<dies where !lost[rank] {
        let base = (layer * dies + rank) * slotsPerDie
        for slot in base..<(base + slotsPerDie) where slots[slot] >= 0 && Int(slots[slot]) < experts {
          seen[Int(slots[slot])] = true
        }
      }
      if seen.contains(false) { return false }
    }
    return true
  }
}
