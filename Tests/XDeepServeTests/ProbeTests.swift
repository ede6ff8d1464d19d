import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

/// DistFlow's probes and transfers: what they find out and when, where KV goes meanwhile.
struct ProbeTests {
  /// Two prefill engines of a server each, two decode engines of three.
  private static func pod(
    _ events: [String] = [], rate: Double = 40, batch: Int = 16, fabric: Scenario.PrefillEngine.Fabric = .ub
  ) throws -> Simulation {
    var scenario = Scenarios.pair(seed: 5, rate: rate, batch: batch)
    for index in scenario.prefill.indices { scenario.prefill[index].fabric = fabric }
    scenario.events = try events.map { try ScheduledAction(parsing: $0) }
    return try Simulation(scenario)
  }

  private static func advance(_ simulation: inout Simulation, to second: Double, _ context: Comment = "") {
    var next = simulation.now / 1_000_000_000 + 1
    while Double(next) <= second {
      simulation.advance(to: next * 1_000_000_000)
      let broken = simulation.brokenInvariant()
      #expect(broken == nil, context)
      next += 1
    }
    simulation.advance(to: Int64(second * 1e9))
  }

  private static func seen(_ simulation: Simulation) throws -> Double {
    let incident = try #require(simulation.incidents.first)
    return Double(try #require(incident.detected) - incident.began) / 1e9
  }

  /// The moment in an interval at which a fault begins decides how long three probes take: three to four seconds.
  @Test(arguments: [10.0, 10.2, 10.45, 10.55, 10.9])
  func threeLostProbesShowABlockedWay(began: Double) throws {
    var simulation = try Self.pod(["\(Int(began * 1000))ms inject kv-stall at D0 for 30s"])
    Self.advance(&simulation, to: 20)
    let seconds = try Self.seen(simulation)
    // Probes go out half way between whole seconds; the third lost one is missed an interval later.
    let first = (began + 0.5).rounded(.up) - 0.5 - began
    #expect(abs(seconds - (first + 3)) < 0.001, "\(seconds)")
    #expect((3...4).contains(seconds))
  }

  /// Until probes show it, transfers to a stalled engine fail and are sent anew; then all KV goes to the other engine.
  @Test func aStalledEngineGetsNothingAndTheOtherTakesOver() throws {
    var simulation = try Self.pod(["10s inject kv-stall at D0 for 30s"])
    Self.advance(&simulation, to: 10)
    let before = simulation.frame(sequence: 0)[.engineRunning]
    Self.advance(&simulation, to: 16)
    let retried = simulation.requestTotals.retriedTransfers
    #expect(retried > 20)
    Self.advance(&simulation, to: 38)
    // Nothing came in: what ran has ended, and nobody tries any more.
    let frame = simulation.frame(sequence: 0)
    #expect(frame[.engineRunning][2] < before[2] / 4)
    #expect(frame[.engineRunning][3] > before[3] * 1.5)
    #expect(simulation.requestTotals.retriedTransfers <= retried + 5)
    #expect(frame.value(.finished) ?? 0 > 25)
    Self.advance(&simulation, to: 70)
    let after = simulation.frame(sequence: 0)[.engineRunning]
    #expect(after[2] > before[2] * 0.6)
    let incident = try #require(simulation.incidents.first)
    let back = Double(try #require(incident.recovered) - (try #require(incident.ended))) / 1e9
    #expect((1...2).contains(back), "the first probe that is answered")
  }

  /// A stall of one group keeps KV from that group alone.
  @Test func aStalledGroupIsLeftOut() throws {
    var simulation = try Self.pod(["10s inject kv-stall at D0.dp17 for 60s"])
    Self.advance(&simulation, to: 60)
    #expect((3...4).contains(try Self.seen(simulation)))
    let frame = simulation.frame(sequence: 0)
    let groups = frame.layout.engines[2].groups
    let batch = frame[.groupBatch]
    #expect(batch[groups.lowerBound + 17] == 0)
    let others = groups.filter { $0 != groups.lowerBound + 17 }
    let empty = others.count { batch[$0] == 0 }
    #expect(Double(empty) < Double(others.count) / 2)
    let retried = simulation.requestTotals.retriedTransfers
    #expect((1...20).contains(retried))
    Self.advance(&simulation, to: 90)
    #expect(simulation.requestTotals.retriedTransfers == retried)
  }

  /// A stall of a prefill engine keeps its KV there and sends new prompts to the other.
  @Test func aStalledPrefillEngineKeepsItsKV() throws {
    var simulation = try Self.pod(["10s inject kv-stall at P0 for 30s"])
    Self.advance(&simulation, to: 15)
    #expect((3...4).contains(try Self.seen(simulation)))
    let held = simulation.frame(sequence: 0)[.engineQueue]
    #expect(held[2] + held[3] > 5)
    Self.advance(&simulation, to: 35)
    let frame = simulation.frame(sequence: 0)
    #expect(frame[.engineBusy][0] == 0)
    #expect(frame[.engineBusy][1] > 10)
    #expect(frame[.engineQueue][2] + frame[.engineQueue][3] <= held[2] + held[3] + 10)
    #expect(frame.value(.finished) ?? 0 > 20)
    Self.advance(&simulation, to: 50)
    let after = simulation.frame(sequence: 0)
    #expect(after[.engineQueue][2] + after[.engineQueue][3] == 0)
    #expect(after[.engineBusy][0] > 10)
  }

  /// Late probes tell that decode is saturated, and no link is blamed.
  @Test func lateProbesMeanSaturation() throws {
    func said(_ simulation: Simulation, _ text: String) -> Bool { simulation.events.contains { $0.text == text } }
    let (late, timely) = (
      "probes of KV transfer are late: decode is saturated", "probes of KV transfer come back in time"
    )
    var calm = try Self.pod()
    Self.advance(&calm, to: 40)
    #expect(!said(calm, late))
    var full = try Self.pod(["2s traffic x4 for 30s"], batch: 1)
    Self.advance(&full, to: 30)
    #expect(said(full, late))
    #expect(full.requestTotals.retriedTransfers == 0 && full.incidents.isEmpty)
    #expect(!said(full, timely))
    Self.advance(&full, to: 400)
    #expect(said(full, timely))
  }

  /// Where KV goes over scale-out, ports of RoCE carry it: half of their lanes halve its rate, a dead one stops it.
  @Test func portsCarryWhatGoesOverScaleOut() throws {
    func wire(_ events: [String]) throws -> (micros: Float, retried: Int) {
      var simulation = try Self.pod(events, fabric: .roce)
      Self.advance(&simulation, to: 12.9)
      let frame = simulation.frame(sequence: 0)
      return (frame[.primitiveWire][Primitive.sendRecv.index], simulation.requestTotals.retriedTransfers)
    }
    let groups = (0..<4).flatMap { group in (0..<2).map { "n\($0).c\(group * 2).d0.roce" } }
    let healthy = try wire([])
    let half = try wire(groups.map { "10s inject lanes-half at \($0)" })
    #expect(abs((half.micros - 200) / (healthy.micros - 200) - 2) < 0.3)
    #expect(healthy.retried == 0 && half.retried == 0)
    let one = try wire(["10s inject link-down at n0.c0.d0.roce"])
    #expect(one.retried > 0)
    // The pod's own fabric carries nothing less.
    var simulation = try Self.pod(["10s inject link-down at n0.c0.d0.roce for 100s"], fabric: .roce)
    Self.advance(&simulation, to: 60)
    #expect(simulation.frame(sequence: 0)[.dieHealth].allSatisfy { $0 == 0 })
    #expect(!simulation.events.contains { $0.text.contains("rolled back") })
  }

  @Test func faultsThatCouldDoNothingAreRefused() throws {
    var mixed = Scenarios.small(seed: 1)
    mixed.prefill = []
    mixed.decode[0].layout = .mixed
    var simulation = try Simulation(mixed)
    #expect(throws: ActionRefusal.self) { try simulation.perform(Action(parsing: "inject kv-stall at D0")) }
    var closed = try Simulation(Scenarios.peakDecode())
    for action in ["inject surge", "inject long-flood"] {
      #expect(throws: ActionRefusal.self) { try closed.perform(Action(parsing: action)) }
    }
    #expect(simulation.incidents.isEmpty && closed.incidents.isEmpty)
  }
}
