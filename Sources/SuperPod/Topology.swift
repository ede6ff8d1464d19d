/// The counts that make a pod: how many of each part, and how they nest.
///
/// The default is CloudMatrix384 ([CM], arXiv 2506.12708): 48 nodes of 8 NPUs (two dies each) and 4 CPUs, 7 UB
/// sub-planes with one L1 switch chip a node and 16 L2 switches each, four compute nodes a rack.
public struct Topology: Hashable, Sendable {
  /// Servers in the pod.
  public var nodes: Int
  /// Ascend packages in a node.
  public var npusPerNode: Int
  /// Compute dies in a package.
  public var diesPerNPU: Int
  /// Kunpeng CPUs in a node.
  public var cpusPerNode: Int
  /// Independent UB sub-planes; L1 chip *i* of every node belongs to sub-plane *i*.
  public var subPlanes: Int
  /// L2 switches in each sub-plane, each with one port a node.
  public var l2PerSubPlane: Int
  /// Compute nodes in a rack.
  public var nodesPerRack: Int

  /// A pod of any size; the defaults are CM384's.
  public init(
    nodes: Int = 48, npusPerNode: Int = 8, diesPerNPU: Int = 2, cpusPerNode: Int = 4, subPlanes: Int = 7,
    l2PerSubPlane: Int = 16, nodesPerRack: Int = 4
  ) {
    precondition(nodes > 0 && npusPerNode > 0 && diesPerNPU > 0, "a pod has at least one die")
    self.nodes = nodes
    self.npusPerNode = npusPerNode
    self.diesPerNPU = diesPerNPU
    self.cpusPerNode = cpusPerNode
    self.subPlanes = subPlanes
    self.l2PerSubPlane = l2PerSubPlane
    self.nodesPerRack = nodesPerRack
  }

  /// Dies in a node.
  public var diesPerNode: Int { npusPerNode * diesPerNPU }
  /// Dies in the pod; die indices run node by node, NPU by NPU.
  public var dies: Int { nodes * diesPerNode }
  /// NPUs in the pod.
  public var npus: Int { nodes * npusPerNode }
  /// Links between a die and the L1 chips of its node, index `die * subPlanes + subPlane`.
  public var dieLinks: Int { dies * subPlanes }
  /// Links between L1 and L2, index `(node * subPlanes + subPlane) * l2PerSubPlane + switch`.
  public var uplinks: Int { nodes * subPlanes * l2PerSubPlane }
  /// Compute racks, the last perhaps not full.
  public var racks: Int { (nodes + nodesPerRack - 1) / nodesPerRack }
}
