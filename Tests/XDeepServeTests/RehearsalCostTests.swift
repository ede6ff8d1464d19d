import Operations
import Telemetry
import Testing
import XDeepServe

/// What a rehearsal says an action costs, beside the very future that it worked out.
struct RehearsalCostTests {
  private static func cost(_ text: String, seconds: Int) throws -> (ActionCost, Simulation) {
    var simulation = try Simulation(Scenarios.small(seed: 5, rate: 30, start: .steady, batch: 16))
    simulation.advance(to: 70_000_000_000)
    let action = try Action(parsing: text)
    // The true future, so that the same can be looked at from outside.
    var rehearsal = try Rehearsal(simulation, action, horizon: seconds, oracle: true)
    while !rehearsal.isDone { rehearsal.advance() }
    try simulation.perform(action)
    return (rehearsal.cost, simulation)
  }

  /// A server from spare loads weights for the published time and costs nobody his place.
  @Test func whatComesFromSpareCostsWeightsAndAShortPause() throws {
    let (cost, _) = try Self.cost("pd +1d from spare", seconds: 70)
    #expect(cost.weightBytes > 0 && cost.weightSeconds == 40.6 && cost.drained == 0 && cost.moved == 16)
    #expect(cost.ends.count == 1 && cost.ends[0].hasPrefix("done after 5"))
    // Ranks join in a pause of two seconds; before and after it every die serves.
    #expect(cost.lostServerSeconds > 0 && cost.lostServerSeconds < 20)
  }

  /// A node that is taken out serves no more: its requests run out or begin again, and its capacity is lost from then on.
  @Test func aDrainedNodeIsLostCapacity() throws {
    let (cost, simulation) = try Self.cost("drain n3", seconds: 60)
    var after = simulation
    var lost = 0.0
    var drained: Int?
    for second in 1...60 {
      after.advance(to: 70_000_000_000 + Int64(second) * 1_000_000_000)
      let out = after.frame(sequence: 0)[.dieHealth].count { $0 == 2 }
      if out > 0, drained == nil { drained = second }
      lost += Double(out) / 16
    }
    #expect(cost.drained > 0 && cost.drainSeconds == drained && cost.weightBytes == 0)
    // Engines stand still for two seconds beside.
    #expect(cost.lostServerSeconds >= lost && cost.lostServerSeconds < lost + 20 && lost > 10)
  }

  @Test func whatTakesEffectAtOnceCostsNothing() throws {
    let (cost, _) = try Self.cost("recovery 2", seconds: 10)
    #expect(cost.sentences.isEmpty && cost.seconds == 10 && cost.loads.isEmpty && cost.busiestWithout > 0)
  }

  /// Experts that move cross the fabric, as the run's own events say how many.
  @Test func movedExpertsCrossTheFabric() throws {
    let (cost, simulation) = try Self.cost("reshard", seconds: 30)
    var after = simulation
    after.advance(to: 100_000_000_000)
    let told = after.operations.last?.note ?? ""
    #expect(cost.expertBytes > 0 ? told.contains("\(Int(cost.expertBytes / 1e9)) GB") : !told.contains("GB"), "\(told)")
  }
}
