// How the parts of a pod nest, and which index each has.
extension Topology {
  /// CPUs in the pod.
  public var cpus: Int { nodes * cpusPerNode }
  /// L1 switch chips in the pod.
  public var l1Switches: Int { nodes * subPlanes }
  /// L2 switches in the pod.
  public var l2Switches: Int { subPlanes * l2PerSubPlane }
  /// Links of the UB fabric, die–L1 and L1–L2.
  public var links: Int { dieLinks + uplinks }

  /// The node that a die is in.
  public func node(of die: DieID) -> NodeID { NodeID(die.rawValue / diesPerNode) }
  /// The node that an NPU is in.
  public func node(of npu: NPUID) -> NodeID { NodeID(npu.rawValue / npusPerNode) }
  /// The node that a CPU is in.
  public func node(of cpu: CPUID) -> NodeID { NodeID(cpu.rawValue / cpusPerNode) }
  /// The node that an L1 switch is in.
  public func node(of l1: L1ID) -> NodeID { NodeID(l1.rawValue / subPlanes) }
  /// The package that a die is in.
  public func npu(of die: DieID) -> NPUID { NPUID(die.rawValue / diesPerNPU) }
  /// The rack that a node stands in.
  public func rack(of node: NodeID) -> RackID { RackID(node.rawValue / nodesPerRack) }
  /// The sub-plane that an L1 switch belongs to.
  public func subPlane(of l1: L1ID) -> SubPlaneID { SubPlaneID(l1.rawValue % subPlanes) }
  /// The sub-plane that an L2 switch belongs to.
  public func subPlane(of l2: L2ID) -> SubPlaneID { SubPlaneID(l2.rawValue / l2PerSubPlane) }

  /// The dies of a node.
  public func dies(of node: NodeID) -> Range<Int> {
    (node.rawValue * diesPerNode)..<((node.rawValue + 1) * diesPerNode)
  }
  /// The nodes of a rack; the last rack may not be full.
  public func nodes(of rack: RackID) -> Range<Int> {
    (rack.rawValue * nodesPerRack)..<min(nodes, (rack.rawValue + 1) * nodesPerRack)
  }

  /// The L1 switch of a sub-plane in a node.
  public func l1(node: NodeID, subPlane: SubPlaneID) -> L1ID { L1ID(node.rawValue * subPlanes + subPlane.rawValue) }
  /// An L2 switch by its number in the sub-plane.
  public func l2(subPlane: SubPlaneID, number: Int) -> L2ID { L2ID(subPlane.rawValue * l2PerSubPlane + number) }
  /// The link between a die and its L1 switch of a sub-plane.
  public func link(die: DieID, subPlane: SubPlaneID) -> LinkID { LinkID(die.rawValue * subPlanes + subPlane.rawValue) }
  /// The link between an L1 switch and an L2 switch of the same sub-plane.
  public func link(l1: L1ID, l2Number: Int) -> LinkID { LinkID(dieLinks + l1.rawValue * l2PerSubPlane + l2Number) }

  /// What a link joins.
  public func ends(of link: LinkID) -> LinkEnds {
    precondition((0..<links).contains(link.rawValue), "a link of this pod")
    if link.rawValue < dieLinks {
      let (die, subPlane) = link.rawValue.quotientAndRemainder(dividingBy: subPlanes)
      return .dieToL1(DieID(die), l1(node: node(of: DieID(die)), subPlane: SubPlaneID(subPlane)))
    }
    let (chip, number) = (link.rawValue - dieLinks).quotientAndRemainder(dividingBy: l2PerSubPlane)
    return .l1ToL2(L1ID(chip), l2(subPlane: subPlane(of: L1ID(chip)), number: number))
  }
}

/// The two ends of a link of the UB fabric; up is from the first to the second.
public enum LinkEnds: Hashable, Sendable {
  /// A die and an L1 switch of its node.
  case dieToL1(DieID, L1ID)
  /// An L1 switch and an L2 switch of its sub-plane.
  case l1ToL2(L1ID, L2ID)
}
