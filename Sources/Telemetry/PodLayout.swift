public import SuperPod

/// What a task executor does.
public enum EngineKind: UInt8, Sendable {
  case prefill, decode
  /// Prefill in chunks and decode on the same dies.
  case mixed
}

/// What a die does in a deployment.
public enum DieRole: UInt8, Sendable {
  case spare, prefill, decode, attention, expert
}

/// A task executor as screens name it.
public struct EngineLayout: Hashable, Sendable {
  /// `P0`, `D1`.
  public var id: String
  /// Prefill or decode.
  public var kind: EngineKind
  /// Its dies in the order of its ranks, as indices of the topology.
  public var dies: [Int]
  /// Its DP groups, as indices of `PodLayout.groups`.
  public var groups: Range<Int>
  /// Expert-parallel size; zero where it has none.
  public var expertParallel: Int

  /// An engine; see the properties.
  public init(id: String, kind: EngineKind, dies: some Sequence<Int>, groups: Range<Int>, expertParallel: Int) {
    self.id = id
    self.kind = kind
    self.dies = Array(dies)
    self.groups = groups
    self.expertParallel = expertParallel
  }
}

/// Who does what on which part of the pod, at one moment.
///
/// It changes only when an action moves dies.
public struct PodLayout: Hashable, Sendable {
  /// The machine.
  public var topology: Topology
  /// Name of the served model, as screens say it.
  public var model: String
  /// Name of the scenario, recording or target.
  public var name: String
  /// Prefill engines first, then decode engines.
  public var engines: [EngineLayout]
  /// Role of each die.
  public var roles: [DieRole]
  /// Targets in milliseconds.
  public var sloTTFT: Float
  /// Targets in milliseconds.
  public var sloTPOT: Float

  /// The nodes in which it has dies, as runs of neighbours, in order.
  public func nodes(of engine: EngineLayout) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for node in engine.dies.map({ $0 / topology.diesPerNode }).sorted() {
      if let last = runs.last, node <= last.upperBound {
        runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, node + 1)
      } else {
        runs.append(node..<(node + 1))
      }
    }
    return runs
  }

  /// A layout; see the properties.
  public init(
    topology: Topology, model: String, name: String, engines: [EngineLayout], roles: [DieRole], sloTTFT: Float,
    sloTPOT: Float
  ) {
    precondition(roles.count == topology.dies, "one role a die")
    self.topology = topology
    self.model = model
    self.name = name
    self.engines = engines
    self.roles = roles
    self.sloTTFT = sloTTFT
    self.sloTPOT = sloTPOT
  }

  /// The engine that a die belongs to, nil for a spare one.
  ///
  /// - Complexity: O(engines).
  public func engine(ofDie die: Int) -> Int? {
    engines.firstIndex { $0.dies.contains(die) }
  }
}
