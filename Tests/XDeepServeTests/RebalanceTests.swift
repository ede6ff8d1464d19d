import Telemetry
import Testing

@testable import XDeepServe

struct RebalanceTests {
  private func run(_ balancer: Scenario.Balancer, seconds: Int64) throws -> Simulation {
    var scenario = Scenarios.peakDecode(seed: 2)
    scenario.experts.balancer = balancer
    scenario.experts.driftSeconds = 120
    var simulation = try Simulation(scenario)
    simulation.measureFrom = 61_000_000_000
    simulation.advance(to: seconds * 1_000_000_000)
    return simulation
  }

  @Test func balancingKeepsUpWithDriftAndAPlacementMadeOnceDoesNot() throws {
    let live = try run(.podium, seconds: 150)
    let once = try run(.static, seconds: 150)
    let kept = try #require(live.report().rankMaxOverMean)
    let lost = try #require(once.report().rankMaxOverMean)
    #expect(kept < lost - 0.1)
    let faster = try #require(live.report().tpot.mean)
    let slower = try #require(once.report().tpot.mean)
    #expect(faster < slower)
    #expect(live.events.contains { $0.place == "D0" && $0.text.hasPrefix("rebalanced") })
    #expect(!once.events.contains { $0.place == "D0" })
  }

  @Test func everyExpertIsServedInEveryPhase() throws {
    var simulation = try run(.podium, seconds: 59)
    var phases: Set<Rebalance.Phase> = []
    for step in 0..<600 {
      simulation.advance(to: 59_900_000_000 + Int64(step) * 1_000_000)
      let engine = simulation.decode[0]
      if let change = engine.rebalance { phases.insert(change.phase) }
      for count in engine.placement.replicas { #expect(count >= 1) }
      let rows = engine.meanShare.reduce(0, +)
      #expect(abs(rows - 9) < 1e-2)
    }
    #expect(phases == [.prefetch, .load])
    #expect(simulation.decode[0].rebalance == nil)
  }
}
