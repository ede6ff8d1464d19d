import Operations
import SuperPod
import Telemetry

extension Simulation {
  /// Every engine with a die of the fault stops: its ranks wait for one that does not come.
  mutating func stopEngines(_ number: Int) {
    let dies = Set(incidents[number].dies)
    for index in decode.indices where decode[index].hosts.contains(where: dies.contains) {
      stop(decode: index)
      incidents[number].engines.append(prefill.count + index)
    }
    for index in prefill.indices where prefill[index].hosts.contains(where: dies.contains) {
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
    stoppedSince[index] = now
  }

  /// Bytes were lost on their way: an iteration is rolled back and redone, or, at lower stages, the engine restarts.
  mutating func glitch(_ number: Int) {
    let dies = Set(incidents[number].dies)
    let all = incidents[number].injection.fault == .l2
    for index in decode.indices where all || decode[index].hosts.contains(where: dies.contains) {
      guard decode[index].state == .iterating else { continue }
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

  private mutating func scheduleBack(_ index: Int, after seconds: Double) {
    schedule(.engineBack, at: now + Int64(seconds * 1e9), subject: index, tag: decode[index].epoch)
  }

  /// Something noticed a fault.
  mutating func seeFault(_ number: Int) {
    guard incidents[number].detected == nil else { return }
    let injection = incidents[number].injection
    let place = injection.place.map { "\($0)" } ?? ""
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
    case .teShell:
      say(.high, place, "TE-shell does not answer: it starts anew")
      schedule(.faultEnds, at: now + Int64(FaultTimes.shellRestart * 1e9), subject: number)
    case .je:
      say(.high, place, "job executor does not answer: another takes over")
      schedule(.faultEnds, at: now + Int64(FaultTimes.shellRestart * 1e9), subject: number)
    case .kvStall: say(.high, place, "probes of KV transfer are blocked: the link is at fault")
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
    let dies = Set(incidents[number].dies)
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
    for index in decode.indices where decode[index].hosts.contains(where: dies.contains) {
      recover(decode: index, number: number)
    }
    for index in prefill.indices where prefill[index].hosts.contains(where: dies.contains) {
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
        guard let (request, remaining) = decode[index].unseat(group: rank) else { break }
        let id = Int(request)
        decode[index].release(
          group: rank, held: requests.prompt[id] + requests.output[id] - remaining, committed: requests.claim[id])
        fail(id, made: requests.output[id] - remaining, because: "failed: its KV lay in the memory that broke")
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
      while let (request, remaining) = decode[index].unseat(group: rank) {
        let id = Int(request)
        let made = requests.output[id] - remaining
        decode[index].release(group: rank, held: requests.prompt[id] + made, committed: requests.claim[id])
        again.append((id, made))
      }
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

  private mutating func begin(_ again: [(Int, Int32)], incident number: Int?) {
    for (id, made) in again {
      requests.ticket[id] = 0
      if let number { incidents[number].recomputed += 1 }
      totals.recomputed += 1
      recompute(id, made: made)
    }
  }

  /// Forms a decode engine on those of its dies that serve; what it loses begins again.
  ///
  /// - Returns: Whether it has other dies now.
  @discardableResult
  mutating func reformOnHealthy(_ index: Int, incident number: Int?) -> Bool {
    let serving = decode[index].hosts.filter { health.state(of: DieID($0)).serves }
    guard serving.count < decode[index].hosts.count else { return false }
    return reform(index, on: serving, incident: number)
  }

  /// Forms a decode engine on some dies, as many as make a size that it comes in.
  @discardableResult
  mutating func reform(_ index: Int, on dies: [Int], incident number: Int?) -> Bool {
    guard let spec = specification(index, dies: dies.count, of: dies) else {
      if prefill.isEmpty == false, let giver = prefill.indices.last(where: { !prefill[$0].hosts.isEmpty }) {
        // Prefill ends to save decode ([XDS], stage 2).
        let freed = prefill[giver].hosts
        say(.urgent, prefill[giver].id, "ends, its servers go to \(decode[index].id)")
        closePrefill(giver)
        return reform(index, on: dies + freed, incident: number)
      }
      say(.urgent, decode[index].id, "its dies are too few for the model: it stays down")
      return false
    }
    let attention = Array(attentionHosts(index, among: dies).prefix(spec.dataParallel))
    let chosen =
      spec.layout == .split
      ? attention + dies.filter { !attention.contains($0) }.prefix(spec.expertParallel) : attention
    var engine = engineBuilt(index, spec: spec, hosts: chosen)
    engine.costs = decode[index].costs
    let before = decode[index]
    let moves = decode[index].reform(into: engine)
    specs[index] = spec
    var again = moves.lost.map { (Int($0.request), requests.output[Int($0.request)] - $0.remaining) }
    for id in requests.state.indices where Int(requests.engine[id]) == index {
      switch requests.state[id] {
      case .transferring, .joining:
        let rank = moves.ranks[Int(requests.group[id])]
        if rank >= 0 {
          requests.group[id] = rank
        } else {
          decode[index].joining.removeAll { $0 == Int32(id) }
          again.append((id, 1))
        }
      case .decoding:
        let rank = moves.ranks[Int(requests.group[id])]
        if rank >= 0 { requests.group[id] = rank }
      default: break
      }
    }
    if before.layout == .mixed { again += promptsLeft(before, moves) }
    begin(again, incident: number)
    fitToHealth(index)
    relayout()
    say(
      .high, decode[index].id,
      "stands on \(decode[index].hosts.count) dies now, \(again.count) requests begin again")
    return true
  }

  /// Prompts in the queues of dies that left.
  private mutating func promptsLeft(_ before: DecodeEngine, _ moves: DecodeEngine.Moves) -> [(Int, Int32)] {
    var result: [(Int, Int32)] = []
    for rank in 0..<before.dies {
      var id = Int(before.promptHead[rank])
      while id >= 0 {
        let next = Int(requests.next[id])
        if moves.ranks[rank] >= 0 {
          requests.group[id] = moves.ranks[rank]
        } else {
          pendingPrompts[before.index] -= Int(requests.prefillLeft[id])
          if requests.state[id] == .abandoned { requests.free(id) } else { result.append((id, 0)) }
        }
        id = next
      }
    }
    return result
  }

  /// The engine's dies with attention first, as it had them, then others.
  private func attentionHosts(_ index: Int, among dies: [Int]) -> [Int] {
    guard decode[index].layout == .split else { return dies }
    let had = Set(decode[index].hosts[0..<decode[index].dies])
    return dies.filter(had.contains) + dies.filter { !had.contains($0) && !decode[index].hosts.contains($0) }
  }

  /// The largest size of an engine that some dies make; nil if none does.
  func specification(_ index: Int, dies count: Int, of dies: [Int]? = nil) -> Scenario.DecodeEngine? {
    let present = specs[index]
    var spec: Scenario.DecodeEngine
    if present.layout == .split {
      // Attention and experts keep their proportion, the attention's dies in whole domains.
      var attention = count * present.dataParallel / present.dies / present.attentionStep * present.attentionStep
      if let dies {
        let had = Set(decode[index].hosts[0..<decode[index].dies])
        attention = min(attention, dies.count(where: had.contains) / present.attentionStep * present.attentionStep)
      }
      let experts = (count - attention) / Lanes.count * Lanes.count
      guard attention > 0, experts > 0 else { return nil }
      spec = present.resized(attention: attention, experts: experts, model: scenario.model)
    } else {
      let size = count / Lanes.count * Lanes.count
      guard size > 0 else { return nil }
      spec = present.resized(attention: size, experts: size, model: scenario.model)
    }
    guard engineFits(spec) else { return nil }
    return spec
  }

  /// Whether a size has room for experts and for some KV.
  private func engineFits(_ spec: Scenario.DecodeEngine) -> Bool {
    spec.sharedCopies < spec.expertParallel && DieMemory.spareGigabytes(scenario.model, spec) > Self.leastKVGigabytes
  }

  /// KV memory without which a decode die is of no use, GB (assumption).
  static let leastKVGigabytes = 4.0

  /// Engines with some dies start anew; their requests begin again.
  mutating func restartEngines(_ dies: Set<Int>) {
    for index in decode.indices where decode[index].hosts.contains(where: dies.contains) {
      if decode[index].state != .stopped { stop(decode: index) } else { decode[index].epoch += 1 }
      loseAll(index, incident: nil)
      scheduleBack(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
    }
    for index in prefill.indices where prefill[index].hosts.contains(where: dies.contains) {
      stop(prefill: index)
      mendPrefill(index, after: FaultTimes.processExit + FaultTimes.reinitialise)
    }
  }

  /// Loads of experts as far as they were observed.
  var observedShares: [Float] {
    observedSteps > 0 ? observedSum.map { $0 / Float(observedSteps) } : popularity.shares
  }

  func engineBuilt(_ index: Int, spec: Scenario.DecodeEngine, hosts: [Int]) -> DecodeEngine {
    var engine = DecodeEngine(
      index: index, id: "D\(index)", hosts: hosts, spec: spec, model: scenario.model, stack: scenario.stack,
      observed: observedShares, popularity: popularity, balancer: scenario.experts.balancer, seed: scenario.seed,
      places: decode[index].slotVectors * 4)
    engine.mtpLayers = decode[index].mtpLayers
    engine.wantedDrafts = decode[index].wantedDrafts
    engine.batchLimit = spec.batch
    return engine
  }

  /// Dies are set apart by the system while they still work: their engines do without them.
  private mutating func separate(_ dies: [Int], number: Int) {
    for die in dies where health.dies[die].serves { health.dies[die] = .separated }
    let gone = Set(dies)
    for index in decode.indices where decode[index].hosts.contains(where: gone.contains) {
      stop(decode: index)
      incidents[number].engines.append(prefill.count + index)
      reformOnHealthy(index, incident: number)
      scheduleBack(index, after: recovery == .fineGrained ? FaultTimes.expertDie : FaultTimes.reinitialise)
    }
    for index in prefill.indices where prefill[index].hosts.contains(where: gone.contains) {
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
      loseAll(index, incident: nil)
      return
    }
    decode[index].state = .pausing
    let stopped = Double(now - stoppedSince[prefill.count + index]) / 1e9
    say(.high, decode[index].id, "serves again after \(tenths(stopped)) s")
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

  // Prefill.

  /// A prefill engine's requests go elsewhere, and it comes back on the DP groups that still have all their dies.
  mutating func mendPrefill(_ index: Int, after seconds: Double) {
    let each = prefill[index].spec.tensorParallel
    var hosts: [Int] = []
    for group in 0..<(prefill[index].hosts.count / each) {
      let dies = prefill[index].hosts[(group * each)..<((group + 1) * each)]
      if dies.allSatisfy({ health.state(of: DieID($0)).serves }) { hosts += dies }
    }
    rebuildPrefill(index, hosts: hosts, stopped: true)
    if !hosts.isEmpty {
      schedule(.prefillBack, at: now + Int64(seconds * 1e9), subject: index, tag: prefill[index].epoch)
    }
  }

  /// A prefill engine ends: its dies are free.
  mutating func closePrefill(_ index: Int) { rebuildPrefill(index, hosts: [], stopped: true) }

  /// A prefill engine on other dies; its requests begin again, elsewhere while it is stopped.
  ///
  /// Dies beyond whole DP groups stay spare.
  mutating func rebuildPrefill(_ index: Int, hosts dies: [Int], stopped wanted: Bool) {
    let old = prefill[index]
    let hosts = Array(dies.prefix(dies.count / old.spec.tensorParallel * old.spec.tensorParallel))
    let stopped = wanted || hosts.isEmpty
    var spec = old.spec
    // One without dies keeps its shape for the day when it gets some.
    if !hosts.isEmpty {
      spec.dies = hosts.count
      spec.dataParallel = hosts.count / spec.tensorParallel
      spec.expertParallel = hosts.count
    }
    let epoch = old.epoch + 1
    let home = old.home
    var experts = old.experts
    if !hosts.isEmpty && hosts.count != old.hosts.count {
      experts = PrefillLayout(
        model: scenario.model, spec: spec, observed: observedShares, popularity: popularity,
        policy: ExpertPlacement.Policy(scenario.experts.balancer))
    }
    prefill[index] = PrefillEngine(
      index: index, id: old.id, hosts: hosts, spec: spec, model: scenario.model, stack: scenario.stack,
      experts: experts)
    prefill[index].epoch = epoch
    prefill[index].home = home
    prefill[index].stopped = stopped
    moveWaiting(from: old)
    for id in old.requests {
      guard requests.state[Int(id)] != .abandoned else {
        requests.free(Int(id))
        continue
      }
      requests.state[Int(id)] = .queued
      queueForPrefill(Int(id))
    }
    relayout()
  }

  /// KV that waits on a prefill engine for decode to fetch it moves with its dies, or is lost with them.
  private mutating func moveWaiting(from old: PrefillEngine) {
    var lost: [Int] = []
    for id in requests.state.indices where Int(requests.prefilledBy[id]) == old.index {
      guard requests.state[id] == .deferred || requests.state[id] == .transferring else { continue }
      let die = old.hosts[Int(requests.origin[id])]
      if let rank = prefill[old.index].hosts.firstIndex(of: die), rank % old.spec.tensorParallel == 0 {
        requests.origin[id] = Int32(rank)
      } else {
        lost.append(id)
      }
    }
    for id in lost { loseWaiting(id) }
  }

  /// The KV of a request that decode has not fetched yet is gone.
  mutating func loseWaiting(_ id: Int) {
    let engine = Int(requests.engine[id])
    if requests.state[id] == .deferred {
      decode[engine].deferred.removeAll { $0 == Int32(id) }
    } else {
      decode[engine].unreserve(group: Int(requests.group[id]), tokens: requests.claim[id])
    }
    requests.ticket[id] = 0
    totals.recomputed += 1
    recompute(id, made: 1)
  }

  /// A prefill engine goes on.
  mutating func prefillBack(_ index: Int) {
    guard prefill[index].stopped, !prefill[index].hosts.isEmpty else { return }
    prefill[index].stopped = false
    let stopped = Double(now - stoppedSince[index]) / 1e9
    say(.high, prefill[index].id, "serves again after \(tenths(stopped)) s")
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
    if case .uplink? = place?.part { return "its sub-plane goes on over the other switches" }
    return "the die is set apart"
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
