import Telemetry
import Testing
import XDeepServe

struct ClientTests {
  private static func pod(
    patience: Double = 60, retries: Int = 0, cancel: Double = 0, rate: Double = 30, seed: UInt64 = 4
  ) -> Scenario {
    var scenario = Scenarios.small(seed: seed, rate: rate, batch: 16, patience: patience)
    scenario.clients.retries = retries
    scenario.clients.cancel = cancel
    return scenario
  }

  /// Random clients before random pods: every request ends in one way, and nothing of it is left.
  @Test(arguments: 1...8)
  func everyRequestEndsOnceHoweverItsClientActs(seed: Int) throws {
    var dice = RandomStream(seed: UInt64(seed), name: "clients-cases")
    var rows: [TraceRequest] = []
    for index in 0..<400 {
      rows.append(
        TraceRequest(
          arrival: Int64(index) * 15_000_000, prompt: Int32(1 + dice.index(below: 4000)),
          output: Int32(1 + dice.index(below: 300))))
    }
    var scenario = Self.pod(
      patience: 0.2 + dice.unit() * 3, retries: dice.index(below: 4), cancel: dice.unit(), seed: UInt64(seed))
    scenario.workload = .trace(rows, name: "made")
    if seed % 3 == 0 {
      scenario.prefill = []
      scenario.decode[0].layout = .mixed
    }
    var simulation = try Simulation(scenario)
    for second in 1...240 {
      simulation.advance(to: Int64(second) * 1_000_000_000)
      #expect(simulation.brokenInvariant() == nil)
    }
    let ends = simulation.requestTotals
    #expect(simulation.isDrained)
    #expect(ends.arrived == 400)
    #expect(ends.finished + ends.cancelled + ends.timedOut == 400)
    #expect(ends.cancelled > 0)
    #expect(simulation.frame(sequence: 0).value(.podKV) == 0)
  }

  /// An overload that most clients give up in; asking again makes no arrivals and lets more of them through.
  @Test func furtherAttemptsAreNoArrivals() throws {
    func totals(retries: Int) throws -> RequestTotals {
      var rows: [TraceRequest] = []
      for index in 0..<500 {
        rows.append(TraceRequest(arrival: Int64(index) * 2_000_000, prompt: 3000, output: 20))
      }
      var scenario = Self.pod(patience: 1, retries: retries)
      scenario.workload = .trace(rows, name: "burst")
      var simulation = try Simulation(scenario)
      simulation.advance(to: 400_000_000_000)
      #expect(simulation.isDrained)
      return simulation.requestTotals
    }
    let (once, again) = (try totals(retries: 0), try totals(retries: 5))
    #expect(once.arrived == 500 && again.arrived == 500)
    #expect(once.timedOut > 50)
    #expect(again.timedOut < once.timedOut / 2)
  }

  /// Half of the clients cancel somewhere in their output: half as many finish, and a quarter of the tokens is not made.
  @Test func cancellingFreesWhatWouldHaveBeenMade() throws {
    func report(cancel: Double) throws -> RunReport {
      var simulation = try Simulation(Self.pod(cancel: cancel))
      simulation.advance(to: 120_000_000_000)
      return simulation.report()
    }
    let (all, half) = (try report(cancel: 0), try report(cancel: 0.5))
    #expect(all.requests.cancelled == 0)
    let ended = Double(half.requests.finished + half.requests.cancelled)
    #expect(abs(Double(half.requests.cancelled) / ended - 0.5) < 0.04)
    let tokens = try #require(half.outputTokensPerSecond) / #require(all.outputTokensPerSecond)
    #expect(abs(tokens - 0.75) < 0.05)
  }
}
