import Telemetry

extension Simulation {
  /// Weight of one finished request in the mean by which output lengths are expected (assumption).
  static let outputMemory = 0.01
  /// Output expected before anybody has finished, tokens (assumption).
  static let firstOutputGuess = 512.0

  /// KV tokens that a request is expected to hold at its end: nobody foresees its length, the mean of those that ended
  /// before counts.
  func estimate(_ id: Int) -> Int32 {
    requests.prompt[id] + Int32(expectedOutput)
  }

  /// Sets down what a request counts for in admission from here on.
  mutating func claim(_ id: Int) -> Int32 {
    requests.claim[id] = min(estimate(id), decode.reduce(0) { max($0, $1.capacity) })
    return requests.claim[id]
  }

  /// A request has ended: what the next are expected to make.
  mutating func learnOutput(_ id: Int) {
    let made = requests.output[id] + requests.made[id]
    expectedOutput += (Double(made) - expectedOutput) * Self.outputMemory
  }

  /// A group's KV is full: its newest requests make room until the others' next tokens fit.
  mutating func preempt(_ engine: Int, group: Int) {
    let perStep = Int32(1 + decode[engine].mtpLayers)
    while decode[engine].kv[group] > decode[engine].capacity - decode[engine].count[group] * perStep {
      guard let (id, made) = evict(engine, group: group) else { return }
      totals.preempted += 1
      recompute(id, made: made)
    }
  }

  /// Requests that took their slots may find that the others have made more tokens than was expected when they were let
  /// in: where it is too tight, the newest make room.
  mutating func makeRoom(_ engine: Int) {
    let most = Int32(1 + decode[engine].mtpLayers)
    for group in 0..<decode[engine].dies
    where decode[engine].kv[group] > decode[engine].capacity - decode[engine].count[group] * most {
      preempt(engine, group: group)
    }
  }

  /// Takes the newest request and its KV out of a group; returns it and the tokens that it made, nil where none runs.
  mutating func evict(_ engine: Int, group: Int) -> (id: Int, made: Int32)? {
    guard let (number, remaining) = decode[engine].unseat(group: group) else { return nil }
    let id = Int(number)
    let made = requests.output[id] - remaining
    decode[engine].release(group: group, held: requests.prompt[id] + made, committed: requests.claim[id])
    return (id, made)
  }

  /// A request whose KV is gone begins again, with the tokens that it made as part of its prompt.
  ///
  /// Where nothing prefills (closed workloads), its KV was put out of the way and comes back when there is room.
  mutating func recompute(_ id: Int, made: Int32) {
    let again = prefill.isEmpty && !isMixed ? made - 1 : made
    requests.prompt[id] += again
    requests.output[id] -= again
    requests.made[id] += again
    requests.state[id] = .queued
    if isMixed {
      takeMixed(id)
    } else if prefill.isEmpty {
      let engine = reportedLightestDecode
      requests.state[id] = .deferred
      requests.engine[id] = Int32(engine)
      requests.prefilledBy[id] = -1
      decode[engine].deferred.append(Int32(id))
    } else {
      queueForPrefill(id)
    }
  }
}
