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
    // A rate and a mean length from so many requests are known no better than this.
    copy.foreseenRate = 1 + copy.lengths.normal() / Double(max(seen.arrivalsSeen, 16)).squareRoot()
    copy.foreseenLength = 1 + copy.lengths.normal() / Double(max(seen.outputsSeen, 16)).squareRoot()
    copy.redrawOutputs()
    return copy
  }

  /// What runs has outputs that nobody knows yet: drawn from those that ended, longer than what was made.
  private mutating func redrawOutputs() {
    if case .closed = scenario.workload { return }
    for engine in decode.indices {
      for group in 0..<decode[engine].dies {
        for slot in 0..<Int(decode[engine].count[group]) {
          let id = Int(decode[engine].slotRequest[group * decode[engine].slotVectors * 4 + slot])
          let made = requests.output[id] - decode[engine].remainingAt(group, slot)
          guard let output = seen.output(beyond: requests.made[id] + made, &lengths) else { continue }
          let fits = min(output - requests.made[id], decode[engine].capacity - requests.prompt[id])
          requests.output[id] = max(made + 1, fits)
          decode[engine].setRemaining(group, slot, requests.output[id] - made)
        }
      }
    }
    for id in requests.state.indices {
      switch requests.state[id] {
      case .queued, .prefilling, .deferred, .transferring, .joining:
        guard requests.output[id] > 1, let output = seen.output(beyond: requests.made[id] + 1, &lengths) else {
          continue
        }
        let room = decode.reduce(0) { max($0, $1.capacity) } - requests.prompt[id]
        requests.output[id] = max(2, min(output - requests.made[id], room))
      default: break
      }
    }
  }

  /// The next arrival of a foreseen future.
  mutating func arriveForeseen() {
    let rate: Double
    if let observed = seen.rate {
      rate = observed
    } else if case .poisson(let planned, _, _) = scenario.workload {
      rate = planned * foreseenFactor
    } else {
      rate = 0
    }
    guard rate > 0 else { return }
    let prompt = seen.prompt(&lengths) ?? promptSampler?.draw(&lengths) ?? 1024
    let drawn = seen.output(beyond: 0, &lengths) ?? outputSampler?.draw(&lengths) ?? Int32(expectedOutput)
    let output = max(1, Int32(Double(drawn) * foreseenLength))
    take(prompt: prompt, output: output, found: false)
    // A load that an action multiplies comes on top of what was seen.
    let factor = loadFactor / max(foreseenFactor, 1e-9)
    schedule(.arrival, at: now + Int64(arrivals.exponential() / (rate * foreseenRate * factor) * 1e9))
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
    outlook.runningSeconds = Double(decode.reduce(0) { $0 + $1.running })
    outlook.outputTokens = Double(last.outputTokens)
    outlook.good = Double(last.good)
    outlook.finished = Double(last.finished)
    outlook.recomputed = Double(totals.recomputed)
    return outlook
  }
}
