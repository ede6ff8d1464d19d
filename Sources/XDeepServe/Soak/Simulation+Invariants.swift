import DequeModule
import HeapModule
import SuperPod
import Telemetry

// What must hold at every instant, whatever happened.
extension Simulation {
  /// The first invariant that does not hold now, as a sentence; nil where all hold.
  ///
  /// - Complexity: O(requests + slots + experts' slots); for checks, not for every step.
  public func brokenInvariant() -> String? {
    brokenCounts() ?? brokenHolding() ?? brokenTokens() ?? brokenTimes()
      ?? decode.lazy.compactMap { brokenEngine($0) }.first ?? brokenFrame()
  }

  /// Requests by state add up to those that arrived.
  private func brokenCounts() -> String? {
    let sums = requestTotals
    let rest = sums.waiting + sums.running + sums.finished + sums.cancelled + sums.timedOut + sums.failed
    guard sums.arrived == rest else { return "\(sums.arrived) requests arrived, \(rest) are accounted for" }
    return nil
  }

  /// Every living request is in exactly one place, none that ended in any.
  private func brokenHolding() -> String? {
    var places = [Int](repeating: 0, count: requests.state.count)
    for id in held { places[Int(id)] += 1 }
    for engine in prefill { for id in engine.requests { places[Int(id)] += 1 } }
    for engine in decode {
      for id in engine.deferred { places[Int(id)] += 1 }
      for id in engine.joining { places[Int(id)] += 1 }
      for head in engine.promptHead {
        var id = Int(head)
        while id >= 0 {
          places[id] += 1
          if places[id] > 2 { return "prompts of \(engine.id) follow each other in a ring" }
          id = Int(requests.next[id])
        }
      }
      for group in 0..<engine.dies {
        for slot in 0..<Int(engine.count[group]) {
          places[Int(engine.slotRequest[group * engine.slotVectors * 4 + slot])] += 1
        }
      }
    }
    for event in queue.unordered {
      let id = Int(event.subject)
      let transfers = event.kind == .transferDone || event.kind == .transferLost
      if transfers && event.tag == requests.ticket[id] && requests.state[id] == .transferring { places[id] += 1 }
      if event.kind == .retry { places[id] += 1 }
    }
    for id in places.indices where places[id] != (requests.state[id] == .free ? 0 : 1) {
      return "r\(requests.number[id]) (\(requests.state[id])) is in \(places[id]) places"
    }
    return nil
  }

  /// Tokens that were made are those that living requests have and those that ended ones had.
  private func brokenTokens() -> String? {
    var sum = 0
    for id in requests.state.indices {
      switch requests.state[id] {
      case .deferred, .transferring, .joining: sum += Int(requests.made[id]) + 1
      case .queued, .prefilling, .abandoned, .resting: sum += Int(requests.made[id])
      case .free, .decoding: break
      }
    }
    for engine in decode {
      for group in 0..<engine.dies {
        for slot in 0..<Int(engine.count[group]) {
          let id = Int(engine.slotRequest[group * engine.slotVectors * 4 + slot])
          sum += Int(requests.made[id] + requests.output[id] - engine.remainingAt(group, slot))
        }
      }
    }
    guard sum == tokensHeld else { return "\(tokensHeld) tokens are to be with living requests, they have \(sum)" }
    return nil
  }

  /// Nothing lies in the past that is to come, and nothing took less than no time.
  private func brokenTimes() -> String? {
    if let next = queue.min, next.time < now { return "something is due in the past" }
    for id in requests.state.indices where requests.state[id] != .free {
      let first = requests.firstToken[id]
      if requests.arrival[id] > now || first > now || (first >= 0 && first < requests.arrival[id]) {
        return "r\(requests.number[id]) came at \(requests.arrival[id]) and had its first token at \(first)"
      }
    }
    for (index, tally) in last.calls.enumerated() where tally.calls > 0 {
      let name = Primitive.allCases[index]
      guard tally.wire >= 0, tally.wait >= 0, tally.minimum >= 0 else { return "\(name) took less than no time" }
      let histogram = tally.histogram
      var (low, high) = (0.0, 0.0)
      for bucket in histogram.counts.indices where histogram.counts[bucket] > 0 {
        let count = Double(histogram.counts[bucket])
        low += count * (bucket == 0 ? 0 : Double(LogHistogram.edge(bucket)))
        high += count * Double(bucket == LogHistogram.bucketCount - 1 ? .infinity : LogHistogram.edge(bucket + 1))
      }
      let whole = tally.wire + tally.wait
      guard whole >= low * 0.999 - 1, whole <= high * 1.001 + 1 else {
        return "\(name): wire and wait are \(whole) µs, the whole calls \(low) to \(high)"
      }
    }
    return nil
  }

  /// KV, places and experts of an engine.
  private func brokenEngine(_ engine: DecodeEngine) -> String? {
    var held = [Int](repeating: 0, count: engine.dies)
    var claims = held
    var kept = held
    for id in requests.state.indices where Int(requests.engine[id]) == engine.index {
      guard requests.state[id] == .transferring || requests.state[id] == .joining else { continue }
      claims[Int(requests.group[id])] += Int(requests.claim[id])
      kept[Int(requests.group[id])] += 1
    }
    var running = 0
    for group in 0..<engine.dies {
      running += Int(engine.count[group])
      var id = Int(engine.promptHead[group])
      while id >= 0 {
        claims[group] += Int(requests.claim[id])
        kept[group] += 1
        id = Int(requests.next[id])
      }
      for slot in 0..<Int(engine.count[group]) {
        let id = Int(engine.slotRequest[group * engine.slotVectors * 4 + slot])
        held[group] += Int(requests.prompt[id] + requests.output[id] - engine.remainingAt(group, slot))
        claims[group] += Int(requests.claim[id])
      }
      let place = "\(engine.id).dp\(group)"
      guard Int(engine.kv[group]) == held[group] else {
        return "\(place) counts \(engine.kv[group]) tokens of KV, its requests have \(held[group])"
      }
      guard engine.kv[group] <= engine.capacity else {
        return "\(place) holds \(engine.kv[group]) tokens of KV, it has room for \(engine.capacity)"
      }
      guard Int(engine.committed[group]) == claims[group] else {
        return "\(place) has promised \(engine.committed[group]) tokens, its requests claim \(claims[group])"
      }
      guard Int(engine.reserved[group]) == kept[group] else {
        return "\(place) keeps \(engine.reserved[group]) places, \(kept[group]) requests are under way to it"
      }
    }
    guard running == engine.running else { return "\(engine.id) counts \(engine.running) requests of \(running)" }
    guard engine.state != .stopped else { return nil }
    let lost = engine.expertHosts.map { !health.state(of: DieID($0)).serves }
    guard engine.placement.covers(without: lost) else { return "\(engine.id) runs and does not serve every expert" }
    return nil
  }

  /// What screens show: shares are shares, and what leaves on links arrives.
  private func brokenFrame() -> String? {
    let frame = frame(sequence: 0)
    for value in frame[.dieKV] where !value.isNaN {
      guard value >= 0, value <= 100 else { return "a die's KV is \(value) %" }
    }
    func sum(_ id: MetricID) -> Double { frame[id].reduce(0) { $0 + ($1.isNaN ? 0 : Double($1)) } }
    let ends: [([MetricID], [MetricID])] = [
      ([.dieLinkUp, .nodeCPUUp], [.dieLinkDown, .nodeCPUDown]), ([.uplinkUp], [.uplinkDown]),
    ]
    for (out, back) in ends {
      let (sent, received) = (out.reduce(0) { $0 + sum($1) }, back.reduce(0) { $0 + sum($1) })
      guard abs(sent - received) <= 1e-3 * (1 + sent) else {
        return "links carry \(sent) GB/s up and \(received) down"
      }
    }
    return nil
  }
}
