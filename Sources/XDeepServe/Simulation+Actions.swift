public import Operations
import SuperPod
import Telemetry
import Words

extension Simulation {
  /// Does what an operator, a script or an event asks for, now.
  ///
  /// What takes time goes on by itself; `operations` tell how it stands.
  ///
  /// - Throws: Why it cannot be done, and what would work; nothing has changed then.
  public mutating func perform(_ action: Action) throws(ActionRefusal) {
    // A refusal halfway must leave nothing behind.
    var copy = self
    try copy.carryOut(action)
    self = copy
  }

  private mutating func carryOut(_ action: Action) throws(ActionRefusal) {
    let before = configuration
    let headrooms = headrooms
    try judge(action, before, headrooms)
    let number = performed.count + 1
    performed.append(PerformedAction(number: number, action, at: now, before: before, headrooms: headrooms))
    try set(action, number: number)
    say(.normal, "", "done: \(action)")
  }

  /// Refuses what the rules of actions refuse.
  func judge(
    _ action: Action, _ configuration: Configuration, _ headrooms: [Place.Executor: Double]
  ) throws(ActionRefusal) {
    for place in action.places where place.owner == nil && place.part != .spare { try check(place) }
    if case .undrain(let place) = action, isSeparated(place) { return }
    do throws(Refusal) { _ = try action.applied(to: configuration, headrooms: headrooms) } catch {
      throw ActionRefusal(error)
    }
  }

  /// Sets an action going that the rules allow, as a part of a performed one.
  mutating func set(_ action: Action, number: Int) throws(ActionRefusal) {
    switch action {
    case .inject(let injection): try inject(injection)
    case .clear(let fault, let place): try clear(fault, at: place)
    case .traffic(let factor, let lasting): try setTraffic(factor, lasting: lasting)
    case .batch(let limit, let executor): try setBatch(limit, of: executor)
    case .mtp(let layers, let executor):
      for index in try decodeEngines(executor) { decode[index].wantedDrafts = layers }
    case .balance(let choice, let executor):
      for index in try decodeEngines(executor) { decode[index].choice = choice }
    case .jitter(let measure, let on): setJitter(measure, on: on)
    case .recovery(let stage): recovery = stage
    case .admit(let rate):
      admitLimit = rate?.perSecond
      nextAdmission = now
      if rate == nil { releaseHeld() }
    case .eplb(let wish, let executor): try setBalancing(wish, of: executor)
    case .reshard(let wish): try reshard(wish, number: number)
    case .drain(let place): try drain(place, number: number)
    case .undrain(let place): try undrain(place, number: number)
    case .restart(let place): try restart(place, number: number)
    case .scale(let executor, let size): try scale(executor, to: size, number: number)
    case .pd(let shift):
      let moves: [ServerMove]
      do throws(Refusal) {
        moves = try ServerMove.moves(of: shift, in: configuration, headrooms: headrooms)
      } catch {
        throw ActionRefusal(error)
      }
      try move(moves, as: action, number: number)
    case .isolate(let tokens): isolate(promptsFrom: tokens.map { Int32(clamping: $0.tokens) })
    case .undo(let entry): try undo(entry, number: number)
    }
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

  private mutating func setTraffic(_ factor: Double, lasting: DurationAmount?) throws(ActionRefusal) {
    guard scenario.workload.rate(at: now) != nil else {
      throw ActionRefusal("traffic multiplies arrivals that have a rate; this scenario's workload has none")
    }
    trafficFactor = factor
    trafficSet += 1
    if let lasting { schedule(.trafficEnds, at: now + lasting.nanoseconds, tag: trafficSet) }
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
      if case .every(let interval) = wish {
        guard interval.nanoseconds >= Self.second else {
          throw ActionRefusal("experts are balanced at most once a second")
        }
        balancingPeriod[index] = interval.seconds
      }
      balancingInterval[index] = wish == .off ? nil : balancingPeriod[index]
      if let interval = balancingInterval[index] {
        schedule(.balance, at: now + Int64(interval * 1e9), subject: index, tag: balancing[index])
      }
    }
  }

  private mutating func reshard(_ wish: Reshard, number: Int) throws(ActionRefusal) {
    let engines = try decodeEngines(wish.executor)
    for index in engines {
      try checkIdle(prefill.count + index, number: number)
      guard wish.executor == nil || decode[index].state != .stopped else {
        throw ActionRefusal("\(decode[index].id) stands still")
      }
    }
    let free = engines.filter { decode[$0].rebalance == nil && decode[$0].state != .stopped }
    guard !free.isEmpty else {
      throw ActionRefusal("experts are being moved already; wait until that is done")
    }
    guard observedSteps > 0 else { throw ActionRefusal("nothing is observed yet; wait five seconds") }
    let layers = wish.layers.map {
      ($0.lowerBound - scenario.model.denseLayers)..<($0.upperBound + 1 - scenario.model.denseLayers)
    }
    let policy: ExpertPlacement.Policy? = wish.policy.map { $0 == .eplb ? .open : .greedy }
    let limits = ExpertPlacement.Wish(layers: layers, budget: wish.budget, policy: policy)
    for index in free { rebalanceNow(index, number: number, wish: limits) }
  }
}
