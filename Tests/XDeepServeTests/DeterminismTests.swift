import Testing
import XDeepServe

struct DeterminismTests {
  private func digest(_ simulation: Simulation) -> String { simulation.digest.text }

  @Test(arguments: ["default", "peak-decode"])
  func sameSeedGivesTheSameDigestHoweverTimeIsCut(name: String) throws {
    let scenario = name == "default" ? Scenarios.standard(seed: 3) : Scenarios.peakDecode(seed: 3)
    let end: Int64 = 20_000_000_000
    var once = try Simulation(scenario)
    once.advance(to: end)
    var stepped = try Simulation(scenario)
    var stream = RandomStream(seed: 9, name: "steps")
    var looks = 0
    while stepped.now < end {
      stepped.advance(to: min(end, stepped.now + 1 + Int64(stream.unit() * 2e9)))
      // Looking on, at whatever rate, changes nothing.
      if looks % 2 == 0 { _ = stepped.frame(sequence: 0) }
      looks += 1
    }
    #expect(digest(once) == digest(stepped))
  }

  @Test func aForkGoesTheSameWayAsItsOrigin() throws {
    var origin = try Simulation(Scenarios.standard(seed: 4))
    origin.advance(to: 7_000_000_000)
    var fork = origin
    origin.advance(to: 15_000_000_000)
    fork.advance(to: 15_000_000_000)
    #expect(digest(origin) == digest(fork))
    #expect(origin.events == fork.events)
  }

  @Test func anotherSeedGivesAnotherRun() throws {
    var one = try Simulation(Scenarios.small(seed: 1))
    var two = try Simulation(Scenarios.small(seed: 2))
    one.advance(to: 5_000_000_000)
    two.advance(to: 5_000_000_000)
    #expect(digest(one) != digest(two))
  }

  @Test func measuringLaterChangesNoDigest() throws {
    var one = try Simulation(Scenarios.small(seed: 5))
    var two = try Simulation(Scenarios.small(seed: 5))
    two.measureFrom = 2_500_000_000
    one.advance(to: 5_000_000_000)
    two.advance(to: 5_000_000_000)
    #expect(digest(one) == digest(two))
    #expect(one.report().tpot.mean != two.report().tpot.mean)
  }
}
