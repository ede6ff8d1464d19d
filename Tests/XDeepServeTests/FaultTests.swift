import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

struct FaultTests {
  /// A pod of 24 nodes: n0 and n1 prefill, n2 to n5 decode, the rest is spare.
  private static func pod(_ events: [String], seed: UInt64 = 3, rate: Double = 40) throws -> Simulation {
    var scenario = Scenarios.small(seed: seed, rate: rate, start: .steady, batch: 16)
    scenario.events = try events.map { try ScheduledAction(parsing: $0) }
    return try Simulation(scenario)
  }

  private static func check(_ simulation: Simulation, _ context: String) {
    let requests = simulation.requestTotals
    #expect(
      requests.arrived == requests.waiting + requests.running + requests.finished + requests.cancelled
        + requests.timedOut + requests.failed, "\(context) at \(simulation.now)")
    let frame = simulation.frame(sequence: 0)
    for value in frame[.dieKV] where !value.isNaN { #expect(value >= 0 && value <= 100, "\(context)") }
    func sum(_ id: MetricID) -> Double { frame[id].reduce(0) { $0 + ($1.isNaN ? 0 : Double($1)) } }
    #expect(abs(sum(.dieLinkUp) - sum(.dieLinkDown)) <= 1e-3 * (1 + sum(.dieLinkUp)), "\(context)")
  }

  /// A fault that stops an engine, when it is seen, and when the engine serves again, in seconds after it began.
  struct Stop: Sendable, CustomTestStringConvertible {
    var fault: String
    var seen: Double
    var back: Double
    var testDescription: String { fault }
  }

  static let stops: [Stop] = [
    Stop(fault: "die at n3.c3.d1 for 20s", seen: 3, back: 55.7),
    Stop(fault: "npu at n3.c3 for 20s", seen: 3, back: 55.7),
    Stop(fault: "node at n3", seen: 3, back: 55.7),
    Stop(fault: "dp-master at D0.dp3", seen: 3, back: 13.2),
    Stop(fault: "hbm-ecc at n3.c3.d1", seen: 0.1, back: 0.6),
    Stop(fault: "die at n0.c1.d0 for 20s", seen: 3, back: 13.2),
    Stop(fault: "hung-executor at D0.dp9", seen: 300, back: 352.7),
  ]

  @Test(arguments: stops)
  func isSeenAndMended(_ stop: Stop) throws {
    let (fault, seen, back) = (stop.fault, stop.seen, stop.back)
    var simulation = try Self.pod(["10s inject \(fault)"])
    for second in stride(from: 9, through: 400, by: 1) {
      simulation.advance(to: Int64(second) * 1_000_000_000)
      Self.check(simulation, fault)
    }
    let incident = try #require(simulation.incidents.first)
    let detected = try #require(incident.detected)
    #expect(abs(Double(detected - incident.began) / 1e9 - seen) < 0.01, "\(fault)")
    let recovered = try #require(incident.recovered)
    #expect(abs(Double(recovered - incident.began) / 1e9 - back) < 0.2, "\(fault)")
    // The pod serves: hardly anything waits, tokens come out.
    let frame = simulation.frame(sequence: 0)
    #expect(frame.value(.outputTokens) ?? 0 > 500, "\(fault)")
    #expect(simulation.requestTotals.waiting < 100, "\(fault)")
  }

  /// Any faults and actions at any time: nothing is lost, nothing over its room, one digest however time is cut.
  @Test(arguments: 1...16)
  func nothingIsLostWhateverHappens(seed: Int) throws {
    var dice = RandomStream(seed: UInt64(seed), name: "faults")
    var events: [String] = []
    for _ in 0..<12 { events.append("\(1 + dice.index(below: 110))s \(Self.anything(&dice))") }
    var simulation = try Self.pod(events, seed: UInt64(seed), rate: 10 + dice.unit() * 60)
    for stage in 1...3 where seed % 3 == stage - 1 { try simulation.perform(Action(parsing: "recovery \(stage)")) }
    var once = simulation
    for second in 1...180 {
      simulation.advance(to: Int64(second) * 1_000_000_000 - Int64(dice.unit() * 9e8))
      Self.check(simulation, "\(events)")
    }
    simulation.advance(to: 180_000_000_000)
    once.advance(to: 180_000_000_000)
    #expect(simulation.digest.text == once.digest.text, "\(events)")
  }

  static func anything(_ dice: inout RandomStream) -> String {
    let node = dice.index(below: 7)
    let die = "n\(node).c\(dice.index(below: 8)).d\(dice.index(below: 2))"
    let link = "\(die).sp\(dice.index(below: 7))"
    let time = "\(1 + dice.index(below: 60))s"
    let choices = [
      "inject die at \(die) for \(time)", "inject npu at n\(node).c2 for \(time)",
      "inject node at n\(node) for \(time)",
      "inject l1 at n\(node).sp\(dice.index(below: 7)) for \(time)",
      "inject l2 at sp2.sw\(dice.index(below: 16)) for \(time)",
      "inject link-down at \(link) for \(time)", "inject link-flap at \(link) for \(time)",
      "inject lanes-half at \(link) for \(time)", "inject lanes-quarter at sp3.n\(node).sw5 for \(time)",
      "inject optics at sp3.n\(node).sw4 for \(time)", "inject hbm-ecc at \(die)",
      "inject slow-die at \(die) by 1.7 for \(time)",
      "inject hot-die at \(die) for \(time)", "inject dp-master at D0.dp\(dice.index(below: 60))",
      "inject hung-executor at D0.ep\(dice.index(below: 60))", "inject te-shell at D0.shell",
      "inject te-shell at P1.shell",
      "inject je at JE0", "inject kv-stall at D0 for \(time)", "inject surge by 4 for \(time)",
      "inject popularity-shift",
      "inject long-flood for \(time)", "inject jitter at D0 for \(time)", "clear slow-die", "clear link-down",
      "traffic x2 for \(time)", "batch \(1 + dice.index(below: 40))", "mtp \(dice.index(below: 3))",
      "balance round-robin",
      "balance least-requests", "balance kv", "jitter gc off", "jitter gc on", "recovery \(1 + dice.index(below: 3))",
      "admit 20/s", "admit off", "eplb off", "eplb every 7s", "reshard", "drain n\(node)", "undrain n\(node)",
      "drain \(die)",
      "undrain \(die)", "drain \(link)", "drain sp4", "undrain sp4", "restart D0", "restart P0", "scale D0 ep 48",
      "scale D0 ep 96", "pd +1d", "pd +1p", "pd +1d from spare", "pd +1p from spare to P1",
    ]
    return choices[dice.index(below: choices.count)]
  }
}
