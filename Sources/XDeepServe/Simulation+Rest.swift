import Operations
import SuperPod

// What a part is apart from what the system does with it: the worst of what faults and an operator make of it.
extension Simulation {
  func restingState(of die: Int) -> Health {
    incidents.reduce(isTakenOut(die) ? .drained : .healthy) {
      $1.dies.contains(die) && $1.strikesDies ? $0.worse($1.imposed) : $0
    }
  }

  private func restingState(of link: LinkID) -> Health {
    let takenOut = takenOut.contains { scenario.topology.link($0) == link }
    return incidents.indices.reduce(takenOut ? .drained : .healthy) {
      incidents[$1].imposed != .healthy && links(of: $1).contains(link) ? $0.worse(incidents[$1].imposed) : $0
    }
  }

  /// A part that is named as a whole: a switch, a port to the networks beside the fabric.
  private func restingState(of part: Place.Part) -> Health {
    let takenOut = takenOut.contains { $0.part.undirected == part }
    return incidents.reduce(takenOut ? .drained : .healthy) {
      $1.injection.place?.part.undirected == part && !$1.strikesDies ? $0.worse($1.imposed) : $0
    }
  }

  /// Sets the state of a place that is no die to what it rests in; false where it is dies.
  @discardableResult
  mutating func settle(_ place: Place) -> Bool {
    let topology = scenario.topology
    let part = place.part.undirected
    switch part {
    case .dieLink, .uplink:
      guard let link = topology.link(place) else { return false }
      settle(link)
    case .subPlane(let plane): health.subPlanes[plane] = restingState(of: part)
    case .l1(let node, let plane):
      health.l1Switches[topology.l1(node: NodeID(node), subPlane: SubPlaneID(plane)).rawValue] = restingState(of: part)
    case .l2(let plane, let number):
      health.l2Switches[topology.l2(subPlane: SubPlaneID(plane), number: number).rawValue] = restingState(of: part)
    case .roce(let node, let npu, let die, _):
      health.roce[(node * topology.npusPerNode + npu) * topology.diesPerNPU + die] = restingState(of: part)
    case .vpc(let node, _): health.vpc[node] = restingState(of: part)
    default: return false
    }
    return true
  }

  mutating func settle(_ link: LinkID) { health.links[link.rawValue] = restingState(of: link) }

  /// Overrules what the system set apart at a place that is no die.
  mutating func trust(_ place: Place) {
    let link = scenario.topology.link(place)
    for number in incidents.indices where incidents[number].imposed == .separated {
      let struck = link.map { links(of: number).contains($0) } ?? false
      if struck || incidents[number].injection.place?.part.undirected == place.part.undirected {
        incidents[number].imposed = .healthy
      }
    }
  }
}

extension Place.Part {
  /// The part without one of its directions: both share its cable.
  fileprivate var undirected: Place.Part {
    switch self {
    case .dieLink(let node, let npu, let die, let plane, _):
      .dieLink(node: node, npu: npu, die: die, subPlane: plane, nil)
    case .uplink(let plane, let node, let number, _): .uplink(subPlane: plane, node: node, number: number, nil)
    case .roce(let node, let npu, let die, _): .roce(node: node, npu: npu, die: die, nil)
    case .vpc(let node, _): .vpc(node: node, nil)
    default: self
    }
  }
}
