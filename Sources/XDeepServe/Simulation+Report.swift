import DequeModule
import HeapModule
import SuperPod
import Telemetry

extension Simulation {
  /// What the run measured up to now; asking changes nothing.
  ///
  /// - Complexity: O(requests + digest of the state).
  public func report() -> RunReport {
    let seconds = Double(now - min(measureFrom, now)) / 1e9
    let perNode = scenario.topology
    let decodeNPUs = Double(decode.reduce(0) { $0 + $1.waits.count * Lanes.count }) / Double(perNode.diesPerNPU)
    let prefillNPUs = Double(prefill.reduce(0) { $0 + $1.hosts.count }) / Double(perNode.diesPerNPU)
    var whole = measurement
    for engine in decode { addRunning(engine, to: &whole) }
    func rate(_ count: Int) -> Double? { seconds > 0 ? Double(count) / seconds : nil }
    let output = rate(whole.outputTokens)
    let input = rate(whole.inputTokens)
    let ended = whole.finished > 0
    return RunReport(
      scenario: scenario.name, workloadNote: scenario.workloadNote, seed: scenario.seed,
      simulatedSeconds: Double(now) / 1e9,
      ttft: LatencySummary(whole.ttft), tpot: LatencySummary(whole.tpot), iteration: LatencySummary(whole.iteration),
      gapMilliseconds: whole.gap.mean.map { $0 / 1000 },
      tokensPerStep: whole.steps > 0 ? Double(whole.stepTokens) / Double(whole.steps) : nil,
      outputTokensPerSecond: output, outputTokensPerSecondPerNPU: output.map { $0 / decodeNPUs },
      prefillTokensPerSecondPerNPU: prefill.isEmpty ? nil : input.map { $0 / prefillNPUs },
      prefixHitShare: whole.inputTokens > 0 ? Double(whole.cachedTokens) / Double(whole.inputTokens) : nil,
      goodput: rate(whole.good), sloShare: ended ? Double(whole.good) / Double(whole.finished) : nil,
      requests: requestTotals, primitives: whole.calls.map(PrimitiveSummary.init), shares: KernelShares(whole),
      rankMaxOverMean: whole.iterations > 0 ? whole.rankImbalance / Double(whole.iterations) : nil,
      expertMaxOverMean: whole.iterations > 0 ? whole.expertImbalance / Double(whole.iterations) : nil,
      digest: digest.text, incidents: incidents, changes: changes,
      operations: performed.map { progress(of: $0.number) })
  }

  /// Decode iterations that began up to now, over all engines.
  public var iterations: UInt64 { decode.reduce(0) { $0 + $1.iterations } }

  /// Requests that still run have made tokens in the window too.
  private func addRunning(_ engine: DecodeEngine, to whole: inout RunMeasurement) {
    guard engine.iterations > 0 else { return }
    for group in 0..<engine.dies {
      for slot in 0..<Int(engine.count[group]) {
        let place = group * engine.slotVectors * 4 + slot
        guard engine.slotFirst[place] >= 0 else { continue }
        whole.addTPOT(
          first: engine.slotFirst[place], last: engine.lastTokens,
          tokens: Int(engine.slotBase[place] - engine.remainingAt(group, slot)))
      }
    }
  }

  /// Fingerprint of the state and of the events so far.
  public var digest: StateDigest {
    var digest = StateDigest()
    digest.add(now)
    digest.add(scheduled)
    for event in queue.unordered.sorted() {
      digest.add(event.time)
      digest.add(event.sequence)
      digest.add(UInt64(event.kind.rawValue) << 32 | UInt64(UInt32(bitPattern: event.subject)))
    }
    requests.encode(into: &digest)
    digest.add(expectedOutput)
    encodeOperations(into: &digest)
    for engine in prefill { engine.encode(into: &digest) }
    for engine in decode { engine.encode(into: &digest) }
    for cache in caches { cache.encode(into: &digest) }
    pool?.encode(into: &digest)
    reports.encode(into: &digest)
    digest.add(Int(isolatedPrompt ?? -1))
    for tokens in pendingPrompts { digest.add(tokens) }
    popularity.encode(into: &digest)
    for value in observedSum { digest.add(value) }
    digest.add(observation)
    digest.add(arrivals)
    digest.add(lengths)
    digest.add(clients)
    digest.add(tokensHeld)
    digest.add(nextTraceRequest)
    for count in [totals.arrived, totals.finished, totals.cancelled, totals.timedOut, totals.failed] {
      digest.add(count)
    }
    current.encode(into: &digest)
    last.encode(into: &digest)
    for event in events {
      digest.add(event.time)
      digest.add(event.sequence)
      digest.add(event.place)
      digest.add(event.text)
    }
    return digest
  }
}

extension Simulation {
  /// Faults, changes and what operators set.
  private func encodeOperations(into digest: inout StateDigest) {
    for incident in incidents {
      digest.add(incident.began)
      digest.add(incident.detected ?? -1)
      digest.add(incident.recovered ?? -1)
      digest.add(incident.ended ?? -1)
      digest.add(incident.recomputed << 32 | incident.failed)
    }
    for change in changes {
      digest.add(change.since)
      digest.add(change.phase.rawValue)
      for die in change.dies { digest.add(die) }
    }
    for action in performed { digest.add(action.time) }
    for id in held { digest.add(Int(id)) }
    digest.add(nextAdmission)
    probes.encode(into: &digest)
    background?.encode(into: &digest)
    for die in stalled.indices where stalled[die] > 0 { digest.add(die << 8 | stalled[die]) }
    digest.add(totals.retriedTransfers)
    digest.add(trafficFactor)
    for value in throttle { digest.add(value) }
    heat.encode(into: &digest)
  }
}

extension DecodeEngine {
  func encode(into digest: inout StateDigest) {
    digest.add(UInt64(state.rawValue))
    digest.add(epoch)
    for host in hosts { digest.add(host) }
    digest.add(iterationStart)
    digest.add(iterationEnd)
    digest.add(duration)
    digest.add(stream)
    for lane in 0..<4 { digest.add(UInt64(acceptLanes[lane])) }
    digest.add(running)
    digest.add(jitter.pin)
    digest.add(jitter.graph)
    digest.add(jitter.gc)
    for die in 0..<dies {
      digest.add(UInt64(UInt32(bitPattern: count[die])) << 32 | UInt64(UInt32(bitPattern: reserved[die])))
      digest.add(UInt64(UInt32(bitPattern: kv[die])) << 32 | UInt64(UInt32(bitPattern: committed[die])))
      for slot in 0..<Int(count[die]) {
        let place = die * slotVectors * 4 + slot
        digest.add(
          UInt64(UInt32(bitPattern: slotRequest[place])) << 32 | UInt64(UInt32(bitPattern: remainingAt(die, slot))))
      }
    }
    for id in deferred { digest.add(Int(id)) }
    for head in promptHead { digest.add(UInt64(UInt32(bitPattern: head))) }
    for id in joining { digest.add(Int(id)) }
    for value in waits { digest.add(value) }
    for value in shares { digest.add(value) }
    placement.encode(into: &digest)
    if let rebalance {
      digest.add(UInt64(rebalance.phase.rawValue))
      rebalance.target.encode(into: &digest)
    }
  }
}

extension LatencySummary {
  /// Of a histogram in microseconds.
  init(_ histogram: LogHistogram) {
    func milliseconds(_ share: Double) -> Double? { histogram.quantile(share).map { Double($0) / 1000 } }
    self.init(
      mean: histogram.mean.map { $0 / 1000 }, p50: milliseconds(0.5), p90: milliseconds(0.9), p99: milliseconds(0.99))
  }
}

extension PrimitiveSummary {
  init?(_ tally: CallTally) {
    guard tally.calls > 0 else { return nil }
    let histogram = tally.histogram
    let calls = Double(tally.calls)
    self.init(
      calls: tally.calls, mean: (tally.wire + tally.wait) / calls, minimum: Double(tally.minimum),
      p50: Double(histogram.quantile(0.5) ?? 0), p99: Double(histogram.quantile(0.99) ?? 0),
      maximum: Double(tally.maximum), wireMean: tally.wire / calls, waitMean: tally.wait / calls)
  }
}

extension KernelShares {
  init?(_ run: RunMeasurement) {
    guard run.dieTime > 0 else { return nil }
    let named = run.matmul + run.mla + run.prologue + run.dispatch + run.combine
    self.init(
      quantisedMatmul: run.matmul / run.dieTime, mla: run.mla / run.dieTime, mlaPrologue: run.prologue / run.dieTime,
      dispatch: run.dispatch / run.dieTime, combine: run.combine / run.dieTime, others: 1 - named / run.dieTime)
  }
}
