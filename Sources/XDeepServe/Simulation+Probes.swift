import Operations
import SuperPod
import Telemetry

// DistFlow's ways of KV: which are open, what probes find out, transfers that fail and are tried again.
extension Simulation {
  /// Time without an answer after which a transfer is given up and paired anew, seconds (assumption).
  static let transferTimeout = 1.0

  /// Whether KV gets from a prefill die, or from the memory of the node's CPUs, to a decode die now.
  func carriesKV(from source: Int?, to target: Int, over way: Scenario.PrefillEngine.Fabric) -> Bool {
    kvWays.carry(from: source, to: target, over: way)
  }

  /// The ways of KV as they are now, apart from everything else: who asks many times asks this.
  private var kvWays: KVWays {
    KVWays(stalled: stalled, fabric: fabric, health: health, perNode: scenario.topology.diesPerNode)
  }

  /// Whether a request's KV gets to its decode group now.
  func carriesKV(of id: Int) -> Bool {
    let target = decode[Int(requests.engine[id])].hosts[Int(requests.group[id])]
    guard requests.prefilledBy[id] >= 0 else { return carriesKV(from: nil, to: target, over: .ub) }
    let engine = Int(requests.prefilledBy[id])
    return carriesKV(
      from: prefill[engine].hosts[Int(requests.origin[id])], to: target, over: prefill[engine].spec.fabric)
  }

  /// Whether probes say that the KV of a request cannot leave where it is.
  func isHeldAtSource(_ id: Int) -> Bool {
    guard requests.prefilledBy[id] >= 0 else { return false }
    return probes.isBlocked[prefill[Int(requests.prefilledBy[id])].hosts[Int(requests.origin[id])]]
  }

  /// Probes come back or do not, and the next go out.
  mutating func probe() {
    schedule(.probe, at: now + Int64(LinkProbes.interval * 1e9))
    let changed = probes.settle()
    takeOverWays()
    if changed { tellOfWays() }
    let ways = kvWays
    for index in decode.indices {
      lookAtQueue(index)
      guard decode[index].state != .stopped else { continue }
      for rank in 0..<decode[index].dies { sendProbe(to: decode[index].hosts[rank], rank: rank, over: ways) }
    }
  }

  private mutating func sendProbe(to target: Int, rank: Int, over ways: KVWays) {
    guard !prefill.isEmpty else {
      probes.send(from: nil, to: target, arrives: ways.carry(from: nil, to: target, over: .ub))
      return
    }
    // Engines first, then their groups, so that probes in a row come from different ones.
    let step = probes.turn + rank
    let engine = step % prefill.count
    guard !prefill[engine].stopped, !prefill[engine].hosts.isEmpty else { return }
    let each = prefill[engine].spec.tensorParallel
    let source = prefill[engine].hosts[step / prefill.count % (prefill[engine].hosts.count / each) * each]
    let arrives = ways.carry(from: source, to: target, over: prefill[engine].spec.fabric)
    probes.send(from: source, to: target, arrives: arrives)
  }

  /// A probe's RECV stands behind those of the requests that wait: where none of them gets a place, it is late.
  private mutating func lookAtQueue(_ index: Int) {
    let last = decode[index].deferred.last.map { requests.number[Int($0)] }
    let waiting = decode[index].deferred
    let changed = probes.queue(ofEngine: index, last: last) { number in
      waiting.contains { requests.number[Int($0)] == number }
    }
    guard changed else { return }
    say(
      .normal, decode[index].id,
      probes.isSaturated[index]
        ? "probes of KV transfer are late: decode is saturated" : "probes of KV transfer come back in time")
  }

  /// Routers and shells hear of what probes have found.
  private mutating func takeOverWays() {
    for index in prefill.indices {
      let each = prefill[index].spec.tensorParallel
      let sources = stride(from: 0, to: prefill[index].hosts.count, by: each)
      probes.isCutOff[index] =
        !prefill[index].hosts.isEmpty && sources.allSatisfy { probes.isBlocked[prefill[index].hosts[$0]] }
    }
    for index in decode.indices {
      takeOverWays(index)
      let hosts = decode[index].hosts[0..<decode[index].dies]
      probes.isCutOff[prefill.count + index] = hosts.allSatisfy { probes.isBlocked[$0] }
    }
  }

  /// Ways are newly blocked, or open again: incidents are seen or over, and what waits takes other ways.
  private mutating func tellOfWays() {
    for number in incidents.indices where incidents[number].injection.fault == .kvStall {
      let blocked = incidents[number].dies.contains { probes.isBlocked[$0] }
      if blocked, incidents[number].ended == nil { seeFault(number) }
      if !blocked, incidents[number].ended != nil, incidents[number].recovered == nil,
        incidents[number].detected != nil
      {
        incidents[number].recovered = now
        say(.normal, incidents[number].place, "probes of KV transfer come back")
      }
    }
    for index in decode.indices { redirect(index) }
    for index in decode.indices { pair(index) }
  }

  /// A decode engine's shell gives no requests to groups that probes do not reach.
  mutating func takeOverWays(_ index: Int) {
    for rank in 0..<decode[index].dies {
      decode[index].unreachable[rank] = probes.isBlocked[decode[index].hosts[rank]]
    }
  }

  /// Requests that wait for a decode engine that KV does not reach go to another, if there is one.
  private mutating func redirect(_ index: Int) {
    guard probes.isCutOff[prefill.count + index], !isMixed else { return }
    let waiting = decode[index].deferred
    decode[index].deferred.removeAll(keepingCapacity: true)
    for id in waiting {
      let engine = reportedLightestDecode
      requests.engine[Int(id)] = Int32(engine)
      decode[engine].deferred.append(id)
    }
  }

  /// A transfer did not come through: its place is given back, and the shells pair it anew, before those that came later.
  mutating func retryTransfer(_ id: Int) {
    let engine = Int(requests.engine[id])
    totals.retriedTransfers += 1
    decode[engine].unreserve(group: Int(requests.group[id]), tokens: requests.claim[id])
    requests.ticket[id] = 0
    requests.state[id] = .deferred
    let next = probes.isCutOff[prefill.count + engine] ? reportedLightestDecode : engine
    requests.engine[id] = Int32(next)
    decode[next].deferred.insert(Int32(id), at: 0)
    pairDeferred(next)
  }
}
