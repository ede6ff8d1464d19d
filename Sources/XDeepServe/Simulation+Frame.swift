import SuperPod
public import Telemetry

extension Simulation {
  /// The last whole simulated second, and queues as they stand now; observing changes nothing.
  ///
  /// - Complexity: O(dies × sub-planes + uplinks + nodes²).
  public func frame(sequence: UInt64) -> Frame {
    var frame = Frame(time: now, sequence: sequence, layout: layout)
    fillPod(&frame)
    fillDies(&frame)
    fillEngines(&frame)
    FabricLoad(self).fill(&frame)
    fillPrimitives(&frame)
    frame.operations = operations
    frame.iterations = decode.indices.flatMap { samples(ofEngine: $0) }
    return frame
  }

  private func fillPod(_ frame: inout Frame) {
    var ttft = LogHistogram()
    for histogram in ttftRing { ttft.merge(histogram) }
    var step = LogHistogram()
    for histogram in stepRing { step.merge(histogram) }
    func set(_ id: MetricID, _ value: Float?) { frame[id] = [value ?? .nan] }
    set(.ttftP50, ttft.quantile(0.5).map { $0 / 1000 })
    set(.ttftP99, ttft.quantile(0.99).map { $0 / 1000 })
    set(.tpotP50, step.quantile(0.5).map { $0 / 1000 })
    set(.tpotP99, step.quantile(0.99).map { $0 / 1000 })
    // Before the first whole second there is nothing to give a rate of.
    let measured = now >= Self.second
    set(.outputTokens, measured ? Float(last.outputTokens) : nil)
    set(.inputTokens, measured && !prefill.isEmpty ? Float(last.inputTokens) : nil)
    set(.arrivals, measured ? Float(last.arrived) : nil)
    set(.finished, measured ? Float(last.finished) : nil)
    set(.goodput, measured ? Float(last.good) : nil)
    set(.sloShare, totals.finished > 0 ? recentSLOShare : nil)
    let totals = requestTotals
    let found = requests.count { state, found in found && state == .decoding }
    set(.waiting, Float(totals.waiting))
    set(.running, Float(totals.running + found))
    var held = 0.0
    var room = 0.0
    for engine in decode {
      for tokens in engine.kv { held += Double(tokens) }
      room += Double(engine.capacity) * Double(engine.dies)
    }
    set(.podKV, Float(100 * held / room))
    let perStep = last.steps > 0 ? Float(last.stepTokens) / Float(last.steps) : nil
    set(.tokensPerStep, perStep)
    let drafts = decode.reduce(0) { max($0, $1.mtpLayers) }
    set(.acceptance, drafts > 0 ? perStep.map { 100 * ($0 - 1) / Float(drafts) } : nil)
    frame.stepHistogram = last.step
    frame.ttftHistogram = last.ttft
    frame.primitiveHistograms = last.calls.map(\.histogram)
  }

  /// Share of the requests that finished over the last seconds and met their SLO, per cent.
  private var recentSLOShare: Float? {
    let finished = finishedRing.reduce(0, +)
    return finished > 0 ? 100 * Float(goodRing.reduce(0, +)) / Float(finished) : nil
  }

  private func fillDies(_ frame: inout Frame) {
    let count = scenario.topology.dies
    let nodes = scenario.topology.nodes
    let absent = [Float](repeating: .nan, count: count)
    let measured = now >= Self.second
    var busy = [Float](repeating: measured ? 0 : .nan, count: count)
    var stall = absent
    var batch = absent
    var kv = absent
    var used = [Float](repeating: DieMemory.idleGigabytes, count: count)
    var bandwidth = [Float](repeating: measured ? 0 : .nan, count: count)
    var load = absent
    var nodeLoad = [Float](repeating: .nan, count: nodes)
    for (index, engine) in prefill.enumerated() {
      for die in engine.hosts {
        if measured { busy[die] = min(100, Float(last.busy[index] / 1e4)) }
        used[die] = DieMemory.idleGigabytes + engine.weightGigabytes
        bandwidth[die] = .nan
      }
    }
    for engine in decode {
      let active = Float(last.busy[prefill.count + engine.index] / 1e4)
      let weights = Float(scenario.chip.hbmBytes - Double(engine.capacity) * engine.kvBytesPerToken) / 1e9
      for local in 0..<engine.dies {
        let die = engine.hosts[local]
        let waited = last.wait[die] / 1e4
        if measured {
          busy[die] = max(0, min(100, active - waited))
          stall[die] = min(100, waited)
          bandwidth[die] = Float(last.memoryBytes[die] / 1e12)
        }
        batch[die] = Float(engine.count[local])
        kv[die] = 100 * Float(engine.kv[local]) / Float(engine.capacity)
        used[die] = weights + Float(Double(engine.kv[local]) * engine.kvBytesPerToken / 1e9)
      }
      for local in 0..<engine.expertDies {
        let die = engine.hosts[engine.firstExpert + local]
        if engine.layout == .split {
          let waited = last.wait[die] / 1e4
          if measured {
            busy[die] = max(0, min(100, active - waited))
            stall[die] = min(100, waited)
            bandwidth[die] = Float(last.memoryBytes[die] / 1e12)
          }
          used[die] = DieMemory.idleGigabytes + DieMemory.expertGigabytes(engine)
        }
        load[die] = 100 * engine.meanLoad[local]
        let node = die / scenario.topology.diesPerNode
        let peak = 100 * engine.peakLoad[local]
        nodeLoad[node] = nodeLoad[node].isNaN ? peak : max(nodeLoad[node], peak)
      }
    }
    frame[.dieBusy] = busy
    frame[.dieStall] = stall
    frame[.dieBatch] = batch
    frame[.dieKV] = kv
    frame[.dieHBMUsed] = used
    frame[.dieHBMBandwidth] = bandwidth
    frame[.dieExpertLoad] = load
    if measured {
      frame[.diePower] = heat.power
      frame[.dieTemperature] = heat.temperature
    }
    frame[.nodeExpertLoad] = nodeLoad
    frame[.dieHealth] = (0..<count).map { Float(health.state(of: DieID($0)).rank) }
  }

  private func fillEngines(_ frame: inout Frame) {
    let groups = layout.engines.last?.groups.upperBound ?? 0
    var batch = [Float](repeating: .nan, count: groups)
    var kv = batch
    var queue: [Float] = []
    var running: [Float] = []
    var held: [Float] = []
    var iteration: [Float] = []
    var imbalance: [Float] = []
    for engine in prefill {
      queue.append(Float(engine.waiting))
      running.append(Float(engine.busy ? engine.batch.count : 0))
      held.append(.nan)
      iteration.append(engine.busy ? Float(engine.stepEnd - engine.stepStart) / 1e6 : .nan)
      imbalance.append(Float(engine.experts.imbalance))
    }
    for engine in decode {
      let range = layout.engines[prefill.count + engine.index].groups
      var tokens = 0.0
      for local in 0..<engine.dies {
        batch[range.lowerBound + local] = Float(engine.count[local])
        kv[range.lowerBound + local] = 100 * Float(engine.kv[local]) / Float(engine.capacity)
        tokens += Double(engine.kv[local])
      }
      queue.append(Float(engine.deferred.count))
      running.append(Float(engine.running))
      held.append(Float(100 * tokens / (Double(engine.capacity) * Double(engine.dies))))
      iteration.append(engine.iterations > 0 ? Float(engine.duration / 1000) : .nan)
      imbalance.append(engine.imbalance)
    }
    frame[.groupBatch] = batch
    frame[.groupKV] = kv
    frame[.engineQueue] = queue
    frame[.engineRunning] = running
    frame[.engineKV] = held
    frame[.engineIteration] = iteration
    frame[.engineExpertImbalance] = imbalance
    frame[.engineBusy] = last.busy.map { now >= Self.second ? min(100, Float($0 / 1e4)) : .nan }
  }

  private func fillPrimitives(_ frame: inout Frame) {
    var bytes = [Double](repeating: 0, count: Primitive.allCases.count)
    for engine in decode {
      var rows = 0.0
      for local in 0..<engine.dies { rows += Double(last.rowLayers[engine.hosts[local]]) }
      let main = Double((1 + engine.mtpLayers) * engine.expertLayers)
      let share = main / (main + Double(engine.mtpLayers))
      let copies = rows * Double(engine.costs.copies)
      bytes[Primitive.dispatch.index] += copies * share * Double(engine.costs.dispatchRowBytes)
      bytes[Primitive.combine.index] += copies * share * Double(engine.costs.combineRowBytes)
      bytes[Primitive.mtpDispatch.index] += copies * (1 - share) * Double(engine.costs.dispatchRowBytes)
      bytes[Primitive.mtpCombine.index] += copies * (1 - share) * Double(engine.costs.combineRowBytes)
    }
    bytes[Primitive.sendRecv.index] = last.kvIn.reduce(0, +)
    let tallies = last.calls
    func column(_ value: (CallTally, Int) -> Float) -> [Float] {
      tallies.enumerated().map { $1.calls > 0 ? value($1, $0) : .nan }
    }
    let histograms = frame.primitiveHistograms
    frame[.primitiveCalls] = column { tally, _ in Float(tally.calls) }
    frame[.primitiveBytes] = column { _, index in Float(bytes[index] / 1e9) }
    frame[.primitiveMean] = column { tally, _ in Float((tally.wire + tally.wait) / Double(tally.calls)) }
    frame[.primitiveWire] = column { tally, _ in Float(tally.wire / Double(tally.calls)) }
    frame[.primitiveWait] = column { tally, _ in Float(tally.wait / Double(tally.calls)) }
    frame[.primitiveMin] = column { tally, _ in tally.minimum }
    frame[.primitiveMax] = column { tally, _ in tally.maximum }
    frame[.primitiveP50] = column { _, index in histograms[index].quantile(0.5) ?? .nan }
    frame[.primitiveP99] = column { _, index in histograms[index].quantile(0.99) ?? .nan }
  }

  /// The median and the p99 iteration that an engine ended in the last second.
  private func samples(ofEngine index: Int) -> [IterationSample] {
    let kept = min(last.iterations[index], SecondAccumulator.keptIterations)
    guard kept > 0 else { return [] }
    let base = index * SecondAccumulator.keptIterations
    let order = (0..<kept).sorted {
      let (left, right) = (last.durations[base + $0], last.durations[base + $1])
      return left != right ? left < right : $0 < $1
    }
    let chosen: [(SampleKind, Int)] = [(.median, order[(kept - 1) / 2]), (.p99, order[min(kept - 1, kept * 99 / 100)])]
    return chosen.map { kind, place in
      IterationSample(
        engine: prefill.count + index, kind: kind, start: last.starts[base + place],
        duration: Float(last.durations[base + place]), gap: Float(DecodeEngine.gapMicros),
        spans: spans(engine: decode[index], place: base + place))
    }
  }

  private func spans(engine: DecodeEngine, place: Int) -> [PhaseSpan] {
    let layers = last.recordsPerIteration
    let records = last.records[(place * layers)..<((place + 1) * layers)]
    let hosts = last.hosts[place]
    func die(_ rank: Int32) -> Int32 { rank < 0 ? rank : Int32(hosts[Int(rank)]) }
    let first = records.startIndex
    var spans: [PhaseSpan] = []
    spans.reserveCapacity(layers * 4 + 3)
    let model = scenario.model
    func add(_ record: DecodeEngine.LayerRecord, layer: Int, dense: Float) {
      let number = Int16(layer)
      spans.append(
        PhaseSpan(
          phase: .attention, layer: number, start: record.start + dense, end: record.attentionEnd,
          slowestDie: die(record.slowestAttention), lag: record.attentionLag))
      spans.append(
        PhaseSpan(
          phase: .dispatch, layer: number, start: record.attentionEnd, end: record.dispatchEnd,
          wait: record.dispatchWait))
      spans.append(
        PhaseSpan(
          phase: .moe, layer: number, start: record.dispatchEnd, end: record.expertsEnd,
          slowestDie: die(record.slowestExperts), lag: record.expertsLag))
      spans.append(
        PhaseSpan(
          phase: .combine, layer: number, start: record.expertsEnd, end: record.combineEnd, wait: record.combineWait))
    }
    if engine.layout == .split {
      return splitSpans(engine: engine, records: records, hosts: hosts, duration: Float(last.durations[place]))
    }
    for draft in 0..<min(engine.mtpLayers, 2) {
      add(records[first + engine.expertLayers + draft], layer: model.layers + draft, dense: 0)
    }
    for layer in 0..<engine.expertLayers {
      let record = records[first + layer]
      var dense: Float = 0
      if layer == 0 {
        dense = record.dense
        spans.append(
          PhaseSpan(phase: .dense, layer: 0, start: record.start, end: record.start + dense))
      }
      add(record, layer: model.denseLayers + layer, dense: dense)
    }
    if let end = spans.last?.end, end < Float(last.durations[place]) {
      spans.append(
        PhaseSpan(phase: .sampling, layer: Int16(model.layers - 1), start: end, end: Float(last.durations[place])))
    }
    return spans
  }

  /// The spans of a split engine: per layer, domain and micro-batch attention, A2E, experts and E2A.
  private func splitSpans(
    engine: DecodeEngine, records: ArraySlice<DecodeEngine.LayerRecord>, hosts: [Int], duration: Float
  ) -> [PhaseSpan] {
    var spans: [PhaseSpan] = []
    let width = engine.domains * engine.microBatches
    spans.reserveCapacity(records.count * 4)
    let model = scenario.model
    for index in 0..<((engine.expertLayers + min(engine.mtpLayers, 2)) * width) {
      let record = records[records.startIndex + index]
      let layer = Int16(model.denseLayers + index / width)
      let domain = UInt8(index % width / engine.microBatches)
      let batch = UInt8(index % engine.microBatches)
      func span(_ phase: Phase, _ start: Float, _ end: Float, wait: Float, die: Int32, lag: Float) -> PhaseSpan {
        PhaseSpan(
          phase: phase, layer: layer, domain: domain, microBatch: batch, start: start, end: end, wait: wait,
          slowestDie: die < 0 ? die : Int32(hosts[Int(die)]), lag: lag)
      }
      spans.append(
        span(
          .attention, record.start, record.attentionEnd, wait: 0, die: record.slowestAttention,
          lag: record.attentionLag))
      let sent = record.attentionEnd + record.dispatchWait
      spans.append(span(.a2e, sent, record.dispatchEnd, wait: record.dispatchWait, die: -1, lag: 0))
      spans.append(
        span(
          .moe, record.dispatchEnd, record.expertsEnd, wait: 0, die: record.slowestExperts, lag: record.expertsLag))
      let back = record.expertsEnd + record.combineWait
      spans.append(span(.e2a, back, record.combineEnd, wait: record.combineWait, die: -1, lag: 0))
    }
    return spans.sorted { $0.start < $1.start }
  }
}
