import Operations
import Telemetry
import Testing
import XDeepServe

struct HeatTests {
  private static func peak(_ events: [String] = [], start: Scenario.Start = .steady) throws -> Simulation {
    var scenario = Scenarios.small(seed: 2, rate: 40, start: start, batch: 16)
    scenario.events = try events.map { try ScheduledAction(parsing: $0) }
    return try Simulation(scenario)
  }

  /// Spare packages stand where idle ones were seen: 154–186 W at 29–43 °C.
  @Test func idlePackagesAreAsSeen() throws {
    var simulation = try Self.peak()
    simulation.advance(to: 5_000_000_000)
    let frame = simulation.frame(sequence: 0)
    let spare = frame.layout.roles.indices.filter { frame.layout.roles[$0] == .spare }
    #expect(spare.count > 100)
    for die in spare {
      #expect((77...93).contains(frame[.diePower][die]))
      #expect((29...43).contains(frame[.dieTemperature][die]))
    }
  }

  /// A steady start finds dies as warm as a minute later; an empty one finds them cold.
  @Test func aSteadyStartIsWarm() throws {
    func mean(_ simulation: Simulation) -> Float {
      let frame = simulation.frame(sequence: 0)
      let dies = frame.layout.roles.indices.filter { frame.layout.roles[$0] == .decode }
      return dies.reduce(0) { $0 + frame[.dieTemperature][$1] } / Float(dies.count)
    }
    var warm = try Self.peak()
    var cold = try Self.peak(start: .empty)
    warm.advance(to: 2_000_000_000)
    cold.advance(to: 2_000_000_000)
    let (early, chill) = (mean(warm), mean(cold))
    warm.advance(to: 120_000_000_000)
    #expect(abs(mean(warm) - early) < 4)
    #expect(chill < early - 8)
    #expect((50...80).contains(mean(warm)))
  }

  /// A badly cooled die passes 95 °C, raises the alarm, slows down, and the engine waits for it; others stay cool.
  @Test func aHotDieThrottles() throws {
    var simulation = try Self.peak(["5s inject hot-die at n3.c3.d1 for 200s"])
    var rules = AlarmRules()
    var alarmed = false
    for second in 1...200 {
      simulation.advance(to: Int64(second) * 1_000_000_000)
      alarmed = rules.update(simulation.frame(sequence: 0)).contains { $0.text.hasPrefix("HBM ") } || alarmed
    }
    let frame = simulation.frame(sequence: 0)
    let hot = 3 * 16 + 7
    #expect(alarmed)
    #expect(frame[.dieTemperature].enumerated().allSatisfy { $0.offset == hot || $0.element < 85 })
    var healthy = try Self.peak()
    healthy.advance(to: 200_000_000_000)
    let slowed = try #require(frame.value(.tpotP50)) / #require(healthy.frame(sequence: 0).value(.tpotP50))
    #expect(slowed > 1.05)
    simulation.advance(to: 420_000_000_000)
    #expect(simulation.frame(sequence: 0)[.dieTemperature][hot] < 85)
  }

  /// A prefill die that is badly cooled passes 95 °C, raises the alarm, slows down, and its engine waits for it.
  @Test func aHotPrefillDieThrottles() throws {
    func run(_ events: [String]) throws -> (simulation: Simulation, tokens: Float, alarmed: Bool, hottest: Float) {
      // More prompts than two engines take.
      var scenario = Scenarios.small(seed: 2, rate: 90, start: .steady, batch: 32, patience: 1000)
      scenario.events = try events.map { try ScheduledAction(parsing: $0) }
      var simulation = try Simulation(scenario)
      var (rules, alarmed, hottest, tokens) = (AlarmRules(), false, Float(0), Float(0))
      for second in 1...200 {
        simulation.advance(to: Int64(second) * 1_000_000_000)
        let frame = simulation.frame(sequence: 0)
        hottest = max(hottest, frame[.dieTemperature][7])
        alarmed = rules.update(frame).contains { $0.text.hasPrefix("HBM ") } || alarmed
        if second > 100 { tokens += frame.value(.inputTokens) ?? 0 }
      }
      return (simulation, tokens, alarmed, hottest)
    }
    let hot = try run(["5s inject hot-die at n0.c3.d1 for 200s"])
    let cool = try run([])
    #expect(hot.alarmed && hot.hottest > 95 && !cool.alarmed)
    #expect(try #require(hot.simulation.incidents.first).detected != nil)
    // One of two engines works at two thirds of its pace or so.
    #expect(hot.tokens < cool.tokens * 0.95)
    #expect(hot.tokens > cool.tokens * 0.7)
  }

  /// A slow die or a narrow link of a prefill engine lengthens its steps and nobody else's.
  @Test func prefillWaitsForSlowDiesAndNarrowLinks() throws {
    func left(_ event: String?) throws -> [Double] {
      var scenario = Scenarios.small(seed: 2, rate: 300, batch: 32, patience: 1000)
      scenario.events = try event.map { [try ScheduledAction(parsing: "1s inject \($0)")] } ?? []
      var simulation = try Simulation(scenario)
      simulation.advance(to: 30_000_000_000)
      return simulation.frame(sequence: 0)[.engineQueue][0..<2].map { Double($0) }
    }
    let usual = try left(nil)
    let slow = try left("slow-die at n0.c3.d1 by 2")
    let narrow = try left("lanes-quarter at n0.c3.d1.sp2")
    // More is left to do before an engine that takes longer, as far as routing lets it.
    #expect(slow[0] + slow[1] > usual[0] + usual[1] + 500)
    #expect(narrow[0] + narrow[1] > usual[0] + usual[1] + 100)
  }
}
