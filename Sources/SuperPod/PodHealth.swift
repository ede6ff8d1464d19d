/// The state of every part of a pod, as a value.
///
/// Each part has a state of its own; what a part can really do follows from those that it hangs on: a die of a dead
/// node is dead, a link to a dead switch carries nothing.
public struct PodHealth: Hashable, Sendable {
  /// The machine.
  public let topology: Topology
  /// By `NodeID`.
  public var nodes: [Health]
  /// By `NPUID`.
  public var npus: [Health]
  /// By `DieID`.
  public var dies: [Health]
  /// By `SubPlaneID`.
  public var subPlanes: [Health]
  /// By `L1ID`.
  public var l1Switches: [Health]
  /// By `L2ID`.
  public var l2Switches: [Health]
  /// By `LinkID`.
  public var links: [Health]
  /// By `DieID`: its RoCE port.
  public var roce: [Health]
  /// By `NodeID`: its VPC card.
  public var vpc: [Health]

  /// A pod with nothing wrong.
  public init(_ topology: Topology) {
    self.topology = topology
    nodes = Array(repeating: .healthy, count: topology.nodes)
    npus = Array(repeating: .healthy, count: topology.npus)
    dies = Array(repeating: .healthy, count: topology.dies)
    subPlanes = Array(repeating: .healthy, count: topology.subPlanes)
    l1Switches = Array(repeating: .healthy, count: topology.l1Switches)
    l2Switches = Array(repeating: .healthy, count: topology.l2Switches)
    links = Array(repeating: .healthy, count: topology.links)
    roce = Array(repeating: .healthy, count: topology.dies)
    vpc = Array(repeating: .healthy, count: topology.nodes)
  }

  /// A die's state, with what it hangs on.
  public func state(of die: DieID) -> Health {
    dies[die.rawValue].worse(npus[topology.npu(of: die).rawValue]).worse(nodes[topology.node(of: die).rawValue])
  }

  /// An L1 switch's state, with what it hangs on.
  public func state(of l1: L1ID) -> Health {
    l1Switches[l1.rawValue].worse(subPlanes[topology.subPlane(of: l1).rawValue])
      .worse(nodes[topology.node(of: l1).rawValue])
  }

  /// An L2 switch's state, with what it hangs on.
  public func state(of l2: L2ID) -> Health {
    l2Switches[l2.rawValue].worse(subPlanes[topology.subPlane(of: l2).rawValue])
  }

  /// A link's state, with those of its ends.
  ///
  /// An end that is merely degraded does not narrow the link: a slow die still has all its lanes.
  public func state(of link: LinkID) -> Health {
    let own = links[link.rawValue]
    let (first, second): (Health, Health)
    switch topology.ends(of: link) {
    case .dieToL1(let die, let l1): (first, second) = (state(of: die), state(of: l1))
    case .l1ToL2(let l1, let l2): (first, second) = (state(of: l1), state(of: l2))
    }
    return [first, second].reduce(own) { $1.serves ? $0 : $0.worse($1) }
  }

  /// Share of its line rate that a path carries: that of its narrowest link.
  public func share(of path: FabricPath) -> Float {
    path.links.reduce(1) { min($0, state(of: $1.link).share) }
  }
}
