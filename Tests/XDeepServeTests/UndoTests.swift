import Operations
import Telemetry
import Testing
import XDeepServe

struct UndoTests {
  private static let second: Int64 = 1_000_000_000

  /// n0 and n1 prefill, n2 to n5 decode, the rest is spare.
  private static func pod(_ seed: UInt64) throws -> Simulation {
    var simulation = try Simulation(Scenarios.small(seed: seed, rate: 30, start: .steady, batch: 16))
    simulation.advance(to: 6 * second)
    return simulation
  }

  /// Whatever was done, in whatever phase it is, with whatever faults: it comes back exactly, or a reason says why not.
  @Test(arguments: 1...12)
  func theConfigurationComesBackExactlyOrAReasonIsGiven(seed: Int) throws {
    var dice = RandomStream(seed: UInt64(seed), name: "undo")
    var simulation = try Self.pod(UInt64(seed))
    var undone = 0
    for _ in 0..<20 {
      let text = SoakCase.anything(&dice)
      try? simulation.perform(Action(parsing: text))
      for _ in 0..<3 {
        let broken = simulation.brokenUndo()
        #expect(broken == nil, "\(broken ?? "") at \(simulation.now), seed \(seed)")
        simulation.advance(to: simulation.now + Int64(dice.unit() * 30e9))
      }
      if dice.index(below: 3) == 0, (try? simulation.perform(.undo(nil))) != nil { undone += 1 }
      let broken = simulation.brokenInvariant()
      #expect(broken == nil, "\(broken ?? "") after \(text)")
    }
    #expect(undone > 0)
  }

  @Test func undoWalksBackThroughWhatWasDone() throws {
    var simulation = try Self.pod(2)
    let before = simulation.configuration
    let texts = ["batch 12", "pd +1d", "drain n3", "isolate long 4k", "eplb every 20s", "jitter gc off"]
    for text in texts {
      try simulation.perform(Action(parsing: text))
      simulation.advance(to: simulation.now + 200 * Self.second)
    }
    #expect(simulation.configuration != before)
    for _ in texts {
      try simulation.perform(.undo(nil))
      simulation.advance(to: simulation.now + 200 * Self.second)
    }
    #expect(simulation.configuration == before)
    let fresh = try Self.pod(2)
    #expect(simulation.layout.engines.map { $0.dies.sorted() } == fresh.layout.engines.map { $0.dies.sorted() })
    #expect(throws: ActionRefusal.self) { try simulation.perform(.undo(nil)) }
  }

  @Test func anEntryInTheMiddleIsUndoneByItsNumberAndOnlyOnce() throws {
    var simulation = try Self.pod(3)
    for text in ["batch 12", "mtp 0", "admit 90/s"] { try simulation.perform(Action(parsing: text)) }
    try simulation.perform(.undo(2))
    let settings = try #require(simulation.configuration.executors.last)
    #expect(settings.draftLayers == 1 && settings.batch == 12)
    #expect(simulation.performed.map(\.undoneBy) == [nil, 4, nil, nil])
    for (entry, says) in [(2, "undone already"), (4, "itself an undo"), (9, "no entry 9"), (0, "no entry 0")] {
      let refusal = #expect(throws: ActionRefusal.self) { try simulation.perform(.undo(entry)) }
      #expect(refusal?.message.contains(says) == true, "\(refusal?.message ?? "")")
    }
    try simulation.perform(Action(parsing: "restart D0"))
    let refusal = #expect(throws: ActionRefusal.self) { try simulation.perform(.undo(nil)) }
    #expect(refusal?.message.contains("cannot be taken back") == true)
  }

  @Test func whatIsConfiguredIsWhatTheRulesSay() throws {
    var dice = RandomStream(seed: 9, name: "rules")
    var simulation = try Self.pod(4)
    var carriedOut = 0
    for _ in 0..<120 {
      let action = try Action(parsing: SoakCase.anything(&dice))
      let before = simulation.configuration
      let headrooms = simulation.headrooms
      let refusal = action.refusal(in: before, headrooms: headrooms)
      if (try? simulation.perform(action)) != nil {
        carriedOut += 1
        // What was set apart by the system is no setting.
        if action.name != .undo && action.name != .undrain {
          var meant = try action.applied(to: before, headrooms: headrooms)
          // A process that starts anew has lost what was wrong with it.
          if action.name == .restart { meant.faults = simulation.configuration.faults }
          #expect(refusal == nil && simulation.configuration == meant, "\(action)")
        }
      } else {
        #expect(simulation.configuration == before)
      }
      simulation.advance(to: simulation.now + Int64(dice.unit() * 40e9))
    }
    #expect(carriedOut > 40)
  }

  @Test func aSizeThatTheModelCannotTakeIsRefusedWithTheNearest() throws {
    let simulation = try Self.pod(5)
    let sizes = try #require(simulation.configuration.executors.last).sizes
    #expect(sizes.contains(64) && !sizes.contains(16))
    for text in ["scale D0 ep 16", "scale D0 ep 60", "scale D0 ep 4000", "pd +9d from P1", "pd +9p"] {
      var copy = simulation
      let refusal = #expect(throws: ActionRefusal.self) { try copy.perform(Action(parsing: text)) }
      let nearest = try #require(refusal?.nearest, "\(text)")
      try copy.perform(nearest)
    }
  }

  @Test func oneChangeAtATimeForAnEngine() throws {
    var simulation = try Self.pod(6)
    try simulation.perform(Action(parsing: "pd +1d from spare"))
    for text in ["scale D0 ep 48", "drain n3", "reshard", "restart D0", "pd +1p from D0"] {
      let refusal = #expect(throws: ActionRefusal.self) { try simulation.perform(Action(parsing: text)) }
      #expect(refusal?.message.contains("one at a time") == true, "\(text): \(refusal?.message ?? "")")
    }
    // The other engines are free.
    try simulation.perform(Action(parsing: "pd +1p from spare"))
  }
}
