import Telemetry

extension Simulation {
  /// An engine's gap is over: requests whose KV has come take their slots, and the next iteration begins.
  mutating func startIteration(_ index: Int) {
    guard decode[index].state != .stopped else { return }
    for number in decode[index].joining {
      let id = Int(number)
      let first = requests.firstToken[id]
      let counts = measurement.open(at: first)
      decode[index].seat(
        request: number, group: Int(requests.group[id]), held: requests.prompt[id] + 1,
        remaining: requests.output[id] - 1, first: counts ? first : -1,
        base: counts ? requests.output[id] + requests.made[id] : 0)
      requests.state[id] = .decoding
    }
    if !decode[index].joining.isEmpty {
      decode[index].joining.removeAll(keepingCapacity: true)
      makeRoom(index)
    }
    fillChunks(index)
    guard decode[index].running > 0 || decode[index].hasPrompts else {
      decode[index].state = .idle
      return
    }
    decode[index].state = .iterating
    decode[index].iterationStart = now
    decode[index].mtpLayers = decode[index].wantedDrafts
    decode[index].iterate()
    decode[index].iterationEnd = now + Int64(decode[index].duration * 1000)
    schedule(.iterationEnd, at: decode[index].iterationEnd, subject: index, tag: decode[index].epoch)
  }

  /// An iteration ends: tokens come out, ended requests leave, what it took is booked.
  mutating func endIteration(_ index: Int) {
    let open = measurement.open(at: now)
    finishes.removeAll(keepingCapacity: true)
    book(index, open: open)
    let (tokens, steps) = decode[index].emitTokens(time: now, windowOpen: open, finishes: &finishes)
    current.outputTokens += tokens
    tokensHeld += tokens
    current.stepTokens += tokens
    current.steps += steps
    let perStep = Double(tokens) / Double(max(steps, 1))
    current.step.add(
      Float((decode[index].duration + DecodeEngine.gapMicros) / max(perStep, 1)), count: UInt32(steps))
    if open {
      measurement.outputTokens += tokens
      measurement.stepTokens += tokens
      measurement.steps += steps
    }
    for finish in finishes { end(finish, engine: index) }
    while let group = decode[index].overflowing.popLast() { preempt(index, group: Int(group)) }
    if decode[index].layout == .mixed {
      finishChunks(index)
      makeRoom(index)
    } else if !decode[index].deferred.isEmpty {
      pairDeferred(index)
    }
    decode[index].state = .pausing
    schedule(
      .iterationStart, at: now + Int64(DecodeEngine.gapMicros * 1000), subject: index, tag: decode[index].epoch)
  }

  private mutating func end(_ finish: DecodeEngine.Finish, engine: Int) {
    let id = Int(finish.request)
    let group = Int(finish.group)
    let tokens = requests.prompt[id] + requests.output[id]
    decode[engine].release(group: group, held: tokens + finish.excess, committed: requests.claim[id])
    if finish.first >= 0 {
      measurement.addTPOT(first: finish.first, last: now, tokens: Int(finish.tokens))
    }
    let closed: Bool
    if case .closed = scenario.workload { closed = true } else { closed = false }
    close(id, at: now)
    if closed { replace(engine: engine, group: group) }
  }

  /// A closed workload puts a new request, already prefilled, where one ended.
  private mutating func replace(engine: Int, group: Int) {
    guard let promptSampler, let outputSampler else { return }
    let prompt = promptSampler.draw(&lengths)
    let id = requests.add(
      arrival: now, prompt: prompt, cached: 0, output: max(2, outputSampler.draw(&lengths)), found: false)
    drawClient(id)
    let output = max(2, requests.output[id])
    requests.output[id] = output
    tokensHeld += 1
    totals.arrived += 1
    current.arrived += 1
    requests.firstToken[id] = now
    requests.engine[id] = Int32(engine)
    requests.group[id] = Int32(group)
    requests.state[id] = .decoding
    decode[engine].reserve(group: group, tokens: claim(id))
    let counts = measurement.open(at: now)
    decode[engine].seat(
      request: Int32(id), group: group, held: prompt + 1, remaining: output - 1, first: counts ? now : -1,
      base: counts ? output : 0)
  }

  /// Books an iteration's waits, rows, bytes and calls.
  private mutating func book(_ index: Int, open: Bool) {
    for kind in decode[index].counts.indices { decode[index].counts[kind].fold() }
    bookIteration(index, open: open)
    decode[index].forgetCalls()
  }

  private mutating func bookIteration(_ index: Int, open: Bool) {
    // Engines that are looked at through a constant are not copied for each look.
    let engines = decode
    current.bookWork(engines[index], place: prefill.count + index, share: shareOfThisSecond(index))
    current.keep(engines[index])
    CallTally.book(engines[index], into: &current.calls)
    if open { measurement.book(engines[index], expertImbalance: Double(hottestExpert)) }
  }
}

extension Simulation {
  /// How much of an engine's iteration lies in the present second, up to now.
  func shareOfThisSecond(_ index: Int) -> Double {
    let (start, end) = (decode[index].iterationStart, decode[index].iterationEnd)
    let begin = max(start, (now - 1) / Self.second * Self.second)
    return Double(now - begin) / Double(max(end - start, 1))
  }
}

extension DecodeEngine {
  /// Requests held and promised, over what the engine may hold.
  var load: Double {
    var held = running + deferred.count + joining.count
    for value in reserved { held += Int(value) }
    return Double(held) / Double(dies * batchLimit)
  }

  /// Whether a die has a prompt to prefill.
  var hasPrompts: Bool { layout == .mixed && promptHead.contains { $0 >= 0 } }

  /// Dispatches of one layer in one iteration.
  var callsPerLayer: Int { overlaps ? microBatches : 1 }

  /// Kernels of two streams that have no name of their own, summed over dies.
  var othersMicros: Double {
    var total = 0.0
    for die in 0..<dies {
      let rows = Float(count[die]) * Float(1 + mtpLayers)
      let layer = Float(microBatches) * costs.othersFixed + costs.othersPerRow * rows
      let heads = costs.head.micros(rows: rows) + Float(mtpLayers) * costs.head.micros(rows: Float(count[die]))
      total += Double(layer * Float(costs.layers) + heads + Self.hostMicros)
    }
    return total
  }

  /// Forgets the calls of an iteration that came to nothing.
  mutating func clearCounts() {
    for kind in counts.indices { counts[kind].fold() }
    forgetCalls()
  }

  /// Forgets the calls of the iteration that was booked.
  mutating func forgetCalls() {
    for kind in counts.indices {
      counts[kind].minimum = .infinity
      counts[kind].maximum = 0
    }
  }
}

extension SecondAccumulator {
  /// Takes in the work of a part of an engine's iteration.
  mutating func bookWork(_ engine: DecodeEngine, place: Int, share: Double) {
    let perRequest = Float(1 + engine.mtpLayers)
    let streamed = Double(engine.costs.streamedBytes)
    let expertStream = Double(engine.costs.expertBytes) * Double(engine.expertLayers)
    let part = Float(share)
    busy[place] += engine.duration * share
    for die in engine.dies..<(engine.waits.count * Lanes.count) {
      let host = engine.hosts[die]
      wait[host] += engine.waits[die / Lanes.count][die % Lanes.count] * part
      memoryBytes[host] +=
        share * expertStream * Double(engine.microBatches * engine.domains * engine.placement.slotsPerDie)
    }
    let hostsExperts = engine.layout != .split
    for die in 0..<engine.dies {
      let host = engine.hosts[die]
      wait[host] += engine.waits[die / Lanes.count][die % Lanes.count] * part
      let requests = Float(engine.count[die])
      let rows = requests * perRequest + engine.chunkRows[die / Lanes.count][die % Lanes.count]
      rowLayers[host] += part * (rows * Float(engine.expertLayers) + requests * Float(engine.mtpLayers))
      let slots =
        !hostsExperts ? 0 : min(Double(engine.placement.slotsPerDie), Double(rows) * Double(engine.costs.copies))
      memoryBytes[host] +=
        share * (streamed + slots * expertStream + Double(engine.kv[die]) * engine.kvBytesPerToken)
    }
  }
}

extension CallTally {
  /// Takes in an engine's iteration, primitive by primitive.
  static func book(_ engine: DecodeEngine, into calls: inout [CallTally]) {
    if engine.layout == .split {
      let half = engine.operations.count / 2
      for index in 0..<engine.operationCount {
        let (send, back) = (engine.operations[index], engine.operations[half + index])
        calls[Primitive.a2e.index].add(wire: Double(send.wire), wait: Double(send.wait))
        calls[Primitive.e2a.index].add(wire: Double(back.wire), wait: Double(back.wait))
      }
      return
    }
    let number = engine.dies * engine.expertLayers * engine.callsPerLayer
    let drafts = engine.dies * engine.mtpLayers * engine.callsPerLayer
    calls[Primitive.dispatch.index].add(
      engine.counts[DecodeEngine.dispatchCounts], calls: number, wire: engine.sums.dispatchWire,
      wait: engine.sums.dispatchWait)
    calls[Primitive.combine.index].add(
      engine.counts[DecodeEngine.combineCounts], calls: number, wire: engine.sums.combineWire,
      wait: engine.sums.combineWait)
    calls[Primitive.mtpDispatch.index].add(
      engine.counts[DecodeEngine.mtpDispatchCounts], calls: drafts, wire: engine.mtpSums.dispatchWire,
      wait: engine.mtpSums.dispatchWait)
    calls[Primitive.mtpCombine.index].add(
      engine.counts[DecodeEngine.mtpCombineCounts], calls: drafts, wire: engine.mtpSums.combineWire,
      wait: engine.mtpSums.combineWait)
  }
}

extension RunMeasurement {
  /// Takes in an engine's iteration.
  mutating func book(_ engine: DecodeEngine, expertImbalance hottest: Double) {
    CallTally.book(engine, into: &calls)
    iteration.add(Float(engine.duration))
    gap.add(Float(DecodeEngine.gapMicros))
    // Two streams of a die work at the same time: what they do adds up to more than the iteration.
    let communication =
      engine.sums.dispatchWire + engine.sums.dispatchWait + engine.mtpSums.dispatchWire + engine.mtpSums.dispatchWait
      + engine.sums.combineWire + engine.sums.combineWait + engine.mtpSums.combineWire + engine.mtpSums.combineWait
    dieTime +=
      engine.overlaps
      ? engine.matmulMicros + engine.mlaMicros + engine.prologueMicros + communication + engine.othersMicros
      : engine.duration * Double(engine.waits.count * Lanes.count)
    matmul += engine.matmulMicros
    mla += engine.mlaMicros
    prologue += engine.prologueMicros
    dispatch +=
      engine.sums.dispatchWire + engine.sums.dispatchWait + engine.mtpSums.dispatchWire + engine.mtpSums.dispatchWait
    combine +=
      engine.sums.combineWire + engine.sums.combineWait + engine.mtpSums.combineWire + engine.mtpSums.combineWait
    rankImbalance += Double(engine.imbalance)
    expertImbalance += hottest
    iterations += 1
  }
}
