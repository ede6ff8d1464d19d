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
    for step in 0..<800 {
      simulation.advance(to: 59_900_000_000 + Int64(step) * 1_000_000)
      let engine = simulation.decode[0]
      if let change = engine.rebalance {
        phases.insert(change.phase)
        // While weights are put in place their slots are out of the map.
        func instances(_ placement: ExpertPlacement) -> Int { placement.replicas.reduce(0) { $0 + Int($1) } }
        #expect(
          (instances(engine.placement) < instances(change.target))
            == (change.phase == .disable || change.phase == .load))
      }
      for count in engine.placement.replicas { #expect(count >= 1) }
      let rows = engine.meanShare.reduce(0, +)
      #expect(abs(rows - 9) < 1e-2)
    }
    #expect(phases == [.prefetch, .disable, .load, .restore])
    #expect(simulation.decode[0].rebalance == nil)
  }

  /// What a die holds already is not fetched again: on drifted loads most replicas stay, and the layout is as even.
  @Test(arguments: [
    (288, 32, 288, ExpertPlacement.Policy.greedy), (192, 32, 96, .greedy), (256, 32, 256, .greedy),
    (64, 8, 256, .greedy),
    (32, 0, 256, .greedy), (288, 32, 288, .open), (64, 8, 256, .open),
  ])
  func aNewPlacementKeepsWhatItCan(dies: Int, shared: Int, redundant: Int, policy: ExpertPlacement.Policy) {
    let layers = 5
    var popularity = ExpertPopularity(layers: layers, experts: 256, skew: 12, driftSeconds: 300, seed: 6)
    var errors = RandomStream(seed: 6, name: "expert-observation")
    func place(_ observed: [Float]) -> ExpertPlacement {
      ExpertPlacement(
        layers: layers, experts: 256, dies: dies, sharedCopies: shared, redundant: redundant, observed: observed,
        sharedShare: shared > 0 ? 1 / 8 : 0, policy: policy)
    }
    var present = place(ExpertPopularity.observed(popularity.shares, &errors))
    var (moved, anew) = (0, 0)
    for _ in 0..<3 {
      popularity.step(times: 12)
      let observed = ExpertPopularity.observed(popularity.shares, &errors)
      let fresh = place(observed)
      let kept = present.rebalanced(observed: observed, topK: 8)
      anew += present.changes(to: fresh).reduce(0, +)
      moved += present.changes(to: kept).reduce(0, +)
      #expect(kept.replicas == fresh.replicas)
      let (even, levelled) = (fresh.imbalance(observed, topK: 8), kept.imbalance(observed, topK: 8))
      #expect(levelled < even * 1.001)
      for layer in 0..<layers {
        for expert in 0..<256 {
          let row = (layer * dies * kept.slotsPerDie)..<((layer + 1) * dies * kept.slotsPerDie)
          let count = kept.slots[row].count { $0 == Int16(expert) }
          #expect(count == Int(kept.replicas[layer * 256 + expert]) && count > 0)
        }
      }
      present = kept
    }
    #expect(Double(moved) < (policy == .open ? 0.8 : 0.6) * Double(anew))
  }

  /// The open algorithm as a balancer: it runs, serves every expert, moves, and levels about as well.
  @Test func theOpenAlgorithmBalancesToo() throws {
    let open = try run(.eplb, seconds: 130)
    let ours = try run(.podium, seconds: 130)
    for count in open.decode[0].placement.replicas { #expect(count >= 1) }
    #expect(abs(open.decode[0].meanShare.reduce(0, +) - 9) < 1e-2)
    #expect(open.events.contains { $0.place == "D0" && $0.text.hasPrefix("rebalanced") })
    let (theirs, here) = (
      try #require(open.report().rankMaxOverMean), try #require(ours.report().rankMaxOverMean)
    )
    #expect(theirs != here && abs(theirs / here - 1) < 0.15)
  }

  /// Hot experts whose homes lie apart leave greedy placement uneven; small changes of redundant slots mend that.
  @Test(arguments: [(288, 32, 288), (192, 32, 192)])
  func smallChangesCoolWhatPlacingByLoadLeavesHot(dies: Int, shared: Int, redundant: Int) {
    let layers = 8
    let popularity = ExpertPopularity(layers: layers, experts: 256, skew: 28, driftSeconds: 90, seed: 3)
    func place() -> ExpertPlacement {
      ExpertPlacement(
        layers: layers, experts: 256, dies: dies, sharedCopies: shared, redundant: redundant,
        observed: popularity.shares, sharedShare: 1 / 8, policy: .greedy)
    }
    let placement = place()
    #expect(placement.imbalance(popularity.shares, topK: 8) < 1.18)
    #expect(placement == place())
    for layer in 0..<layers {
      var counts = [UInt16](repeating: 0, count: 256)
      for die in 0..<dies {
        let base = (layer * dies + die) * placement.slotsPerDie
        let held = placement.slots[base..<(base + placement.slotsPerDie)].filter { $0 >= 0 }
        #expect(Set(held).count == held.count)
        // A die whose copy of the shared expert weighs as much as the mean die takes nothing else.
        if held.contains(256), dies == 288 { #expect(held.count == 1) }
        for expert in held where expert < 256 { counts[Int(expert)] += 1 }
      }
      #expect(counts == Array(placement.replicas[(layer * 256)..<((layer + 1) * 256)]) && !counts.contains(0))
    }
  }
}
