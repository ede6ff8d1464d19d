import SuperPod
import Telemetry
import Testing
import XDeepServe

struct ConservationTests {
  /// Random small pods: loads from idle to hopeless, batch limits from one, impatient clients.
  @Test(arguments: 1...12)
  func noRequestIsLostOrDoubled(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), name: "cases")
    let scenario = Scenarios.small(
      seed: UInt64(seed), rate: 1 + stream.unit() * 120, start: seed % 2 == 0 ? .steady : .empty,
      batch: 1 + stream.index(below: 12), mtp: stream.index(below: 3), acceptance: stream.unit(),
      patience: seed % 3 == 0 ? 0.2 + stream.unit() * 4 : 60)
    var simulation = try Simulation(scenario)
    for second in 1...25 {
      simulation.advance(to: Int64(second) * 1_000_000_000 - Int64(stream.unit() * 9e8))
      let requests = simulation.requestTotals
      #expect(
        requests.arrived == requests.waiting + requests.running + requests.finished + requests.cancelled
          + requests.timedOut + requests.failed)
      let frame = simulation.frame(sequence: 0)
      for value in frame[.dieKV] where !value.isNaN { #expect(value >= 0 && value <= 100) }
      for value in frame[.dieBatch] where !value.isNaN { #expect(value <= Float(scenario.decode[0].batch)) }
    }
    #expect(simulation.requestTotals.arrived > 0)
  }

  @Test(arguments: [0, 1, 2])
  func aTraceEndsWithEveryTokenMade(mtp: Int) throws {
    var rows: [TraceRequest] = []
    var stream = RandomStream(seed: 11, name: "rows")
    var tokens = 0
    for index in 0..<300 {
      let output = 1 + stream.index(below: 90)
      tokens += output
      rows.append(
        TraceRequest(
          arrival: Int64(index) * 40_000_000, prompt: Int32(1 + stream.index(below: 3000)), output: Int32(output)))
    }
    var simulation = try Simulation(
      Scenarios.small(seed: 2, mtp: mtp, workload: .trace(rows, name: "made")))
    simulation.advance(to: 60_000_000_000)
    let report = simulation.report()
    #expect(simulation.isDrained)
    #expect(report.requests.arrived == 300)
    #expect(report.requests.finished == 300)
    // Each request's tokens came out once: the first from prefill, the others from decode, none beyond its end.
    let made = try #require(report.outputTokensPerSecond) * report.simulatedSeconds
    #expect(Int(made.rounded()) == tokens)
    #expect(simulation.frame(sequence: 0).value(.podKV) == 0)
  }

  /// Prompts prefilled in chunks on decode dies: random loads, impatient clients, one digest however time is cut.
  @Test(arguments: 1...6)
  func mixedEnginesLoseNothing(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), name: "mixed-cases")
    var scenario = Scenarios.small(
      seed: UInt64(seed), rate: 5 + stream.unit() * 150, batch: 1 + stream.index(below: 12),
      patience: seed % 2 == 0 ? 0.1 + stream.unit() : 60)
    scenario.prefill = []
    scenario.decode[0].layout = .mixed
    var simulation = try Simulation(scenario)
    var once = simulation
    for second in 1...15 {
      simulation.advance(to: Int64(second) * 1_000_000_000 - Int64(stream.unit() * 9e8))
      let requests = simulation.requestTotals
      #expect(
        requests.arrived == requests.waiting + requests.running + requests.finished + requests.cancelled
          + requests.timedOut + requests.failed)
      for value in simulation.frame(sequence: 0)[.dieBatch] where !value.isNaN {
        #expect(value <= Float(scenario.decode[0].batch))
      }
    }
    simulation.advance(to: 16_000_000_000)
    once.advance(to: 16_000_000_000)
    #expect(simulation.digest.text == once.digest.text)
    #expect(simulation.requestTotals.finished > 0)
    #expect(simulation.report().ttft.mean != nil)
  }

  @Test func bytesThatLeaveNodesArriveAtNodes() throws {
    var simulation = try Simulation(Scenarios.standard(seed: 6))
    simulation.advance(to: 6_000_000_000)
    let frame = simulation.frame(sequence: 0)
    func sum(_ id: MetricID) -> Double { frame[id].reduce(0) { $0 + Double($1) } }
    #expect(sum(.dieLinkUp) > 1)
    #expect(sum(.nodeCPUUp) > 0.1 && sum(.nodeCPUDown) > 0.1)
    let (sent, received) = (sum(.dieLinkUp) + sum(.nodeCPUUp), sum(.dieLinkDown) + sum(.nodeCPUDown))
    #expect(abs(sent / received - 1) < 1e-3)
    #expect(abs(sum(.uplinkUp) / sum(.uplinkDown) - 1) < 1e-3)
    // What crosses nodes is the matrix without its diagonal.
    var across = 0.0
    for from in 0..<48 { for to in 0..<48 where to != from { across += Double(frame.traffic[from * 48 + to]) } }
    #expect(abs(sum(.uplinkUp) / across - 1) < 1e-3)
  }

  @Test func impatientClientsGiveUpAndPatientOnesDoNot() throws {
    func timedOut(_ patience: Double) throws -> Int {
      var simulation = try Simulation(Scenarios.small(seed: 8, rate: 200, patience: patience))
      simulation.advance(to: 20_000_000_000)
      return simulation.requestTotals.timedOut
    }
    #expect(try timedOut(0.05) > 0)
    #expect(try timedOut(1000) == 0)
  }
}
