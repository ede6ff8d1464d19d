import Operations
import Telemetry
import Testing
import XDeepServe

/// How actions under way, and those that ended, are told.
struct OperationTests {
  private static let second: Int64 = 1_000_000_000

  /// n0 and n1 prefill, n2 to n5 decode, the rest is spare.
  private static func pod(_ seed: UInt64 = 1) throws -> Simulation {
    var simulation = try Simulation(Scenarios.small(seed: seed, rate: 30, start: .steady, batch: 16))
    simulation.advance(to: 6 * second)
    return simulation
  }

  /// Phases as they come, each once, until the action ends.
  private static func phases(of text: String, _ simulation: inout Simulation) throws -> [String] {
    try simulation.perform(Action(parsing: text))
    let number = simulation.performed.count
    var seen: [String] = []
    while simulation.progress(of: number).state == .running, simulation.now < 600 * second {
      let progress = simulation.progress(of: number)
      let name = progress.phases[progress.phase]
      if seen.last != name { seen.append(name) }
      #expect(progress.since <= simulation.now && progress.due ?? .max >= simulation.now, "\(text): \(name)")
      #expect(simulation.operations.contains(progress))
      simulation.advance(to: simulation.now + (text == "reshard" ? 1_000_000 : 20_000_000))
    }
    return seen
  }

  @Test(arguments: [
    ("pd +1d", 16, ActionName.pd.phases), ("pd +1d from spare", 16, ["load weights", "build graph", "rejoin"]),
    ("scale D0 ep 48", 16, ["drain"]), ("drain n3", 16, ["drain"]), ("restart D0", 64, ActionName.restart.phases),
    ("reshard", 1, ActionName.reshard.phases),
  ])
  func eachPhaseIsTold(text: String, dies: Int, phases: [String]) throws {
    var simulation = try Self.pod()
    let seen = try Self.phases(of: text, &simulation)
    // The last phase of a start is over at once.
    #expect(seen == (text == "restart D0" ? Array(phases.dropLast()) : phases))
    let ended = simulation.progress(of: 1)
    #expect(ended.state == .done && ended.phases == phases && ended.phase == phases.count - 1 && ended.due == nil)
    #expect(ended.action == text && ended.number == 1 && ended.began == 6 * Self.second)
    if text != "reshard" { #expect(ended.dies.count == dies && ended.dies == ended.dies.sorted()) }
    #expect(simulation.frame(sequence: 1).operations == [ended])
    simulation.advance(to: simulation.now + 301 * Self.second)
    #expect(simulation.operations.isEmpty)
  }

  @Test func whatTakesEffectAtOnceIsDoneAtOnce() throws {
    var simulation = try Self.pod()
    let texts = ["batch 12", "mtp 0", "jitter gc off", "admit 50/s", "isolate long 8k", "inject slow-die at n3.c1.d0"]
    for text in texts { try simulation.perform(Action(parsing: text)) }
    #expect(simulation.operations.map(\.action) == texts)
    #expect(simulation.operations.map(\.number) == Array(1...texts.count))
    #expect(simulation.operations.allSatisfy { $0.state == .done && $0.phases.isEmpty })
  }

  @Test func movesOfSeveralGiversAreOneOperation() throws {
    var scenario = Scenarios.small(seed: 1, rate: 20, start: .steady, batch: 16)
    scenario.prefill = Array(repeating: scenario.prefill[0], count: 4)
    var simulation = try Simulation(scenario)
    simulation.advance(to: 6 * Self.second)
    try simulation.perform(Action(parsing: "pd +3d"))
    let progress = try #require(simulation.operations.first)
    #expect(simulation.operations.count == 1 && progress.dies.count == 48)
    #expect(simulation.changes.count == 3)
    simulation.advance(to: 300 * Self.second)
    #expect(simulation.progress(of: 1).state == .done)
    #expect(simulation.layout.engines.last?.dies.count == 112)
  }
}
