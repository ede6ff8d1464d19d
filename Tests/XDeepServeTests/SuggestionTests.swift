import Operations
import Telemetry
import Testing
import XDeepServe

struct SuggestionTests {
  /// More prompts than two servers prefill, while servers are spare.
  private static func overloaded(rate: Double = 65) throws -> Simulation {
    var scenario = Scenarios.small(seed: 4, rate: rate, start: .steady, batch: 24)
    scenario.workload = .poisson(
      ratePerSecond: rate, prompt: Lengths(mean: 2500, maximum: 20_000), output: Lengths(mean: 60))
    var simulation = try Simulation(scenario)
    simulation.advance(to: 60_000_000_000)
    return simulation
  }

  private static func found(_ simulation: Simulation) -> SuggestionSearch {
    var search = SuggestionSearch(simulation)
    while !search.isDone { search.advance() }
    return search
  }

  @Test func serversForPrefillAreSuggestedWherePromptsWait() throws {
    let simulation = try Self.overloaded()
    let best = Self.found(simulation).best
    let first = try #require(best.first)
    #expect(best.count <= SuggestionSearch.most && Set(best.map(\.action)).count == best.count)
    guard case .pd(let shift) = first.action, case .more(_, true) = shift.aim else {
      Issue.record("\(first.action): \(first.reason)")
      return
    }
    let ttft = try #require(first.ttft)
    #expect(ttft.without > 2000 && ttft.with < ttft.without / 2 && !ttft.isNoise, "\(first.reason)")
    #expect(first.reason.contains("TTFT") && first.reason.contains("dies"))
    #expect(first.seeds == SuggestionSearch.seeds)
    // All of it can be done, and the first search is like the second.
    for suggestion in best {
      var copy = simulation
      try copy.perform(suggestion.action)
    }
    #expect(Self.found(simulation).best == best)
  }

  @Test func nothingIsSuggestedWhereNothingIsWrong() throws {
    let search = Self.found(try Self.overloaded(rate: 12))
    #expect(search.best.isEmpty, "\(search.best.map(\.reason))")
    #expect(search.tried.actions > 5)
  }

  @Test func fewerViolationsComeFirstThenGoodputThenCost() throws {
    var calm = Outlook()
    (calm.seconds, calm.firstTokens, calm.ttftSeconds, calm.stepTokens, calm.runningSeconds) = (1, 10, 1, 100, 3)
    calm.good = 10
    #expect(calm.ttft == 100 && calm.tpot == 30)
    var search = SuggestionSearch(try Self.overloaded(), horizon: 5)
    #expect(!search.isDone && search.best.isEmpty)
    for _ in 0..<4 { search.advance() }
    #expect(search.tried.actions == 0)
  }
}
