import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

struct RehearsalTests {
  private static func begun(_ seed: UInt64 = 5, rate: Double = 30) throws -> Simulation {
    var scenario = Scenarios.small(seed: seed, rate: rate, start: .steady, batch: 16)
    // What is to come, and what nobody knows.
    scenario.events = [try ScheduledAction(parsing: "70s inject surge by 5 for 60s")]
    var simulation = try Simulation(scenario)
    simulation.advance(to: 60_000_000_000)
    return simulation
  }

  @Test(arguments: ["batch 6", "mtp 0", "drain n3", "pd +1d from spare", "jitter gc off"])
  func theOracleTellsTheFutureToTheByte(text: String) throws {
    let action = try Action(parsing: text)
    let simulation = try Self.begun()
    var rehearsal = try Rehearsal(simulation, action, horizon: 40, oracle: true)
    while !rehearsal.isDone { rehearsal.advance() }
    var later = simulation
    later.advance(to: 100_000_000_000)
    #expect(rehearsal.digests.without == later.digest.text)
    var done = simulation
    try done.perform(action)
    done.advance(to: 100_000_000_000)
    #expect(rehearsal.digests.with == done.digest.text)
    #expect(rehearsal.digests.with != rehearsal.digests.without)
  }

  @Test func aRehearsalKnowsNothingOfWhatIsPlanned() throws {
    var rehearsal = try Rehearsal(try Self.begun(), Action(parsing: "recovery 2"), seeds: 3, horizon: 50)
    while !rehearsal.isDone { rehearsal.advance() }
    var truth = try Rehearsal(try Self.begun(), Action(parsing: "recovery 2"), horizon: 50, oracle: true)
    while !truth.isDone { truth.advance() }
    let foreseen = try #require(rehearsal.figure(.throughput))
    let came = try #require(truth.figure(.throughput))
    // The surge multiplies the load; the rehearsal goes on as before.
    #expect(came.without > 1.3 * foreseen.without)
    // Nothing was changed: nothing differs.
    #expect(foreseen.difference == 0)
  }

  @Test func theSignOfAChangeIsForeseen() throws {
    let simulation = try Self.begun(9)
    var rehearsal = try Rehearsal(simulation, Action(parsing: "mtp 0"), seeds: 3, horizon: 40)
    while !rehearsal.isDone { rehearsal.advance() }
    let figure = try #require(rehearsal.figure(.tpot))
    #expect(figure.difference > 0)
    #expect(!figure.isNoise)
    #expect(figure.low <= figure.with && figure.with <= figure.high)
  }

  @Test func whatCannotBeDoneIsRefusedWithAReason() throws {
    let simulation = try Self.begun()
    for text in ["drain n99", "scale D0 ep 60", "scale D7 ep 64", "pd +1d from P9", "undrain n3", "clear die"] {
      let refusal = #expect(throws: ActionRefusal.self, "\(text)") {
        _ = try Rehearsal(simulation, Action(parsing: text), horizon: 5)
      }
      #expect(refusal?.message.isEmpty == false)
    }
  }
}
