import SuperPod
import Telemetry
import XCCL

extension Simulation {
  /// Time that DistFlow takes to pair both sides of a transfer, microseconds (assumption).
  static let handshakeMicros = 200.0
  /// Bytes a microsecond into one die: the rate at which it reads from others across nodes ([CM] table 1).
  static let transferBytesPerMicro = 164_000.0

  /// A request arrives at the job executor, and the next is put on the calendar.
  mutating func arrive() {
    if isForeseen { return arriveForeseen() }
    switch scenario.workload {
    case .poisson, .daily:
      guard let promptSampler, let outputSampler else { return }
      take(prompt: flooded(promptSampler.draw(&lengths)), output: outputSampler.draw(&lengths), found: false)
      planArrival()
    case .trace(let rows, _):
      let row = rows[nextTraceRequest]
      nextTraceRequest += 1
      take(prompt: row.prompt, output: row.output, blocks: row.blocks, found: false)
      if nextTraceRequest < rows.count { schedule(.arrival, at: rows[nextTraceRequest].arrival) }
    case .closed:
      break
    }
  }

  /// The job executor gives a request to an engine that prefills it.
  mutating func take(prompt: Int32, output: Int32, blocks: PromptBlocks = PromptBlocks(), found: Bool) {
    let id = requests.add(arrival: now, prompt: prompt, cached: 0, output: output, found: found)
    requests.blocks[id] = blocks
    if !found {
      totals.arrived += 1
      seen.came(prompt: prompt)
      current.arrived += 1
    }
    let room = decode.reduce(0) { max($0, Int($1.capacity)) }
    guard Int(prompt) + Int(output) <= room else {
      let number = requests.number[id]
      say(.low, "r\(number)", "\(prompt) + \(output) tokens fit on no decode die, \(room) is the most")
      if !found { totals.failed += 1 }
      requests.free(id)
      return
    }
    if !found { drawClient(id) }
    submit(id)
  }

  /// Puts a request into the queue of the prefill engine that the job executor chooses.
  mutating func queueForPrefill(_ id: Int) {
    let engine = routePrefill(id)
    requests.engine[id] = Int32(engine)
    useCache(id, engine: engine)
    prefill[engine].enqueue(Int32(id))
    prefill[engine].pendingTokens += Int(requests.prefillLeft[id])
    let work = prefill[engine].plannedWork(id, requests)
    prefill[engine].pendingWork += work
    reports.sent(work, toPrefill: engine)
    if !prefill[engine].busy { startPrefill(engine) }
  }

  /// The client waited for its first token long enough.
  mutating func giveUp(_ id: Int, number: UInt64) {
    guard requests.number[id] == number, requests.firstToken[id] < 0 else { return }
    let state = requests.state[id]
    guard state == .queued || state == .prefilling else { return }
    requests.state[id] = .abandoned
    if requests.attempts[id] > 0 {
      rest(id)
    } else if !requests.found[id] {
      totals.timedOut += 1
    }
    if isMixed || requests.engine[id] < 0 { return }
    let engine = Int(requests.engine[id])
    prefill[engine].pendingTokens -= Int(requests.prefillLeft[id])
    prefill[engine].pendingWork -= prefill[engine].plannedWork(id, requests)
  }

  mutating func startPrefill(_ engine: Int) {
    guard !prefill[engine].stopped, blocked[engine] == 0 else {
      prefill[engine].busy = false
      return
    }
    dropped.removeAll(keepingCapacity: true)
    let length = prefill[engine].startStep(&requests, dropped: &dropped)
    for id in dropped { requests.free(Int(id)) }
    guard let length else {
      prefill[engine].busy = false
      return
    }
    prefill[engine].busy = true
    prefill[engine].stepStart = now
    prefill[engine].stepEnd = now + Int64(length * 1000)
    schedule(.prefillDone, at: prefill[engine].stepEnd, subject: engine, tag: prefill[engine].epoch)
  }

  /// A prefill step ends: prompts that are done have their first token and look for a decode group.
  mutating func endPrefill(_ engine: Int) {
    let open = measurement.open(at: now)
    let start = max(prefill[engine].stepStart, (now - 1) / Self.second * Self.second)
    current.busy[engine] += Double(now - start) / 1000
    current.prefillTokens[engine] += Double(prefill[engine].stepTokens)
    for place in prefill[engine].batch.indices {
      endChunk(Int(prefill[engine].batch[place]), engine: engine, place: place, open: open)
    }
    startPrefill(engine)
  }

  private mutating func endChunk(_ id: Int, engine: Int, place: Int, open: Bool) {
    let group = Int(prefill[engine].batchGroups[place])
    guard requests.state[id] != .abandoned else {
      if prefill[engine].begun[group] == Int32(id) { prefill[engine].begun[group] = -1 }
      requests.free(id)
      return
    }
    bookPool(id, engine: engine, group: group)
    let before = prefill[engine].plannedWork(id, requests)
    let tokens = requests.chunk[id]
    requests.chunk[id] = 0
    requests.prefillLeft[id] -= tokens
    prefill[engine].pendingTokens -= Int(tokens)
    prefill[engine].pendingWork -= before - prefill[engine].plannedWork(id, requests)
    guard requests.prefillLeft[id] == 0 else { return }
    requests.group[id] = Int32(group)
    cachePrompt(id, engine: engine)
    countFirstToken(id, open: open)
    if requests.output[id] <= 1 {
      close(id, at: now)
    } else {
      sendToDecode(id)
    }
  }

  /// Books what a prompt's step moves between a prefill group and the pool in the CPUs' memory: what it has there comes
  /// with its first part, what is new goes there behind its last.
  private mutating func bookPool(_ id: Int, engine: Int, group: Int) {
    // 910B servers reach the pool over RoCE.
    guard pool != nil || scenario.prefixHit > 0, prefill[engine].spec.chip == .c910 else { return }
    let (prompt, cached, left) = (requests.prompt[id], requests.cached[id], requests.prefillLeft[id])
    let comes = prompt - left == cached ? requests.pooled[id] : 0
    let goes = requests.chunk[id] == left ? prompt - cached : 0
    let each = prefill[engine].spec.tensorParallel
    let token = prefill[engine].kvBytesPerToken
    current.addPooled(
      fetched: Double(comes) * token, stored: Double(goes) * token,
      dies: prefill[engine].hosts[(group * each)..<((group + 1) * each)])
  }

  /// Books the token that prefill makes: a request's first, or the next of one whose KV was lost.
  mutating func countFirstToken(_ id: Int, open: Bool) {
    current.outputTokens += 1
    tokensHeld += 1
    guard requests.firstToken[id] < 0 else {
      if open { measurement.outputTokens += 1 }
      return
    }
    requests.firstToken[id] = now
    current.inputTokens += Int(requests.prompt[id])
    if open {
      measurement.cachedTokens += Int(requests.cached[id])
      measurement.outputTokens += 1
      measurement.inputTokens += Int(requests.prompt[id])
    }
    guard !requests.found[id] else { return }
    let wait = Float(Double(now - requests.arrival[id]) / 1000)
    current.ttft.add(wait)
    if open { measurement.ttft.add(wait) }
  }

  /// The job executor picks the decode engine with the lightest load, its shell the group; without room the request
  /// waits there and its KV stays in prefill (backpressure).
  mutating func sendToDecode(_ id: Int) {
    let engine = reportedLightestDecode
    reports.sent(1 / Double(decode[engine].dies * decode[engine].batchLimit), toDecode: engine)
    requests.state[id] = .deferred
    let source = Int(requests.engine[id])
    requests.origin[id] = requests.group[id] * Int32(prefill[source].spec.tensorParallel)
    requests.engine[id] = Int32(engine)
    requests.prefilledBy[id] = Int32(source)
    decode[engine].deferred.append(Int32(id))
    pairDeferred(engine)
  }

  /// Gives groups to waiting requests, in order, as long as there is room.
  mutating func pairDeferred(_ engine: Int) {
    guard receives(engine) else { return }
    var paired = 0
    var passed: [Int32] = []
    for number in decode[engine].deferred {
      let id = Int(number)
      if isHeldAtSource(id) {
        // Others need not wait for a way that is blocked.
        passed.append(number)
        paired += 1
        continue
      }
      let tokens = claim(id)
      guard let group = decode[engine].choose(tokens: tokens) else { break }
      paired += 1
      decode[engine].reserve(group: group, tokens: tokens)
      requests.group[id] = Int32(group)
      startTransfer(id)
    }
    if paired > 0 { decode[engine].deferred.replaceSubrange(..<paired, with: passed) }
  }

  /// KV goes from the prefill group's dies to the decode die.
  private mutating func startTransfer(_ id: Int) {
    requests.state[id] = .transferring
    requests.ticket[id] = scheduled + 1
    guard carriesKV(of: id) else {
      // The handshake is not answered.
      schedule(
        .transferLost, at: now + Int64(Self.transferTimeout * 1e9), subject: id, tag: requests.ticket[id])
      return
    }
    let engine = Int(requests.engine[id])
    let bytes = decode[engine].kvBytesPerToken * Double(requests.prompt[id])
    let target = decode[engine].hosts[Int(requests.group[id])]
    let wait = Double(now - requests.firstToken[id]) / 1000
    // The die's AIV cores copy what its links bring.
    let copied = Double(scenario.chip.vectorCores) * SendReceive.perCoreGigabytesPerSecond * 1e3
    var rate = min(Self.transferBytesPerMicro / Double(fabric.remote[target]), copied)
    let perNode = scenario.topology.diesPerNode
    if requests.prefilledBy[id] < 0 {
      // KV that was put out of the way comes back from the memory of the node's CPUs.
      current.addReturned(to: target, node: target / perNode, bytes: bytes)
    } else {
      let source = prefill[Int(requests.prefilledBy[id])]
      let first = Int(requests.origin[id])
      let sources = source.spec.tensorParallel
      if source.spec.fabric == .roce {
        // Links of the pod's own fabric carry nothing of what goes over RoCE.
        var port = health.roce[target].share
        for rank in first..<(first + sources) { port = min(port, health.roce[source.hosts[rank]].share) }
        rate = PrefillCosts.roceBytesPerMicro * Double(max(port, 0.01))
      } else {
        let origin = source.hosts[first]
        for rank in first..<(first + sources) { current.kvOut[source.hosts[rank]] += bytes / Double(sources) }
        current.kvIn[target] += bytes
        current.addKV(from: origin / perNode, to: target / perNode, bytes: bytes)
      }
    }
    let wire = Self.handshakeMicros + bytes / rate
    let send = Primitive.sendRecv.index
    current.calls[send].add(wire: wire, wait: wait)
    if measurement.open(at: now) { measurement.calls[send].add(wire: wire, wait: wait) }
    schedule(.transferDone, at: now + Int64(wire * 1000), subject: id, tag: requests.ticket[id])
  }

  mutating func endTransfer(_ id: Int) {
    guard carriesKV(of: id) else { return retryTransfer(id) }
    let engine = Int(requests.engine[id])
    requests.state[id] = .joining
    decode[engine].joining.append(Int32(id))
    rouse(engine)
  }

  /// An idle decode engine begins an iteration at once; another takes what came at its next.
  mutating func rouse(_ engine: Int) {
    guard decode[engine].state == .idle else { return }
    decode[engine].state = .pausing
    schedule(.iterationStart, at: now, subject: engine, tag: decode[engine].epoch)
  }

  /// A request has its last token.
  mutating func close(_ id: Int, at time: Int64) {
    let made = requests.output[id] + requests.made[id]
    tokensHeld -= Int(made)
    seen.outputs.passed(from: requests.mark[id], to: made)
    if !requests.cancels[id] { seen.outputs.ended(at: made) }
    if requests.cancels[id] {
      totals.cancelled += 1
    } else if !requests.found[id] {
      totals.finished += 1
      learnOutput(id)
      current.finished += 1
      let good = meetsSLO(id, end: time)
      if good { current.good += 1 }
      if measurement.open(at: time) {
        measurement.finished += 1
        if good { measurement.good += 1 }
      }
    }
    requests.free(id)
  }

  private func meetsSLO(_ id: Int, end: Int64) -> Bool {
    let ttft = Double(requests.firstToken[id] - requests.arrival[id]) / 1e6
    let tokens = Int(requests.output[id] + requests.made[id])
    let tpot = tokens > 1 ? Double(end - requests.firstToken[id]) / 1e6 / Double(tokens - 1) : 0
    return ttft <= scenario.slo.ttftMilliseconds && tpot <= scenario.slo.tpotMilliseconds
  }
}
