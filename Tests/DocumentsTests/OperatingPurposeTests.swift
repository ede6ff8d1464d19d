import Documents
import Operations
import Telemetry
import Testing

@testable import XDeepServe

/// What actions do where they are meant to help: a dip first, then the gain.
struct OperatingPurposeTests {
  private static let second: Int64 = 1_000_000_000

  private static func simulation(_ name: String, at seconds: Int64) throws -> Simulation {
    var simulation = try Simulation(try ScenarioDocument(named: name).read().scenario)
    simulation.advance(to: seconds * second)
    return simulation
  }

  /// Seconds from now on, one by one.
  private static func run(_ simulation: inout Simulation, seconds: Int) -> [Outlook] {
    (0..<seconds).map { _ in
      simulation.advance(to: simulation.now + second)
      return simulation.lastSecond
    }
  }

  private static func sum(_ seconds: some Sequence<Outlook>) -> Outlook { seconds.reduce(Outlook(), +) }

  /// The busiest rank over the mean is that on the loads that the balancer expects, as counted over one interval.
  @Test func reshardLevelsAHotspot() throws {
    var simulation = try Self.simulation("expert-hotspot", at: 90)
    let before = try #require(Self.sum(Self.run(&simulation, seconds: 10)).tpot)
    #expect(before > 50)
    var left = simulation
    try simulation.perform(Action(parsing: "reshard"))
    try Self.expectDip(of: simulation)
    // An interval is 30 s; the weights are in place after a few.
    let with = Self.run(&simulation, seconds: 40)
    let without = Self.run(&left, seconds: 40)
    let progress = simulation.progress(of: 1)
    #expect(progress.state == .done && progress.since < 101 * Self.second)
    // By engine: `D0: max/mean 2.36 to 1.16, …`.
    let parts = progress.note.split(separator: ";").map { $0.drop { $0 == " " } }
    #expect(parts.count == 2)
    for part in parts {
      let words = part.split(separator: " ")
      let place = try #require(words.firstIndex(of: "to"))
      let (old, new) = (Double(words[place - 1]), Double(words[place + 1].dropLast()))
      #expect(try #require(old) > 2 && #require(new) <= 1.2, "\(part)")
    }
    for begin in [10, 20, 30] {
      let after = try #require(Self.sum(with[begin..<(begin + 10)]).tpot)
      let still = try #require(Self.sum(without[begin..<(begin + 10)]).tpot)
      #expect(after < 50 && still > 50 && after < still - 2, "\(still) and \(after) after \(begin) s")
    }
  }

  /// While slots are out of the map, for an iteration, an engine steps more slowly than before; then faster.
  private static func expectDip(of simulation: Simulation) throws {
    for index in simulation.decode.indices {
      var simulation = simulation
      let before = simulation.decode[index].duration
      var longest = 0.0
      while let change = simulation.decode[index].rebalance {
        if change.phase != .prefetch { longest = max(longest, simulation.decode[index].duration) }
        simulation.advance(to: simulation.now + 1_000_000)
      }
      simulation.advance(to: simulation.now + second)
      let after = simulation.decode[index].duration
      #expect(longest > 1.2 * before && after < 0.95 * before, "D\(index): \(before), \(longest), \(after) µs")
    }
  }

  @Test func moreServersForPrefillEndTheSurge() throws {
    var simulation = try Self.simulation("prefill-surge", at: 60)
    var left = simulation
    try simulation.perform(Action(parsing: "pd +2p from D1"))
    let with = Self.run(&simulation, seconds: 330)
    let without = Self.run(&left, seconds: 330)
    // D1 gives first and P0 gains later.
    let dip = try #require(Self.sum(with[5..<110]).tpot) - (try #require(Self.sum(without[5..<110]).tpot))
    #expect(dip > 0)
    let end = Self.sum(with.suffix(30))
    #expect(try #require(end.ttft) < 2000)
    #expect(try #require(end.tpot) < 50)
    #expect(try #require(Self.sum(without.suffix(30)).ttft) > 5000)
  }

  @Test func moreServersForDecodeEndTheWaiting() throws {
    var simulation = try Self.simulation("decode-starved", at: 60)
    var left = simulation
    try simulation.perform(Action(parsing: "pd +2d from P11"))
    let with = Self.run(&simulation, seconds: 300)
    let without = Self.run(&left, seconds: 300)
    // The new dies join in a pause of two seconds: fewer tokens than without, for a moment.
    #expect(zip(with, without).prefix(200).contains { $0.stepTokens < $1.stepTokens / 2 })
    let end = Self.sum(with.suffix(30))
    #expect(try #require(end.tpot) < 50)
    #expect(try #require(end.ttft) < 2000)
    #expect(try #require(Self.sum(without.suffix(30)).tpot) > 50)
  }

  @Test(arguments: ["expert-hotspot", "prefill-surge", "decode-starved"])
  func theAutopilotBringsItBackUnderItsTargets(name: String) throws {
    var simulation = try Self.simulation(name, at: 0)
    var pilot = Autopilot()
    var seconds: [Outlook] = []
    for _ in 0..<300 {
      seconds += Self.run(&simulation, seconds: 1)
      pilot.look(&simulation)
    }
    #expect(!pilot.steps.isEmpty)
    let end = Self.sum(seconds.suffix(30))
    #expect(try #require(end.ttft) < simulation.scenario.slo.ttftMilliseconds, "\(pilot.steps)")
    #expect(try #require(end.tpot) < simulation.scenario.slo.tpotMilliseconds, "\(pilot.steps)")
    #expect(simulation.performed.map(\.action).filter { $0.name != .traffic } == pilot.steps.map(\.action))
  }
}
