import Operations
import Telemetry
import Testing

@testable import XDeepServe

/// What parts of `reshard` limit: layers, budget, policy; and what the balancer goes by.
struct ReshardTests {
  private static let second: Int64 = 1_000_000_000

  /// One decode engine of 64 dies, placed once, its experts long since others.
  private static func drifted() throws -> Simulation {
    var scenario = Scenarios.small(seed: 4, rate: 20, start: .steady, batch: 16)
    scenario.experts.balancer = .static
    scenario.experts.driftSeconds = 60
    var simulation = try Simulation(scenario)
    simulation.advance(to: 61 * second)
    return simulation
  }

  /// The placement before, and when the action is done.
  private static func placements(_ text: String) throws -> (before: ExpertPlacement, after: Simulation) {
    var simulation = try drifted()
    let before = simulation.decode[0].placement
    try simulation.perform(Action(parsing: text))
    while simulation.progress(of: 1).state == .running { simulation.advance(to: simulation.now + second) }
    #expect(simulation.progress(of: 1).state == .done)
    return (before, simulation)
  }

  /// Slots of each layer that take in another expert.
  private static func changed(_ before: ExpertPlacement, _ after: ExpertPlacement) -> [Int] {
    let width = before.dies * before.slotsPerDie
    return (0..<before.layers).map { layer in
      ((layer * width)..<((layer + 1) * width)).count { after.slots[$0] >= 0 && after.slots[$0] != before.slots[$0] }
    }
  }

  @Test func allLayersMoveUnlessSomeAreNamed() throws {
    let (before, all) = try Self.placements("reshard")
    #expect(Self.changed(before, all.decode[0].placement).allSatisfy { $0 > 0 })
    let (same, some) = try Self.placements("reshard layers 10-12")
    #expect(same == before)
    // The first three layers are dense: layer 10 is the eighth with experts.
    let layers = Self.changed(before, some.decode[0].placement).enumerated().filter { $0.element > 0 }.map(\.offset)
    #expect(layers == [7, 8, 9])
    #expect(some.progress(of: 1).note.contains("in layers 10-12, "))
    // What a layer gets does not hang on the others.
    let width = before.dies * before.slotsPerDie
    #expect(
      some.decode[0].placement.slots[(7 * width)..<(8 * width)]
        == all.decode[0].placement.slots[(7 * width)..<(8 * width)])
  }

  @Test(arguments: ["", " policy eplb"])
  func aBudgetLimitsTheSlotsOfEachLayer(policy: String) throws {
    var slots = [Int]()
    var heats = [Float]()
    for budget in [2, 6, 320] {
      let (before, after) = try Self.placements("reshard budget \(budget)\(policy)")
      let counted = try #require(after.balanced?.counted)
      let changes = Self.changed(before, after.decode[0].placement)
      #expect(changes.allSatisfy { $0 <= budget })
      if budget < 10 { #expect(changes.contains(budget)) }
      slots.append(changes.reduce(0, +))
      heats.append(after.decode[0].placement.imbalance(counted, topK: 8))
      #expect(heats.last! < before.imbalance(counted, topK: 8))
      #expect(after.decode[0].placement.replicas.allSatisfy { $0 > 0 })
    }
    #expect(slots == slots.sorted() && heats[1] < heats[0] && Set(slots).count == 3)
    // More than there are slots is no limit.
    let (before, free) = try Self.placements("reshard\(policy)")
    #expect(Self.changed(before, free.decode[0].placement).reduce(0, +) == slots[2])
    let none = try Self.placements("reshard budget 0\(policy)")
    #expect(none.after.decode[0].placement == none.before)
    #expect(none.after.progress(of: 1).note.contains("experts stay"))
  }

  @Test func thePolicyChoosesTheAlgorithm() throws {
    let (_, open) = try Self.placements("reshard policy eplb")
    let (_, greedy) = try Self.placements("reshard policy podium")
    let (_, own) = try Self.placements("reshard")
    #expect(own.decode[0].placement == greedy.decode[0].placement)
    let placement = open.decode[0].placement
    #expect(placement.slots != greedy.decode[0].placement.slots)
    // As the open algorithm answers for the same counts, dies in whatever order.
    let counted = try #require(open.balanced?.counted)
    for layer in [0, 30, placement.layers - 1] {
      let held = (0..<placement.dies).map { die in
        let base = (layer * placement.dies + die) * placement.slotsPerDie
        return placement.slots[base..<(base + placement.slotsPerDie)].filter { $0 >= 0 && $0 < 256 }.map(Int.init)
          .sorted()
      }
      let wanted = OpenExpertBalancer.experts(
        weights: counted[(layer * 256)..<((layer + 1) * 256)].map(Double.init), rooms: held.map(\.count))
      #expect(held.map(\.description).sorted() == wanted.map { $0.sorted().description }.sorted())
    }
    // Who balances from now on is as it was.
    #expect(placement.policy == .greedy)
  }

  /// What a preview says of the bytes that move.
  @Test func aRehearsalTellsTheBytesOfEachKind() throws {
    let simulation = try Self.drifted()
    var gigabytes: [Int] = []
    for text in ["reshard policy eplb", "reshard", "reshard layers 3-20", "reshard budget 3"] {
      var rehearsal = try Rehearsal(simulation, Action(parsing: text), seeds: 1, horizon: 20)
      while !rehearsal.isDone { rehearsal.advance() }
      gigabytes.append(Int(rehearsal.cost.expertBytes / 1e9))
    }
    #expect(gigabytes == gigabytes.sorted(by: >) && Set(gigabytes).count == 4, "\(gigabytes)")
  }

  /// Where nobody balances, counts of long ago must not hide what is popular now.
  @Test func countsLookBackOneInterval() throws {
    var simulation = try Self.drifted()
    simulation.advance(to: 600 * Self.second)
    try simulation.perform(Action(parsing: "inject popularity-shift"))
    func distance() -> Float {
      zip(simulation.observedShares, simulation.popularity.shares).reduce(0) { $0 + abs($1.0 - $1.1) }
        / Float(simulation.popularity.layers)
    }
    let before = distance()
    simulation.advance(to: 750 * Self.second)
    #expect(distance() < before / 2)
  }
}
