extension Topology {
  /// Atlas 950 SuperPod, as announced: 8,192 NPUs (B).
  public static let atlas950NPUs = 8192
  /// Atlas 960 SuperPod, as announced: 15,488 NPUs (B).
  public static let atlas960NPUs = 15_488

  /// A machine by its number of NPUs.
  ///
  /// 192 to 384 in whole nodes is CloudMatrix384, of which 192, 256, 288, 352 and 384 are published ([CM]); smaller ones
  /// keep all seven sub-planes and their L2 switches (Assume). Of the next machines only NPUs and cabinets are published
  /// (128 cabinets of 64 NPUs, 176 of 88): nodes, sub-planes and L2 switches like CM384's are an assumption, and an "L2
  /// switch" of theirs stands for as many real ones as it takes to reach every node.
  ///
  /// - Throws: A sentence that names what is accepted.
  public init(npus: Int) throws(TopologyProblem) {
    let perNode = 8
    switch npus {
    case 192...384 where npus % perNode == 0: self.init(nodes: npus / perNode)
    case Self.atlas950NPUs: self.init(nodes: npus / perNode, nodesPerRack: 64 / perNode)
    case Self.atlas960NPUs: self.init(nodes: npus / perNode, nodesPerRack: 88 / perNode)
    default: throw TopologyProblem(npus: npus, npusPerNode: perNode)
    }
  }
}

/// A number of NPUs that no machine has.
public struct TopologyProblem: Error, Hashable, Sendable {
  /// What was asked for.
  public let npus: Int
  let npusPerNode: Int

  /// A sentence: what is wrong and what is accepted.
  public var message: String {
    var text = "no pod has \(npus) NPUs; accepted are 192 to 384 in whole nodes of \(npusPerNode), 8192 and 15488"
    if (192...384).contains(npus) {
      let below = npus / npusPerNode * npusPerNode
      text += "; nearest are \(below) and \(below + npusPerNode)"
    }
    return text
  }
}
