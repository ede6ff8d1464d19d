/// Which way over a link: up goes from a die towards L2.
public enum Direction: UInt8, CaseIterable, Sendable {
  case up, down
}

/// A link in one direction.
public struct LinkUse: Hashable, Sendable {
  /// The link.
  public var link: LinkID
  /// Which way.
  public var direction: Direction

  /// A link in one direction.
  public init(link: LinkID, direction: Direction) {
    self.link = link
    self.direction = direction
  }
}

/// One way between two dies over the UB fabric; it stays in one sub-plane.
public struct FabricPath: Hashable, Sendable {
  /// The sub-plane that it runs in.
  public let subPlane: SubPlaneID
  /// The L2 switch that it crosses, nil inside a node.
  public let l2: L2ID?
  /// Its links in order: two inside a node, four across.
  public let links: [LinkUse]

  /// Switches that it crosses: one inside a node, three across.
  public var hops: Int { links.count - 1 }
}

/// All ways between two dies over the UB fabric: 7 inside a node of CM384, 7 × 16 across, none from a die to itself.
public struct FabricPaths: RandomAccessCollection, Sendable {
  /// The machine.
  public let topology: Topology
  /// Where they begin.
  public let source: DieID
  /// Where they end.
  public let destination: DieID

  /// Zero.
  public var startIndex: Int { 0 }

  /// How many there are.
  public var endIndex: Int {
    if source == destination { return 0 }
    let inside = topology.node(of: source) == topology.node(of: destination)
    return topology.subPlanes * (inside ? 1 : topology.l2PerSubPlane)
  }

  /// A path; sub-plane by sub-plane, switch by switch.
  public subscript(position: Int) -> FabricPath {
    precondition(indices.contains(position), "a path between these dies")
    let from = topology.node(of: source)
    let to = topology.node(of: destination)
    let inside = from == to
    let subPlane = SubPlaneID(inside ? position : position / topology.l2PerSubPlane)
    var links = [LinkUse(link: topology.link(die: source, subPlane: subPlane), direction: .up)]
    var l2: L2ID?
    if !inside {
      let number = position % topology.l2PerSubPlane
      let rising = topology.link(l1: topology.l1(node: from, subPlane: subPlane), l2Number: number)
      let falling = topology.link(l1: topology.l1(node: to, subPlane: subPlane), l2Number: number)
      l2 = topology.l2(subPlane: subPlane, number: number)
      links += [LinkUse(link: rising, direction: .up), LinkUse(link: falling, direction: .down)]
    }
    links.append(LinkUse(link: topology.link(die: destination, subPlane: subPlane), direction: .down))
    return FabricPath(subPlane: subPlane, l2: l2, links: links)
  }
}

extension Topology {
  /// All ways between two dies over the UB fabric.
  public func paths(from source: DieID, to destination: DieID) -> FabricPaths {
    precondition(
      (0..<dies).contains(source.rawValue) && (0..<dies).contains(destination.rawValue), "dies of this pod")
    return FabricPaths(topology: self, source: source, destination: destination)
  }
}
