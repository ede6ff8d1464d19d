/// What the links of a pod carry, bytes a second and direction.
public struct FabricRating: Hashable, Sendable {
  /// A die to one L1 switch of its node.
  public var dieToL1: Double
  /// An L1 switch to one L2 switch.
  public var l1ToL2: Double
  /// A CPU to the fabric of its node.
  public var cpu: Double
  /// A die to the other one of its package.
  public var inPackage: Double
  /// The RoCE port of a die.
  public var roceOfDie: Double
  /// The VPC card of a node.
  public var vpcOfNode: Double
  /// L1–L2 links that share one optical module.
  public var linksPerOpticalModule: Int

  /// A rating; see the properties.
  public init(
    dieToL1: Double, l1ToL2: Double, cpu: Double, inPackage: Double, roceOfDie: Double, vpcOfNode: Double,
    linksPerOpticalModule: Int
  ) {
    self.dieToL1 = dieToL1
    self.l1ToL2 = l1ToL2
    self.cpu = cpu
    self.inPackage = inPackage
    self.roceOfDie = roceOfDie
    self.vpcOfNode = vpcOfNode
    self.linksPerOpticalModule = linksPerOpticalModule
  }

  /// CloudMatrix384 ([CM], arXiv 2506.12708): 28 GB/s a link, about 160 a CPU, 270 in a package; RoCE 200 Gbit/s a die,
  /// VPC 400 Gbit/s a node; a 400G optical module carries two links (by arithmetic).
  public static let cloudMatrix384 = FabricRating(
    dieToL1: 28e9, l1ToL2: 28e9, cpu: 160e9, inPackage: 270e9, roceOfDie: 25e9, vpcOfNode: 50e9,
    linksPerOpticalModule: 2)

  /// What a link of the UB fabric carries each way.
  public func bytesPerSecond(_ link: LinkID, of topology: Topology) -> Double {
    link.rawValue < topology.dieLinks ? dieToL1 : l1ToL2
  }
}
