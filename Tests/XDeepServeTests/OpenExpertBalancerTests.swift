import Testing
import XDeepServe

struct OpenExpertBalancerTests {
  /// The example in the open algorithm's own README.
  static let example: [[Double]] = [
    [90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86], [20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27],
  ]

  @Test func thePublishedExampleComesOutExactly() throws {
    let plan = try OpenExpertBalancer(replicas: 16, groups: 4, nodes: 2, devices: 8).rebalance(Self.example)
    #expect(
      plan.physicalToLogical == [
        [5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1], [7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1],
      ])
  }

  @Test(arguments: [(16, 4, 2, 8), (16, 3, 2, 8), (24, 12, 4, 8), (12, 1, 1, 4)])
  func mapsAgreeWithEachOther(replicas: Int, groups: Int, nodes: Int, devices: Int) throws {
    let plan = try OpenExpertBalancer(replicas: replicas, groups: groups, nodes: nodes, devices: devices)
      .rebalance(Self.example)
    for layer in Self.example.indices {
      #expect(plan.replicaCounts[layer].reduce(0, +) == replicas)
      for (expert, places) in plan.logicalToPhysical[layer].enumerated() {
        let real = places.filter { $0 >= 0 }
        #expect(real.count == plan.replicaCounts[layer][expert])
        for place in real { #expect(plan.physicalToLogical[layer][place] == expert) }
      }
      let total = plan.deviceLoads[layer].reduce(0, +)
      #expect(abs(total - Self.example[layer].reduce(0, +)) < 1e-9)
    }
  }

  @Test func countsThatDoNotDivideAreNamed() {
    func message(_ replicas: Int, _ groups: Int, _ nodes: Int, _ devices: Int, _ weights: [[Double]]) -> String {
      do {
        _ = try OpenExpertBalancer(replicas: replicas, groups: groups, nodes: nodes, devices: devices)
          .rebalance(weights)
        return ""
      } catch { return error.message }
    }
    #expect(message(15, 4, 2, 8, Self.example).contains("15 replicas"))
    #expect(message(16, 5, 2, 8, Self.example).contains("5 groups"))
    #expect(message(16, 4, 2, 8, [[1, 2], [1]]).contains("differ in length"))
    #expect(message(16, 4, 2, 8, []).contains("no weights"))
    #expect(message(16, 4, 2, 8, [[1, -2, 1, 1]]).contains("negative"))
  }
}
