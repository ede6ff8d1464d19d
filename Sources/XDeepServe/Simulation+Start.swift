import Operations
import Telemetry
import Words

extension Simulation {
  /// Fills time zero and puts the first events on the calendar.
  mutating func begin() {
    if case .closed(let each, _, _) = scenario.workload {
      fill(requestsPerDie: Double(each))
    } else if scenario.start == .steady, let rate = scenario.workload.rate(at: 0) {
      fill(requestsPerDie: steadyLoad(rate: rate))
      queueSteady(rate: rate)
    }
    switch scenario.workload {
    case .poisson, .daily: planArrival()
    case .trace(let rows, _):
      if let first = rows.first { schedule(.arrival, at: first.arrival) }
    case .closed:
      break
    }
    for index in decode.indices where decode[index].running > 0 {
      decode[index].chooseStreams()
      // Engines do not start in step: each is somewhere in its iteration.
      decode[index].state = .pausing
      schedule(.iterationStart, at: Int64(arrivals.unit() * 50e6), subject: index)
    }
    schedule(.drift, at: Int64(ExpertPopularity.stepSeconds) * Self.second)
    schedule(.second, at: Self.second)
    // Half way between whole seconds. A mixed engine's KV goes nowhere.
    if !isMixed { schedule(.probe, at: Int64(LinkProbes.interval * 0.5e9)) }
    for (number, event) in scenario.events.enumerated() {
      schedule(.planned, at: event.time.nanoseconds, subject: number)
    }
    for component in BackgroundFaults.Component.allCases { planBackgroundFault(component) }
    reportLoads()
    say(.normal, "", "\(scenario.name): \(decode.count) decode and \(prefill.count) prefill engines start")
    if let note = scenario.workloadNote { say(.normal, "", note) }
    if !scenario.model.measured { say(.normal, "", scenario.model.predictionNote) }
    if [.podium, .eplb].contains(scenario.experts.balancer) {
      if !prefill.isEmpty {
        schedule(.balance, at: Int64(scenario.experts.intervalSeconds * 1e9), subject: decode.count)
      }
      // Engines take turns, a second apart.
      for index in decode.indices {
        let first = scenario.experts.intervalSeconds + Double(index)
        schedule(.balance, at: Int64(first * 1e9), subject: index)
      }
    }
  }

  /// Requests a die that a rate keeps running: they stay for their tokens, which take longer the more there are.
  private func steadyLoad(rate: Double) -> Double {
    guard let outputSampler, let promptSampler else { return 0 }
    let dies = decode.reduce(0) { $0 + $1.dies }
    let limit = Double(decode.reduce(Int.max) { min($0, $1.batchLimit) })
    let context = promptSampler.mean + outputSampler.mean / 2
    var load = 8.0
    for _ in 0..<5 {
      var stay = 0.0
      for engine in decode {
        var trial = engine
        trial.setTrial(requestsPerDie: load, context: context)
        trial.iterate()
        let drafts = Double(engine.mtpLayers) * engine.acceptance
        let perToken = (trial.duration + DecodeEngine.gapMicros) / 1e6 / (1 + drafts)
        stay += perToken * outputSampler.mean * Double(engine.dies) / Double(dies)
      }
      load = min(rate * stay / Double(dies), limit)
    }
    return load
  }

  /// Puts running requests into every die, each at a random point of its output with the KV that belongs to it.
  private mutating func fill(requestsPerDie: Double) {
    guard let promptSampler, let outputSampler else { return }
    for index in decode.indices {
      let dies = decode[index].dies
      let total = Int((requestsPerDie * Double(dies)).rounded())
      for number in 0..<total {
        let group = number % dies
        var prompt = promptSampler.draw(&lengths)
        var output = max(2, outputSampler.drawRunning(&lengths))
        let room = decode[index].capacity - decode[index].committed[group]
        if prompt + output > room {
          guard room > 64 else { continue }
          prompt = min(prompt, room / 2)
          output = max(2, min(output, room / 2))
        }
        let made = 1 + Int32(lengths.index(below: Int(output) - 1))
        let id = requests.add(arrival: 0, prompt: prompt, cached: 0, output: output, found: true)
        requests.firstToken[id] = 0
        requests.engine[id] = Int32(index)
        requests.group[id] = Int32(group)
        requests.state[id] = .decoding
        // Its later tokens cannot be foreseen, but what it holds already is there.
        requests.claim[id] = prompt + made
        requests.mark[id] = made
        tokensHeld += Int(made)
        decode[index].reserve(group: group, tokens: prompt + made)
        decode[index].seat(
          request: Int32(id), group: group, held: prompt + made, remaining: output - made, first: -1, base: 0)
      }
    }
  }

  /// Requests in prefill when time begins, as many as the rate keeps there.
  private mutating func queueSteady(rate: Double) {
    guard let promptSampler, let outputSampler, let costs = prefill.first?.costs, let spec = prefill.first?.spec else {
      return
    }
    let cached = promptSampler.mean * scenario.prefixHit
    let fresh = promptSampler.mean - cached
    let slowest = costs.attention(tokens: fresh, before: cached) + costs.reuse(cached: cached, pooled: cached)
    let alone = costs.step(
      slowest: slowest, widest: fresh, tokens: fresh * Double(spec.dataParallel), imbalance: 1.2)
    for _ in 0..<Int((rate * alone / 1e6).rounded()) {
      take(prompt: promptSampler.draw(&lengths), output: outputSampler.draw(&lengths), found: true)
    }
  }
}

extension DecodeEngine {
  /// Sets batch and KV of every die for a trial iteration, without requests.
  mutating func setTrial(requestsPerDie: Double, context: Double) {
    running = Int((requestsPerDie * Double(dies)).rounded())
    for die in 0..<dies {
      count[die] = Int32(running * (die + 1) / dies - running * die / dies)
      kv[die] = Int32(Double(count[die]) * context)
    }
  }
}
