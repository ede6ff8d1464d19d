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
    decode[index].bookWork(into: &current, place: prefill.count + index, share: shareOfThisSecond(index))
    decode[index].keepIteration(in: &current)
    decode[index].bookCalls(into: &current.calls)
    if open {
      decode[index].bookCalls(into: &measurement.calls)
      decode[index].book(into: &measurement)
      measurement.expertImbalance += Double(hottestExpert)
    }
    decode[index].forgetCalls()
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
