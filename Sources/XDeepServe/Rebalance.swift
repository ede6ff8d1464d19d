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
    case prefetch, load
  }

  /// Part of a die's read rate that fetching takes (assumption: it must not disturb dispatch and combine).
  static let fetchShare = 0.2
  /// Rate at which fetched weights are put in place, bytes a microsecond (assumption: a copy inside the memory).
  static let placeBytesPerMicro = 400_000.0
  /// A placement that promises less than this of the present imbalance is not worth a move (assumption).
  static let leastGain: Float = 0.02

  var phase: Phase
  var target: ExpertPlacement
  /// Slots that change, and the bytes that they bring.
  var slots: Int
  var bytes: Double
  /// The most that one die takes in.
  var dieBytes: Double
  /// Largest rank over the mean on observed loads, before and after.
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
  init?(from present: ExpertPlacement, to target: ExpertPlacement, observed: [Float], topK: Int, expertBytes: Double) {
    before = present.imbalance(observed, topK: topK)
    after = target.imbalance(observed, topK: topK)
    guard after < before * (1 - Self.leastGain) else { return nil }
    phase = .prefetch
    self.target = target
    let changes = present.changes(to: target)
    slots = changes.reduce(0, +)
    bytes = Double(slots) * expertBytes
    dieBytes = Double(changes.max() ?? 0) * expertBytes
    guard slots > 0 else { return nil }
  }
}

extension ExpertPlacement {
  /// Largest rank over the mean, averaged over all layers but the draft's, on some loads.
  func imbalance(_ shares: [Float], topK: Int) -> Float {
    var rows = [Float](repeating: 0, count: layers * dies)
    rowsPerRow(shares: shares, topK: topK, into: &rows)
    var total: Float = 0
    for layer in 0..<(layers - 1) {
      var largest: Float = 0
      var sum: Float = 0
      for die in (layer * dies)..<((layer + 1) * dies) {
        largest = max(largest, rows[die])
        sum += rows[die]
      }
      total += largest / (sum / Float(dies))
    }
    return total / Float(layers - 1)
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
    rebalanceNow(index)
  }

  /// Observed loads give a new placement, and a better one is moved to.
  mutating func rebalanceNow(_ index: Int) {
    let mean = observedSum.map { $0 / Float(observedSteps) }
    let observed = ExpertPopularity.observed(mean, &observation)
    let target = decode[index].placement.rebalanced(observed: observed, topK: scenario.model.topK)
    let change = Rebalance(
      from: decode[index].placement, to: target, observed: observed, topK: scenario.model.topK,
      expertBytes: Double(decode[index].costs.expertBytes))
    if index == decode.count - 1 { forgetObservations() }
    guard let change else {
      say(.normal, decode[index].id, "experts stay: a new placement would gain less than 2 %")
      return
    }
    decode[index].rebalance = change
    say(
      .normal, decode[index].id,
      "rebalance: max/mean \(hundredths(change.before)) to \(hundredths(change.after)), \(change.slots) slots, "
        + "\(Int(change.bytes / 1e9)) GB")
    schedule(.balancePhase, at: now + change.fetchNanoseconds, subject: index)
  }

  /// The next phase of a rebalance.
  mutating func continueBalance(_ index: Int) {
    guard var change = decode[index].rebalance else { return }
    switch change.phase {
    case .prefetch:
      book(weights: change.bytes, among: decode[index].expertHosts)
      decode[index].placement = decode[index].placement.withoutChanges(to: change.target)
      change.phase = .load
      decode[index].rebalance = change
      schedule(.balancePhase, at: now + change.placeNanoseconds, subject: index)
    case .load:
      decode[index].placement = change.target
      decode[index].rebalance = nil
      say(.normal, decode[index].id, "rebalanced in \(change.slots) slots")
    }
    decode[index].refreshExperts(popularity)
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
  mutating func observe() {
    for place in observedSum.indices { observedSum[place] += popularity.shares[place] }
    observedSteps += 1
  }

  private mutating func forgetObservations() {
    for place in observedSum.indices { observedSum[place] = 0 }
    observedSteps = 0
  }

  private func hundredths(_ value: Float) -> String {
    let whole = Int((value * 100).rounded())
    return "\(whole / 100).\(whole / 10 % 10)\(whole % 10)"
  }
}
