import SuperPod
import Telemetry

/// A live change of expert placement, in the four phases of [XDS] 4.5.
///
/// Weights are fetched in the background; then the slots that change leave the map, their weights are put in place, and
/// the map takes in the new ones. The engine serves all along, between the second and the fourth phase with fewer
/// replicas.
struct Rebalance: Hashable, Sendable {
  /// What is going on.
  enum Phase: UInt8, Sendable {
    /// Weights are fetched in the background.
    case prefetch
    /// The slots that change leave the map; an iteration passes until nobody uses them.
    case disable
    /// Weights are put in place.
    case load
    /// The map has the new slots; an iteration passes until everybody knows.
    case restore
  }

  /// Part of a die's read rate that fetching takes (assumption: it must not disturb dispatch and combine).
  static let fetchShare = 0.2
  /// Rate at which fetched weights are put in place, bytes a microsecond (assumption: a copy inside the memory).
  static let placeBytesPerMicro = 400_000.0
  /// A placement that promises less than this of the present imbalance is not worth a move (assumption).
  static let leastGain: Float = 0.02

  /// The performed action that it belongs to; nil where the engine balances by itself.
  var number: Int?
  var phase = Phase.prefetch
  /// Since when the phase holds, and when it is over, nanoseconds.
  var since: Int64 = 0
  var due: Int64 = 0
  var target: ExpertPlacement
  /// What it was before, to go back to.
  let previous: ExpertPlacement
  /// Whether it was given up and goes back.
  var goesBack = false
  /// Slots that change, and the bytes that they bring.
  var slots: Int
  var bytes: Double
  /// Hosts of experts that take something in.
  let touched: [Bool]
  /// The most that one die takes in.
  var dieBytes: Double
  /// Largest rank over the mean on observed loads, before and after, over the layers that may change.
  var before: Float
  var after: Float

  /// Time to fetch, nanoseconds.
  var fetchNanoseconds: Int64 { Self.fetchNanoseconds(dieBytes) }

  /// Time to put in place, nanoseconds.
  var placeNanoseconds: Int64 { Self.placeNanoseconds(dieBytes) }

  /// Time in which a die fetches so many bytes.
  static func fetchNanoseconds(_ bytes: Double) -> Int64 {
    Int64(bytes / (Simulation.transferBytesPerMicro * fetchShare) * 1000)
  }

  /// Time in which it puts them in place.
  static func placeNanoseconds(_ bytes: Double) -> Int64 { Int64(bytes / placeBytesPerMicro * 1000) }

  /// The change from one placement to a better one on the same loads; nil where it is not worth it.
  ///
  /// - Parameter layers: The layers that may change, from zero; nil for all.
  init?(
    from present: ExpertPlacement, to target: ExpertPlacement, observed: [Float], topK: Int, expertBytes: Double,
    layers: Range<Int>? = nil
  ) {
    previous = present
    before = present.imbalance(observed, topK: topK, layers: layers)
    after = target.imbalance(observed, topK: topK, layers: layers)
    guard after < before * (1 - Self.leastGain) else { return nil }
    self.target = target
    let changes = present.changes(to: target)
    slots = changes.reduce(0, +)
    touched = changes.map { $0 > 0 }
    bytes = Double(slots) * expertBytes
    dieBytes = Double(changes.max() ?? 0) * expertBytes
    guard slots > 0 else { return nil }
  }

  /// The same, begun at a moment.
  ///
  /// - Parameter number: The performed action that it belongs to.
  func begun(at now: Int64, number: Int?) -> Rebalance {
    var result = self
    result.number = number
    result.since = now
    result.due = now + fetchNanoseconds
    return result
  }
}

extension ExpertPlacement {
  /// Largest rank over the mean, averaged over layers, on some loads.
  ///
  /// - Parameter chosen: Layers, from zero; nil for all but the draft's.
  func imbalance(_ shares: [Float], topK: Int, layers chosen: Range<Int>? = nil) -> Float {
    let chosen = chosen ?? 0..<(layers - 1)
    var rows = [Float](repeating: 0, count: layers * dies)
    rowsPerRow(shares: shares, topK: topK, into: &rows)
    var total: Float = 0
    for layer in chosen {
      var largest: Float = 0
      var sum: Float = 0
      for die in (layer * dies)..<((layer + 1) * dies) {
        largest = max(largest, rows[die])
        sum += rows[die]
      }
      total += largest / (sum / Float(dies))
    }
    return total / Float(chosen.count)
  }

  /// Slots of each die, over all layers, that hold another expert in a target placement.
  func changes(to target: ExpertPlacement) -> [Int] {
    var result = [Int](repeating: 0, count: dies)
    for layer in 0..<layers {
      for die in 0..<dies {
        let base = (layer * dies + die) * slotsPerDie
        for slot in base..<(base + slotsPerDie) where target.slots[slot] >= 0 && target.slots[slot] != slots[slot] {
          result[die] += 1
        }
      }
    }
    return result
  }

  /// This placement without the slots that a target changes, but never without an expert's last instance.
  func withoutChanges(to target: ExpertPlacement) -> ExpertPlacement {
    var result = self
    for layer in 0..<layers {
      for index in (layer * dies * slotsPerDie)..<((layer + 1) * dies * slotsPerDie) {
        let expert = Int(slots[index])
        guard expert >= 0, expert < experts, target.slots[index] != slots[index] else { continue }
        result.empty(index, layer: layer)
      }
    }
    return result
  }
}

extension Simulation {
  /// Each balancing interval: what was observed gives a new placement, and a better one is moved to.
  mutating func balance(_ index: Int) {
    if let interval = balancingInterval[index] {
      schedule(.balance, at: now + Int64(interval * 1e9), subject: index, tag: balancing[index])
    }
    guard observedSteps > 0, decode[index].rebalance == nil, decode[index].state != .stopped else { return }
    rebalanceNow(index, number: nil)
  }

  /// Observed loads give a new placement, and a better one is moved to.
  ///
  /// - Parameter number: The performed action that asks for it; nil where the engine balances by itself.
  mutating func rebalanceNow(_ index: Int, number: Int?, wish: ExpertPlacement.Wish = ExpertPlacement.Wish()) {
    let change = betterPlacement(index, wish)?.begun(at: now, number: number)
    if number == nil && index == decode.count - 1 { forgetObservations() }
    guard let change else {
      let sentence = "experts stay: a new placement would gain less than 2 %"
      say(.normal, decode[index].id, sentence)
      if let number { performed[number - 1].rebalances.append(RebalanceRun(engine: index, now: now, stays: sentence)) }
      return
    }
    decode[index].rebalance = change
    let sentence =
      "max/mean \(hundredths(change.before)) to \(hundredths(change.after))\(told(wish.layers)), "
      + "\(change.slots) slots, \(Int(change.bytes / 1e9)) GB"
    say(.normal, decode[index].id, "rebalance: " + sentence)
    if let number {
      performed[number - 1].rebalances.append(RebalanceRun(engine: index, note: sentence))
    }
    schedule(.balancePhase, at: change.due, subject: index)
  }

  /// The change to what the balancer finds for what was counted; nil where it is not worth it.
  ///
  /// The engines' counts are put together, all serve the same traffic, and hold for some seconds: an engine that stands as
  /// another did in its turn gets the same answer.
  private mutating func betterPlacement(_ index: Int, _ wish: ExpertPlacement.Wish) -> Rebalance? {
    var balanced = Balanced(countedAt: now)
    if let known = self.balanced, now - known.countedAt < Self.countNanoseconds {
      if known.wish == wish, known.origin == decode[index].placement { return known.change }
      balanced = known
    } else {
      balanced.counted = ExpertPopularity.observed(observedSum.map { $0 / Float(observedSteps) }, &observation)
    }
    let origin = decode[index].placement
    let target = origin.rebalanced(observed: balanced.counted, topK: scenario.model.topK, wish: wish)
    balanced.origin = origin
    balanced.wish = wish
    balanced.change = Rebalance(
      from: origin, to: target, observed: balanced.counted, topK: scenario.model.topK,
      expertBytes: Double(decode[index].costs.expertBytes), layers: wish.layers)
    self.balanced = balanced
    return balanced.change
  }

  /// How long a count holds (assumption: engines take turns, a second apart).
  private static let countNanoseconds: Int64 = 10_000_000_000

  /// The newest answer of the balancer.
  struct Balanced: Sendable {
    /// When loads were counted, and what came out.
    var countedAt: Int64
    var counted: [Float] = []
    /// What was asked for, and the answer.
    var origin: ExpertPlacement?
    var wish = ExpertPlacement.Wish()
    var change: Rebalance?
  }

  /// The next phase of a rebalance.
  mutating func continueBalance(_ index: Int) {
    guard let change = decode[index].rebalance, now >= change.due else { return }
    if decode[index].state == .stopped {
      // Dies that stand still fetch nothing and change no map.
      guard Double(now - change.since) / 1e9 < Self.standstillSeconds else {
        return giveUpBalance(index, because: "\(decode[index].id) stands still for too long")
      }
      decode[index].rebalance?.due = now + Self.second
      schedule(.balancePhase, at: now + Self.second, subject: index)
      return
    }
    switch change.phase {
    case .prefetch:
      book(weights: change.bytes, among: decode[index].expertHosts)
      decode[index].placement = decode[index].placement.withoutChanges(to: change.target)
      refreshExperts(index)
      turn(index, .disable, after: iterationNanoseconds(index))
    case .disable: turn(index, .load, after: change.placeNanoseconds)
    case .load:
      decode[index].placement = change.target
      refreshExperts(index)
      turn(index, .restore, after: iterationNanoseconds(index))
    case .restore:
      decode[index].rebalance = nil
      say(
        .normal, decode[index].id,
        change.goesBack ? "experts are where they were" : "rebalanced in \(change.slots) slots")
      endRun(of: change, engine: index, change.goesBack ? .rolledBack : .done)
    }
  }

  private mutating func turn(_ index: Int, _ phase: Rebalance.Phase, after nanoseconds: Int64) {
    decode[index].rebalance?.phase = phase
    decode[index].rebalance?.since = now
    decode[index].rebalance?.due = now + nanoseconds
    schedule(.balancePhase, at: now + nanoseconds, subject: index)
  }

  /// Until every rank has begun another iteration.
  private func iterationNanoseconds(_ index: Int) -> Int64 {
    Int64((decode[index].duration + DecodeEngine.gapMicros) * 1000)
  }

  /// Gives a rebalance up; weights that are half in place are put back.
  mutating func giveUpBalance(_ index: Int, because reason: String) {
    guard let change = decode[index].rebalance, !change.goesBack, change.phase != .restore else { return }
    say(.high, decode[index].id, "the rebalance is given up: \(reason)")
    if let number = change.number { performed[number - 1].note(reason, engine: index) }
    guard change.phase == .load else {
      if change.phase == .disable { decode[index].placement = change.previous }
      decode[index].rebalance = nil
      endRun(of: change, engine: index, .rolledBack)
      refreshExperts(index)
      return
    }
    decode[index].rebalance?.target = change.previous
    decode[index].rebalance?.goesBack = true
    turn(index, .load, after: change.placeNanoseconds)
  }

  /// Writes down how a rebalance ended, where somebody asked for it.
  mutating func endRun(of change: Rebalance, engine: Int, _ state: OperationProgress.State, note: String? = nil) {
    guard let number = change.number else { return }
    performed[number - 1].end(change, engine: engine, state, now: now, note: note)
  }

  /// Weights come from the dies that hold them, evenly.
  mutating func book(weights bytes: Double, among dies: ArraySlice<Int>) {
    rebalancedBytes += bytes
    let each = bytes / Double(dies.count)
    let perNode = scenario.topology.diesPerNode
    var share = [Double](repeating: 0, count: scenario.topology.nodes)
    for die in dies {
      current.kvOut[die] += each
      current.kvIn[die] += each
      share[die / perNode] += 1 / Double(dies.count)
    }
    let held = share.indices.filter { share[$0] > 0 }
    for from in held {
      for to in held { current.addKV(from: from, to: to, bytes: bytes * share[from] * share[to]) }
    }
  }

  /// Takes the present loads into what the balancer will see.
  ///
  /// It looks back over one balancing interval: where nobody balances, what is older fades.
  mutating func observe() {
    let window = balancingPeriod.reduce(0, max) / ExpertPopularity.stepSeconds
    if Double(observedSteps) >= max(window, 1) {
      let kept = 1 - 1 / Float(observedSteps)
      for place in observedSum.indices { observedSum[place] = observedSum[place] * kept + popularity.shares[place] }
    } else {
      for place in observedSum.indices { observedSum[place] += popularity.shares[place] }
      observedSteps += 1
    }
  }

  private mutating func forgetObservations() {
    for place in observedSum.indices { observedSum[place] = 0 }
    observedSteps = 0
  }

  /// The model's numbers of some layers of a placement, as they stand in a sentence.
  private func told(_ layers: Range<Int>?) -> String {
    guard let layers else { return "" }
    let dense = scenario.model.denseLayers
    return " in layers \(layers.lowerBound + dense)-\(layers.upperBound - 1 + dense)"
  }

  private func hundredths(_ value: Float) -> String {
    let whole = Int((value * 100).rounded())
    return "\(whole / 100).\(whole / 10 % 10)\(whole % 10)"
  }
}
