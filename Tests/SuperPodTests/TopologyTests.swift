import SuperPod
import Testing

@Suite struct TopologyTests {
  @Test func cloudMatrix384IsAsPublished() {
    let pod = Topology()
    #expect(pod.npus == 384 && pod.dies == 768 && pod.cpus == 192 && pod.racks == 12)
    #expect(pod.l2Switches == 112 && pod.uplinks == 5376 && pod.dieLinks == 5376)
    let chip = ChipRating.ascend910C
    #expect(chip.int8PerSecond == 2 * chip.bf16PerSecond)
    let fabric = FabricRating.cloudMatrix384
    // A die 196 GB/s, an NPU 392, an L1 chip 448 ([CM]).
    #expect(fabric.dieToL1 * Double(pod.subPlanes) == 196e9)
    #expect(fabric.l1ToL2 * Double(pod.l2PerSubPlane) == 448e9)
    #expect(fabric.bytesPerSecond(LinkID(pod.dieLinks), of: pod) == 28e9)
    // Losing an optical module costs a node 1.8 % of its uplinks.
    let share = Double(fabric.linksPerOpticalModule) / Double(pod.subPlanes * pod.l2PerSubPlane)
    #expect(abs(share - 0.018) < 0.0002)
  }

  @Test(
    arguments: [(192, 24, 6), (256, 32, 8), (288, 36, 9), (352, 44, 11), (384, 48, 12), (200, 25, 7)]
      + [(8192, 1024, 128), (15_488, 1936, 176)])
  func machinesOfAllSizesComeInWholeNodes(_ npus: Int, _ nodes: Int, _ racks: Int) throws {
    let pod = try Topology(npus: npus)
    #expect(pod.npus == npus && pod.nodes == nodes && pod.racks == racks)
    #expect(pod.rack(of: NodeID(nodes - 1)) == RackID(racks - 1))
    #expect(pod.nodes(of: RackID(racks - 1)).upperBound == nodes)
  }

  @Test(arguments: [0, 184, 300, 392, 8000]) func otherSizesAreRefused(_ npus: Int) {
    let problem = #expect(throws: TopologyProblem.self) { try Topology(npus: npus) }
    #expect(problem?.message.contains("accepted are 192 to 384 in whole nodes of 8, 8192 and 15488") == true)
    if npus == 300 { #expect(problem?.message.hasSuffix("nearest are 296 and 304") == true) }
  }

  @Test(arguments: [192, 384, 8192]) func pathsJoinTheirEndsInOneSubPlane(_ npus: Int) throws {
    let pod = try Topology(npus: npus)
    #expect(pod.paths(from: DieID(5), to: DieID(5)).isEmpty)
    for (source, destination, count, hops) in [(0, 1, 7, 1), (0, 15, 7, 1), (3, 16, 112, 3), (380, 2, 112, 3)] {
      let paths = pod.paths(from: DieID(source), to: DieID(destination))
      #expect(paths.count == count && Set(paths).count == count)
      for path in paths {
        #expect(path.hops == hops && path.links.count == hops + 1)
        #expect(try #require(path.links.first).direction == .up && #require(path.links.last).direction == .down)
        // Walking the links from end to end arrives, without leaving the sub-plane.
        var chips: Set<L1ID> = []
        for use in path.links {
          switch pod.ends(of: use.link) {
          case .dieToL1(let die, let l1):
            #expect(die == DieID(use.direction == .up ? source : destination))
            #expect(pod.subPlane(of: l1) == path.subPlane && pod.node(of: l1) == pod.node(of: die))
            chips.insert(l1)
          case .l1ToL2(let l1, let l2):
            #expect(l2 == path.l2 && pod.subPlane(of: l2) == path.subPlane)
            #expect(pod.node(of: l1) == pod.node(of: DieID(use.direction == .up ? source : destination)))
            chips.insert(l1)
          }
        }
        #expect(chips.count == (hops == 1 ? 1 : 2))
      }
    }
  }

  @Test func aPartIsNoHealthierThanWhatItHangsOn() {
    let pod = Topology()
    var health = PodHealth(pod)
    let path = pod.paths(from: DieID(0), to: DieID(16))[2 * 16 + 9]
    #expect(health.share(of: path) == 1)
    health.links[path.links[1].link.rawValue] = .degraded(0.5)
    #expect(health.share(of: path) == 0.5)
    // A slow die has all its lanes.
    health.dies[0] = .degraded(0.7)
    #expect(health.state(of: DieID(0)) == .degraded(0.7) && health.share(of: path) == 0.5)
    health.l2Switches[2 * 16 + 9] = .down
    #expect(health.share(of: path) == 0 && health.share(of: pod.paths(from: DieID(0), to: DieID(16))[9]) == 1)
    health.nodes[1] = .drained
    #expect(health.state(of: DieID(16)) == .drained && !health.state(of: DieID(31)).serves)
    #expect(health.state(of: DieID(32)) == .healthy)
    health.npus[8] = .down
    #expect(health.state(of: DieID(16)) == .down && health.state(of: DieID(18)) == .drained)
    health.subPlanes[3] = .separated
    #expect(health.state(of: pod.l1(node: NodeID(40), subPlane: SubPlaneID(3))) == .separated)
    #expect(health.state(of: pod.link(die: DieID(700), subPlane: SubPlaneID(3))) == .separated)
    #expect(Health.degraded(0.5).worse(.degraded(0.25)) == .degraded(0.25) && Health.down.worse(.drained) == .down)
  }
}
