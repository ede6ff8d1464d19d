import SuperPod
import Telemetry

/// Counts what an action costs in the first future of its rehearsal, a second at a time.
struct RehearsalTally: Sendable {
  /// A node's links carry clearly more from this many points of the line rate on, and this many times (assumptions: the
  /// futures' requests go other ways after a while, and that alone moves a few tenths of a point).
  private static let leastPoints: Float = 1
  private static let leastTimes: Float = 1.25
  /// Nodes that are named at most.
  private static let mostLoads = 4

  /// As far as it was counted.
  private(set) var cost = ActionCost()
  private let changesBefore: Int
  private let begin: Int64
  private var peaks: [Float]
  private var peaksWithout: [Float]
  private var seconds: [Int]

  /// Begins right after the action.
  ///
  /// - Parameters:
  ///   - right: With the action.
  ///   - before: As it was before.
  init(_ right: Simulation, before: Simulation) {
    changesBefore = before.changes.count
    begin = before.now
    let nodes = right.scenario.topology.nodes
    peaks = Array(repeating: 0, count: nodes)
    peaksWithout = peaks
    seconds = Array(repeating: 0, count: nodes)
    for change in right.changes.dropFirst(changesBefore) {
      cost.drained += right.requestsLeaving(change)
      if let taker = change.taker {
        cost.weightBytes += Double(change.dies.count) * right.weightBytes(ofEngine: taker)
        cost.weightSeconds = FaultTimes.weights
      }
    }
    for run in right.performed.last?.restarts ?? [] {
      cost.weightBytes += Double(right.hosts(ofEngine: run.engine).count) * right.weightBytes(ofEngine: run.engine)
      cost.weightSeconds = FaultTimes.weights
    }
  }

  /// Takes down a second of both futures.
  mutating func add(without left: Simulation, with right: Simulation) {
    cost.seconds += 1
    let perNode = Double(right.scenario.topology.diesPerNode)
    cost.lostServerSeconds += Double(max(0, left.servingDies - right.servingDies)) / perNode
    cost.recomputed = max(0, right.totals.recomputed - left.totals.recomputed)
    cost.expertBytes = max(0, right.rebalancedBytes - left.rebalancedBytes)
    cost.moved = zip(left.layout.roles, right.layout.roles).count { $0 != $1 }
    let changes = right.changes.dropFirst(changesBefore)
    if cost.drained > 0, cost.drainSeconds == nil, !changes.contains(where: { $0.phase == .drain }) {
      cost.drainSeconds = cost.seconds
    }
    cost.ends = changes.prefix { $0.number != nil }.filter(\.phase.isOver).map { change in
      "\(change.phase.rawValue) after \((change.since - begin) / Simulation.second) s"
    }
    // Several moves that end alike are one.
    cost.ends = cost.ends.enumerated().filter { cost.ends.firstIndex(of: $0.element) == $0.offset }.map(\.element)
    addLoads(without: FabricLoad(left).busiest, with: FabricLoad(right).busiest)
  }

  private mutating func addLoads(without left: [Float], with right: [Float]) {
    for node in left.indices {
      peaksWithout[node] = max(peaksWithout[node], left[node])
      peaks[node] = max(peaks[node], right[node])
      if right[node] > left[node] + Self.leastPoints, right[node] > left[node] * Self.leastTimes { seconds[node] += 1 }
    }
    cost.busiestWithout = peaksWithout.max() ?? 0
    // A burst that comes a second earlier in one future is none of the action's doing: its peak must stand out too.
    let loaded = left.indices.filter {
      seconds[$0] > 0 && peaks[$0] > peaksWithout[$0] + Self.leastPoints
        && peaks[$0] > peaksWithout[$0] * Self.leastTimes
    }
    cost.loads = loaded.sorted { (peaks[$1], $0) < (peaks[$0], $1) }.prefix(Self.mostLoads).map {
      ActionCost.Load(node: $0, peak: peaks[$0], without: peaksWithout[$0], seconds: seconds[$0])
    }
  }
}

extension Simulation {
  /// Dies of engines that do not stand still and that serve themselves.
  var servingDies: Int {
    var dies = 0
    for engine in prefill where !engine.stopped { dies += engine.hosts.count }
    for engine in decode where engine.state != .stopped {
      for die in engine.hosts where health.state(of: DieID(die)).serves { dies += 1 }
    }
    return dies
  }

  /// Requests on dies that are to leave, which must run out first.
  func requestsLeaving(_ change: ServerChange) -> Int {
    guard let giver = change.giver else { return 0 }
    guard giver >= prefill.count else { return prefill[giver].requests.count }
    let leaving = Set(change.dies)
    let engine = decode[giver - prefill.count]
    var requests = 0
    for rank in 0..<engine.dies where leaving.contains(engine.hosts[rank]) { requests += Int(engine.count[rank]) }
    return requests
  }

  /// Weights that a die of an engine holds, a mean die's in a split engine.
  func weightBytes(ofEngine index: Int) -> Double {
    guard index >= prefill.count else { return Double(prefill[index].weightGigabytes) * 1e9 }
    let engine = decode[index - prefill.count]
    let experts = Double(DieMemory.expertGigabytes(engine)) * 1e9
    let resident = Double(engine.costs.residentBytes)
    guard engine.layout == .split else { return experts + resident }
    let dies = Double(engine.dies + engine.expertDies)
    return (experts * Double(engine.expertDies) + resident * Double(engine.dies)) / dies
  }
}
