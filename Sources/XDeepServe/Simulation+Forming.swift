import SuperPod
import Telemetry

// Engines put together on other dies: after a loss, or because servers move.
extension Simulation {
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
    if let lost = before.rebalance {
      endRun(of: lost, engine: index, .aborted, note: "\(before.id) was formed on other dies, with experts placed anew")
    }
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
    takeOverWays(index)
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
    // Of the scenario's own shape, so that an engine that comes back to a size is what it was.
    var present = scenario.decode[index]
    present.batch = specs[index].batch
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
    spec.sharedCopies < spec.expertParallel
      && DieMemory.spareGigabytes(scenario.model, scenario.chip, spec) > Self.leastKVGigabytes
  }

  /// KV memory without which a decode die is of no use, GB (assumption).
  static let leastKVGigabytes = 4.0

  /// Loads of experts as far as they were observed.
  var observedShares: [Float] {
    observedSteps > 0 ? observedSum.map { $0 / Float(observedSteps) } : popularity.shares
  }

  func engineBuilt(_ index: Int, spec: Scenario.DecodeEngine, hosts: [Int]) -> DecodeEngine {
    var engine = DecodeEngine(
      index: index, id: "D\(index)", hosts: hosts, spec: spec, model: scenario.model, chip: scenario.chip,
      stack: scenario.stack,
      observed: observedShares, popularity: popularity, balancer: scenario.experts.balancer, seed: scenario.seed,
      places: decode[index].slotVectors * 4)
    engine.mtpLayers = decode[index].mtpLayers
    engine.wantedDrafts = decode[index].wantedDrafts
    engine.batchLimit = spec.batch
    return engine
  }

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
        model: scenario.model, chip: scenario.chip, spec: spec, observed: observedShares, popularity: popularity,
        policy: ExpertPlacement.Policy(scenario.experts.balancer))
    }
    prefill[index] = PrefillEngine(
      index: index, id: old.id, hosts: hosts, spec: spec, model: scenario.model, chip: scenario.chip,
      stack: scenario.stack,
      experts: experts)
    prefill[index].epoch = epoch
    prefill[index].home = home
    prefill[index].stopped = stopped
    fitPrefillToHealth(index)
    // Engines before it may have been alike.
    for other in prefill.indices { reroute(other) }
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
}
