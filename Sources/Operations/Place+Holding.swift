public import SuperPod

extension Place {
  /// Whether another place is this one or goes out of service with it: a node's dies, a switch's links, a link's
  /// directions.
  func holds(_ other: Place) -> Bool {
    guard pod == other.pod, part != other.part else { return self == other }
    let own = coordinates
    let others = other.coordinates
    return !own.isEmpty && own.allSatisfy { others[$0.key] == $0.value }
  }

  private enum Axis { case node, npu, die, cpu, subPlane, l2, roce, vpc, direction }

  /// Where it stands in the machine; a place holds those that share all its coordinates and have more.
  private var coordinates: [Axis: Int] {
    func way(_ direction: Direction?) -> [Axis: Int] { direction.map { [.direction: $0 == .up ? 0 : 1] } ?? [:] }
    switch part {
    case .node(let node): return [.node: node]
    case .npu(let node, let npu): return [.node: node, .npu: npu]
    case .die(let node, let npu, let die): return [.node: node, .npu: npu, .die: die]
    case .cpu(let node, let cpu): return [.node: node, .cpu: cpu]
    case .l1(let node, let plane): return [.node: node, .subPlane: plane]
    case .subPlane(let plane): return [.subPlane: plane]
    case .l2(let plane, let number): return [.subPlane: plane, .l2: number]
    case .dieLink(let node, let npu, let die, let plane, let direction):
      return way(direction).merging([.node: node, .npu: npu, .die: die, .subPlane: plane]) { $1 }
    case .uplink(let plane, let node, let number, let direction):
      return way(direction).merging([.subPlane: plane, .node: node, .l2: number]) { $1 }
    case .roce(let node, let npu, let die, let direction):
      return way(direction).merging([.node: node, .npu: npu, .die: die, .roce: 0]) { $1 }
    case .vpc(let node, let direction): return way(direction).merging([.node: node, .vpc: 0]) { $1 }
    default: return [:]
    }
  }

  /// The TE that it is, or is part of.
  public var owner: Executor? {
    switch part {
    case .executor(let executor), .group(let executor, _), .expertRank(let executor, _),
      .expertSlot(let executor, _, _), .domain(let executor, _), .shell(let executor):
      executor
    default: nil
    }
  }
}
