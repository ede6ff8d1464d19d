public import Operations
import SuperPod
import Telemetry
import Words

extension Simulation {
  /// Does what an operator, a script or an event asks for, now.
  ///
  /// What takes time goes on by itself; `events` and `changes` tell how it stands.
  ///
  /// - Throws: Why it cannot be done, and what would work; nothing has changed then.
  public mutating func perform(_ action: Action) throws(ActionRefusal) {
    switch action {
    case .inject(let injection): try inject(injection)
    case .clear(let fault, let place): try clear(fault, at: place)
    case .traffic(let factor, let lasting):
      guard case .poisson = scenario.workload else {
        throw ActionRefusal("traffic multiplies Poisson arrivals; this scenario's workload is another")
      }
      trafficFactor = factor
      trafficSet += 1
      if let lasting { schedule(.trafficEnds, at: now + lasting.nanoseconds, tag: trafficSet) }
    case .batch(let limit, let executor): try setBatch(limit, of: executor)
    case .mtp(let layers, let executor): try setDrafts(layers, of: executor)
    case .balance(let choice, let executor):
      for index in try decodeEngines(executor) { decode[index].choice = choice }
    case .jitter(let measure, let on): setJitter(measure, on: on)
    case .recovery(let stage): recovery = stage
    case .admit(let rate):
      if let rate, rate.perSecond <= 0 { throw ActionRefusal("a limit is above zero; `admit off` lifts it") }
      admitLimit = rate?.perSecond
      nextAdmission = now
      if rate == nil { releaseHeld() }
    case .eplb(let wish, let executor): try setBalancing(wish, of: executor)
    case .reshard(let wish): try reshard(wish)
    case .drain(let place): try drain(place)
    case .undrain(let place): try undrain(place)
    case .restart(let place): try restart(place)
    case .scale(let executor, let size): try scale(executor, to: size)
    case .pd(let shift): try move(shift)
    case .isolate(let tokens): isolate(promptsFrom: tokens.map { Int32(clamping: $0.tokens) })
    case .undo:
      throw ActionRefusal("`\(action)` is not built into the model yet")
    }
    say(.normal, "", "done: \(action)")
  }

  /// The decode engines that an action means: one, or all.
  func decodeEngines(_ executor: Place.Executor?) throws(ActionRefusal) -> Range<Int> {
    guard let executor else { return decode.indices }
    guard !executor.prefills else {
      throw ActionRefusal("P\(executor.number) prefills; a decode TE such as D0 is meant")
    }
    let index = try engine(executor) - prefill.count
    return index..<(index + 1)
  }

  private mutating func setBatch(_ limit: Int, of executor: Place.Executor?) throws(ActionRefusal) {
    guard (1...1024).contains(limit) else { throw ActionRefusal("a batch limit lies between 1 and 1024") }
    for index in try decodeEngines(executor) {
      specs[index].batch = limit
      decode[index].growSlots(to: limit)
      decode[index].batchLimit = limit
      pair(index)
    }
  }

  private mutating func setDrafts(_ layers: Int, of executor: Place.Executor?) throws(ActionRefusal) {
    guard layers == 0 || scenario.model.mtpLayers > 0 else {
      throw ActionRefusal("\(scenario.model.title) has no draft layers; accepted is 0")
    }
    for index in try decodeEngines(executor) { decode[index].wantedDrafts = layers }
  }

  private mutating func setJitter(_ measure: JitterMeasure, on: Bool) {
    switch measure {
    case .pin: jitter.pin = on
    case .graph: jitter.graph = on
    case .gc: jitter.gc = on
    }
    for index in decode.indices { decode[index].jitter = jitter }
  }

  private mutating func setBalancing(_ wish: BalancingSwitch, of executor: Place.Executor?) throws(ActionRefusal) {
    for index in try decodeEngines(executor) {
      balancing[index] += 1
      switch wish {
      case .off: balancingInterval[index] = nil
      case .on: balancingInterval[index] = scenario.experts.intervalSeconds
      case .every(let interval):
        guard interval.nanoseconds >= Self.second else {
          throw ActionRefusal("experts are balanced at most once a second")
        }
        balancingInterval[index] = interval.seconds
      }
      if let interval = balancingInterval[index] {
        schedule(.balance, at: now + Int64(interval * 1e9), subject: index, tag: balancing[index])
      }
    }
  }

  private mutating func reshard(_ wish: Reshard) throws(ActionRefusal) {
    let engines = try decodeEngines(wish.executor)
    guard engines.contains(where: { decode[$0].rebalance == nil && decode[$0].state != .stopped }) else {
      throw ActionRefusal("experts are being moved already; wait until that is done")
    }
    guard observedSteps > 0 else { throw ActionRefusal("nothing is observed yet; wait five seconds") }
    for index in engines where decode[index].rebalance == nil { rebalanceNow(index) }
  }
}
