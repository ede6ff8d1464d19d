import Operations
public import Telemetry

extension Simulation {
  /// A copy that knows only what an operator could know.
  ///
  /// No scheduled events, no rest of a trace, no true lengths of what runs, no true ends of faults. Arrivals, lengths and
  /// the drift of experts are drawn anew from what was seen, and what was seen is taken for the sample that it is.
  ///
  /// - Parameter seed: Tells one possible future from another.
  public func foreseen(seed: UInt64) -> Simulation {
    var copy = self
    copy.isForeseen = true
    copy.foreseenFrom = now
    copy.arrivals = RandomStream(seed: seed, name: "foreseen-arrivals")
    copy.lengths = RandomStream(seed: seed, name: "foreseen-lengths")
    copy.observation = RandomStream(seed: seed, name: "foreseen-observation")
    copy.popularity.reseed(seed)
    for index in copy.decode.indices {
      copy.decode[index].stream = RandomStream(seed: seed, name: "foreseen-decode", index: index)
    }
    copy.foreseenFactor = loadFactor
    copy.markOutputs()
    copy.foreseen = copy.seen.drawn(&copy.lengths)
    copy.redrawOutputs()
    return copy
  }

  /// What runs has outputs that nobody knows yet: drawn anew, longer than what was made.
  private mutating func redrawOutputs() {
    if case .closed = scenario.workload { return }
    guard let survival = foreseen.outputs else { return }
    for engine in decode.indices {
      for group in 0..<decode[engine].dies {
        for slot in 0..<Int(decode[engine].count[group]) {
          let id = Int(decode[engine].slotRequest[group * decode[engine].slotVectors * 4 + slot])
          let made = requests.output[id] - decode[engine].remainingAt(group, slot)
          let output = survival.draw(beyond: requests.made[id] + made, &lengths)
          let fits = min(output - requests.made[id], decode[engine].capacity - requests.prompt[id])
          requests.output[id] = max(made + 1, fits)
          decode[engine].setRemaining(group, slot, requests.output[id] - made)
        }
      }
    }
    let most = decode.reduce(0) { max($0, $1.capacity) }
    for id in requests.state.indices {
      switch requests.state[id] {
      case .queued, .prefilling, .deferred, .transferring, .joining:
        guard requests.output[id] > 1 else { continue }
        let output = survival.draw(beyond: requests.made[id] + 1, &lengths)
        requests.output[id] = max(2, min(output - requests.made[id], most - requests.prompt[id]))
      default: break
      }
    }
  }

  /// Takes down what running requests have made since the last time; those that end are taken down by themselves.
  mutating func markOutputs() {
    for engine in decode {
      for group in 0..<engine.dies {
        for slot in 0..<Int(engine.count[group]) {
          let id = Int(engine.slotRequest[group * engine.slotVectors * 4 + slot])
          let made = requests.made[id] + requests.output[id] - engine.remainingAt(group, slot)
          seen.outputs.passed(from: requests.mark[id], to: made)
          requests.mark[id] = max(made, requests.mark[id])
        }
      }
    }
  }

  /// The next arrival of a foreseen future.
  mutating func arriveForeseen() {
    let rate: Double
    if let observed = foreseen.rate {
      rate = observed
    } else if let planned = scenario.workload.rate(at: foreseenFrom) {
      rate = planned * foreseenFactor
    } else {
      rate = 0
    }
    guard rate > 0 else { return }
    let seenPrompt = foreseen.prompts.isEmpty ? nil : foreseen.prompts[lengths.index(below: foreseen.prompts.count)]
    let prompt = seenPrompt ?? promptSampler?.draw(&lengths) ?? 1024
    let output =
      foreseen.outputs?.draw(beyond: 0, &lengths) ?? outputSampler?.draw(&lengths) ?? Int32(expectedOutput)
    take(prompt: prompt, output: max(1, output), found: false)
    // A load that an action multiplies comes on top of what was seen.
    let factor = loadFactor / max(foreseenFactor, 1e-9)
    schedule(.arrival, at: now + Int64(arrivals.exponential() / (rate * factor) * 1e9))
  }

  /// Whether an operator knows when a fault ends: a device's reset and a process's restart take a known time.
  func isEndKnown(_ number: Int) -> Bool {
    switch incidents[number].injection.fault {
    case .die, .npu, .teShell, .je, .hbmECC: true
    default: incidents[number].began > foreseenFrom
    }
  }

  /// What the last whole second brought, for those who look at every second.
  public var lastSecond: Outlook {
    var outlook = Outlook()
    outlook.seconds = 1
    outlook.firstTokens = Double(last.ttft.total)
    outlook.ttftSeconds = Double(last.ttft.total) * Double(last.ttft.mean ?? 0) / 1e6
    outlook.stepTokens = Double(last.stepTokens)
    // Who has its first token and waits for a place in decode waits for its next.
    outlook.runningSeconds = Double(
      decode.reduce(0) { sum, engine in
        let waiting = engine.layout == .mixed ? 0 : engine.deferred.count + engine.reserved.reduce(0) { $0 + Int($1) }
        return sum + engine.running + waiting
      })
    outlook.outputTokens = Double(last.outputTokens)
    outlook.good = Double(last.good)
    outlook.finished = Double(last.finished)
    outlook.waitingSeconds = Double(requestTotals.waiting)
    outlook.ttftSpread = Spread(last.ttft)
    outlook.stepSpread = Spread(last.step)
    outlook.recomputed = Double(totals.recomputed)
    return outlook
  }
}
