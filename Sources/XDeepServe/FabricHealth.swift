import SuperPod

/// What the state of links and switches means for the bytes that cross them.
///
/// A die spreads its bytes evenly over its links that carry anything, so the narrowest holds up the rest; an L1 switch
/// sends where its uplinks have room, so lost uplinks cost their share (assumptions; losing one optical module of two
/// links then costs a node the published 1.8 % of its uplink bandwidth).
struct FabricHealth: Hashable, Sendable {
  /// By die: how much longer bytes inside the node take than over healthy links.
  private(set) var local: [Float]
  /// By die: the same for bytes that leave the node.
  private(set) var remote: [Float]
  /// By die and sub-plane: share of the die's bytes.
  private(set) var dieLinks: [Float]
  /// By node, sub-plane and L2 switch: share of the bytes that leave or enter the node.
  private(set) var uplinks: [Float]

  /// Stands for a die that nothing reaches any more.
  static let cut: Float = 1000

  /// A fabric with nothing wrong.
  init(whole topology: Topology) {
    local = Array(repeating: 1, count: topology.dies)
    remote = local
    dieLinks = Array(repeating: 1 / Float(topology.subPlanes), count: topology.dieLinks)
    uplinks = Array(repeating: 1 / Float(topology.subPlanes * topology.l2PerSubPlane), count: topology.uplinks)
  }

  /// What follows from the states of all parts.
  ///
  /// - Complexity: O(links).
  init(_ health: PodHealth) {
    let topology = health.topology
    self.init(whole: topology)
    let planes = topology.subPlanes
    for node in 0..<topology.nodes {
      var open = [Float](repeating: 0, count: planes)
      var all: Float = 0
      for plane in 0..<planes {
        let chip = topology.l1(node: NodeID(node), subPlane: SubPlaneID(plane))
        for number in 0..<topology.l2PerSubPlane {
          let link = topology.link(l1: chip, l2Number: number)
          let share = health.state(of: link).share
          uplinks[link.rawValue - topology.dieLinks] = share
          open[plane] += share
        }
        all += open[plane]
      }
      let first = node * planes * topology.l2PerSubPlane
      for place in first..<(first + planes * topology.l2PerSubPlane) {
        uplinks[place] = all > 0 ? uplinks[place] / all : 1 / Float(planes * topology.l2PerSubPlane)
      }
      let crowding = all > 0 ? Float(planes * topology.l2PerSubPlane) / all : Self.cut
      for die in topology.dies(of: NodeID(node)) {
        fill(die: die, health: health, leaves: open.map { $0 > 0 }, crowding: crowding)
      }
    }
  }

  private mutating func fill(die: Int, health: PodHealth, leaves: [Bool], crowding: Float) {
    let topology = health.topology
    let planes = topology.subPlanes
    var (inside, outside): (Float, Float) = (0, 0)
    var (narrowest, narrowestOut): (Float, Float) = (1, 1)
    for plane in 0..<planes {
      let share = health.state(of: topology.link(die: DieID(die), subPlane: SubPlaneID(plane))).share
      dieLinks[die * planes + plane] = share > 0 ? 1 : 0
      guard share > 0 else { continue }
      inside += 1
      narrowest = min(narrowest, share)
      guard leaves[plane] else { continue }
      outside += 1
      narrowestOut = min(narrowestOut, share)
    }
    // What a die that is cut off sent until then went over all of them.
    for plane in 0..<planes {
      dieLinks[die * planes + plane] = inside > 0 ? dieLinks[die * planes + plane] / inside : 1 / Float(planes)
    }
    local[die] = inside > 0 ? Float(planes) / inside / narrowest : Self.cut
    remote[die] = outside > 0 ? max(Float(planes) / outside / narrowestOut, crowding) : Self.cut
  }
}
