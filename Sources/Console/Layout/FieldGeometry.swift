import SuperPod
import Terminal

/// Where nodes stand: the x axis that every field of a screen shares, so that a node is one column everywhere.
///
/// A pitch is the number of columns of a node: one (a chip is a cell in halves), two (a cell is a die) or three (a die
/// with its number). Where even one column a node is too many, a column is a group of nodes and shows the worst.
struct FieldGeometry: Hashable, Sendable {
  /// Columns of a node.
  var pitch: Int
  /// Where the first node stands; left of it: flag, name, gap.
  var origin: Int
  /// Blank columns between racks.
  var rackGap: Int
  /// Nodes that a column stands for; above one only at pitch one.
  var nodesPerColumn: Int
  /// Nodes of the pod, and of a rack.
  var nodes: Int
  var nodesPerRack: Int

  /// The widest pitch that a screen of this size has room for.
  init(width: Int, height: Int, topology: Topology) {
    nodes = topology.nodes
    nodesPerRack = topology.nodesPerRack
    nodesPerColumn = 1
    func end(_ origin: Int, _ pitch: Int) -> Int { origin + topology.nodes * pitch + topology.racks }
    if width >= 190, height >= 56, end(9, 3) + 34 <= width {
      (pitch, origin, rackGap) = (3, 9, 1)
    } else if width >= 118, height >= 36, end(6, 2) <= width {
      (pitch, origin, rackGap) = (2, 6, 1)
    } else {
      (pitch, origin, rackGap) = (1, width < 40 ? 3 : 6, 0)
      let room = max(1, width - origin - (width >= ScreenLayout.cardsFrom ? 25 : 0))
      let racks = max(1, topology.nodesPerRack)
      while (topology.nodes + nodesPerColumn - 1) / nodesPerColumn > room {
        nodesPerColumn = nodesPerColumn < racks ? nodesPerColumn * 2 : nodesPerColumn + racks
      }
    }
  }

  /// How many columns of nodes there are.
  var columns: Int { (nodes + nodesPerColumn - 1) / nodesPerColumn }

  /// Where a node's column begins.
  func x(_ node: Int) -> Int {
    origin + node / nodesPerColumn * pitch + (rackGap == 0 ? 0 : node / nodesPerRack * rackGap)
  }

  /// First column behind the field.
  var end: Int { x(nodes - 1) + pitch }

  /// The node under a column of the screen, nil between racks and outside.
  func node(at column: Int) -> Int? {
    var node = 0
    while node < nodes {
      let start = x(node)
      if column >= start, column < start + pitch { return node }
      node += nodesPerColumn
    }
    return nil
  }

  /// The nodes that share a node's column.
  func group(of node: Int) -> Range<Int> {
    let first = node / nodesPerColumn * nodesPerColumn
    return first..<min(nodes, first + nodesPerColumn)
  }
}
