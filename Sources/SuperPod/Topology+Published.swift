extension Topology {
  /// The pods that were announced beyond CloudMatrix384: Atlas 950 (8,192 NPUs, secondary source) and Atlas 960
  /// (15,488); nil for other sizes.
  ///
  /// Nothing is published of what is inside: nodes, dies, links and planes are taken to be CloudMatrix384's, an L2
  /// switch to have a port for every node, and racks to hold 64 and 88 NPUs (assumptions).
  public static func published(npus: Int) -> Topology? {
    switch npus {
    case 8192: Topology(nodes: 1024, nodesPerRack: 8)
    case 15_488: Topology(nodes: 1936, nodesPerRack: 11)
    default: nil
    }
  }
}
