import SuperPod
import Telemetry
import Testing

@testable import XDeepServe

struct PrefillTests {
  private func report(_ scenario: Scenario, seconds: Int64 = 60) throws -> RunReport {
    var simulation = try Simulation(scenario)
    simulation.measureFrom = 5_000_000_000
    simulation.advance(to: seconds * 1_000_000_000)
    return simulation.report()
  }

  /// Long prompts are cut: no step lasts much longer than its budget, and a short prompt does not wait for a long one.
  @Test func longPromptsArePrefilledInParts() throws {
    let rows = (0..<40).map { index in
      TraceRequest(arrival: Int64(index) * 100_000_000, prompt: index % 4 == 0 ? 60_000 : 500, output: 1)
    }
    var simulation = try Simulation(Scenarios.small(seed: 1, workload: .trace(rows, name: "made")))
    var longest: Int64 = 0
    while !simulation.isDrained {
      simulation.advance(to: simulation.now + 20_000_000)
      for engine in simulation.prefill where engine.busy {
        longest = max(longest, engine.stepEnd - engine.stepStart)
        for id in engine.batch { #expect(simulation.requests.chunk[Int(id)] > 0) }
      }
    }
    #expect(longest > 20_000_000 && longest < 400_000_000)
    #expect(simulation.prefill.allSatisfy { $0.pendingWork == 0 && $0.pendingTokens == 0 && $0.waiting == 0 })
    #expect(simulation.requestTotals.finished == 40)
  }

  /// The leader sees all prompts and all groups: nobody waits behind a long prompt while another group is idle.
  @Test func collaborationShortensTheWaitForTheFirstToken() throws {
    var apart = Scenario.production(seed: 3)
    for index in apart.prefill.indices { apart.prefill[index].scheduler = .twoLevel }
    let together = try #require(try report(.production(seed: 3), seconds: 90).ttft.mean)
    #expect(try #require(try report(apart, seconds: 90).ttft.mean) > 1.05 * together)
  }

  @Test func unbalancedExpertsSlowPrefill() throws {
    var uneven = Scenario.prefillPeak(seed: 1)
    uneven.experts.balancer = .none
    let balanced = try #require(try report(.prefillPeak(seed: 1)).prefillTokensPerSecondPerNPU)
    #expect(try #require(try report(uneven).prefillTokensPerSecondPerNPU) < 0.9 * balanced)
  }

  /// What RoCE carries takes longer and is not on the pod's own links; older servers prefill more slowly.
  @Test func roceAndOlderServersAreSlower() throws {
    var roce = Scenarios.standard(seed: 4)
    for index in roce.prefill.indices { roce.prefill[index].fabric = .roce }
    var older = roce
    for index in older.prefill.indices { older.prefill[index].chip = .b910 }
    let usual = try report(Scenarios.standard(seed: 4), seconds: 20)
    let slower = try report(roce, seconds: 20)
    let send = Primitive.sendRecv.index
    let wire = try #require(usual.primitives[send]?.wireMean)
    #expect(try #require(slower.primitives[send]?.wireMean) > 2 * wire)
    #expect(try #require(try report(older, seconds: 20).ttft.mean) > 1.2 * #require(slower.ttft.mean))
    var simulation = try Simulation(older)
    simulation.advance(to: 5_000_000_000)
    let frame = simulation.frame(sequence: 0)
    let links = scenarioLinks(of: simulation)
    #expect(frame[.dieLinkUp][links].allSatisfy { $0 == 0 })
  }

  private func scenarioLinks(of simulation: Simulation) -> Range<Int> {
    let dies = simulation.layout.engines[0].dies
    let planes = simulation.scenario.topology.subPlanes
    return (dies[0] * planes)..<((dies[0] + dies.count) * planes)
  }

  @Test func longPromptsOfTheirOwnEnginesDoNotHoldUpShortOnes() throws {
    func shortWait(isolated: Bool) throws -> Double {
      let rows = (0..<300).map { index in
        TraceRequest(arrival: Int64(index) * 60_000_000, prompt: index % 6 == 0 ? 50_000 : 1000, output: 2)
      }
      var simulation = try Simulation(Scenarios.standard(seed: 1).with(.trace(rows, name: "made")))
      if isolated { simulation.isolate(promptsFrom: 32_000) }
      simulation.advance(to: 60_000_000_000)
      #expect(simulation.requestTotals.finished == 300)
      return try #require(simulation.report().ttft.p50)
    }
    #expect(try shortWait(isolated: true) < shortWait(isolated: false))
  }

  /// Two prompts alike: the second goes where the first one's KV lies, although another engine has as little to do.
  @Test func aPromptGoesWhereItsBeginningIsCached() throws {
    let column = (0..<8).map { Int32($0) } + (0..<8).map { Int32($0) + 100 }
    let rows = [0, 8, 0, 8, 8].enumerated().map { index, first in
      TraceRequest(
        arrival: Int64(index) * 2_000_000_000, prompt: 4096, output: 4,
        blocks: PromptBlocks(first: Int32(first), count: 8))
    }
    var scenario = Scenarios.small(seed: 1, workload: .trace(rows, name: "made"))
    scenario.hashBlocks = column
    var simulation = try Simulation(scenario)
    // What the job executor has heard of is that P0 has much to do, when the second prompt comes.
    simulation.advance(to: 1_999_000_000)
    simulation.reports.sent(1_000_000_000, toPrefill: 0)
    simulation.advance(to: 3_000_000_000)
    let held = simulation.caches.map { cache in cache.contents.contains(100) }
    #expect(held == [false, true])
    simulation.advance(to: 20_000_000_000)
    #expect(!simulation.caches[0].contents.contains(100) && !simulation.caches[1].contents.contains(0))
    let share = try #require(simulation.report().prefixHitShare)
    #expect(abs(share - 3.0 * 4095 / (5 * 4096)) < 1e-9)
  }
}

extension Scenario {
  fileprivate func with(_ workload: Workload) -> Scenario {
    var result = self
    result.workload = workload
    result.start = .empty
    return result
  }
}
