// Between ids as people spell them and indices.
extension Topology {
  /// The spelling of a node.
  public func place(of node: NodeID) -> Place { Place(.node(node.rawValue)) }

  /// The spelling of an NPU.
  public func place(of npu: NPUID) -> Place {
    Place(.npu(node: npu.rawValue / npusPerNode, npu: npu.rawValue % npusPerNode))
  }

  /// The spelling of a die.
  public func place(of die: DieID) -> Place {
    let inNode = die.rawValue % diesPerNode
    return Place(.die(node: die.rawValue / diesPerNode, npu: inNode / diesPerNPU, die: inNode % diesPerNPU))
  }

  /// The spelling of a link, of both directions or one.
  public func place(of link: LinkID, _ direction: Direction? = nil) -> Place {
    switch ends(of: link) {
    case .dieToL1(let die, let l1):
      let inNode = die.rawValue % diesPerNode
      return Place(
        .dieLink(
          node: die.rawValue / diesPerNode, npu: inNode / diesPerNPU, die: inNode % diesPerNPU,
          subPlane: subPlane(of: l1).rawValue, direction))
    case .l1ToL2(let l1, let l2):
      return Place(
        .uplink(
          subPlane: subPlane(of: l1).rawValue, node: node(of: l1).rawValue, number: l2.rawValue % l2PerSubPlane,
          direction))
    }
  }

  /// The die that a place names; nil where it names none of this pod.
  public func die(_ place: Place) -> DieID? {
    guard case .die(let node, let npu, let die) = place.part, (try? check(place)) != nil else { return nil }
    return DieID((node * npusPerNode + npu) * diesPerNPU + die)
  }

  /// The link that a place names, with or without a direction; nil where it names none of this pod.
  public func link(_ place: Place) -> LinkID? {
    guard (try? check(place)) != nil else { return nil }
    switch place.part {
    case .dieLink(let node, let npu, let die, let subPlane, _):
      return link(die: DieID((node * npusPerNode + npu) * diesPerNPU + die), subPlane: SubPlaneID(subPlane))
    case .uplink(let subPlane, let node, let number, _):
      return link(l1: l1(node: NodeID(node), subPlane: SubPlaneID(subPlane)), l2Number: number)
    default: return nil
    }
  }

  /// Checks that a place's parts of the machine exist in this pod.
  ///
  /// - Throws: A sentence that names the range.
  public func check(_ place: Place) throws(PlaceProblem) {
    for (prefix, number, count, what) in bounds(place.part) where number >= count {
      let range = count == 1 ? "only \(prefix)0" : "\(prefix)0 to \(prefix)\(count - 1)"
      throw PlaceProblem(message: "`\(place)`: there is no \(prefix)\(number); \(what) \(range)")
    }
  }

  private func bounds(_ part: Place.Part) -> [(prefix: String, number: Int, count: Int, what: String)] {
    func node(_ number: Int) -> (String, Int, Int, String) { ("n", number, nodes, "this pod's nodes are") }
    func npu(_ number: Int) -> (String, Int, Int, String) { ("c", number, npusPerNode, "a node's NPUs are") }
    func die(_ number: Int) -> (String, Int, Int, String) { ("d", number, diesPerNPU, "an NPU's dies are") }
    func plane(_ number: Int) -> (String, Int, Int, String) { ("sp", number, subPlanes, "sub-planes are") }
    func l2(_ number: Int) -> (String, Int, Int, String) {
      ("sw", number, l2PerSubPlane, "a sub-plane's L2 switches are")
    }
    switch part {
    case .node(let a), .vpc(let a, _): return [node(a)]
    case .npu(let a, let b): return [node(a), npu(b)]
    case .die(let a, let b, let c), .roce(let a, let b, let c, _): return [node(a), npu(b), die(c)]
    case .cpu(let a, let b): return [node(a), ("cpu", b, cpusPerNode, "a node's CPUs are")]
    case .l1(let a, let b): return [node(a), plane(b)]
    case .subPlane(let a): return [plane(a)]
    case .l2(let a, let b): return [plane(a), l2(b)]
    case .dieLink(let a, let b, let c, let d, _): return [node(a), npu(b), die(c), plane(d)]
    case .uplink(let a, let b, let c, _): return [plane(a), node(b), l2(c)]
    case .rack(let a): return [("rack", a, racks, "this pod's compute racks are")]
    default: return []
    }
  }
}
