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
    let broken = simulation.brokenInvariant()
    #expect(broken == nil, "\(broken ?? ""): \(context) at \(simulation.now)")
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
    for _ in 0..<12 { events.append("\(1 + dice.index(below: 110))s \(SoakCase.anything(&dice))") }
    var simulation = try Self.pod(events, seed: UInt64(seed), rate: 10 + dice.unit() * 60)
    for stage in 1...2 where seed % 3 == stage { try simulation.perform(Action(parsing: "recovery \(stage)")) }
    var once = simulation
    for second in 1...180 {
      simulation.advance(to: Int64(second) * 1_000_000_000 - Int64(dice.unit() * 9e8))
      Self.check(simulation, "\(events)")
    }
    simulation.advance(to: 180_000_000_000)
    once.advance(to: 180_000_000_000)
    #expect(simulation.digest.text == once.digest.text, "\(events)")
  }

  /// Cases of `podium soak` in which something did not hold once: faults that come by themselves, or that end a move
  /// of servers, between an action and its undo; long prompts whose group had filled up while they were prefilled.
  @Test(
    arguments: [600_002, 610_009, 700_058, 710_026, 900_175, 1_000_384, 1_200_394, 1_000_878, 1_201_129] as [UInt64])
  func soakCasesThatFailedOnceHold(seed: UInt64) throws {
    let failure = try SoakCase(seed: seed).run()
    #expect(failure == nil)
  }
}
