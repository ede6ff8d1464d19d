import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

/// Actions that take time, struck in each of their phases by each fault that can hit them, or taken back.
struct InterruptionTests {
  private static let second: Int64 = 1_000_000_000
  /// No operation may last longer, whatever strikes it, seconds.
  private static let limit: Int64 = 620

  /// An action, what comes before it, and servers: one that moves, one of its giver that stays, one of its taker.
  struct Case: Sendable, CustomTestStringConvertible {
    var action: String
    var before: [String] = []
    var moving: Int
    var giver: Int
    var taker: Int
    var testDescription: String { action }
  }

  /// n0 and n1 prefill, n2 to n5 decode, the rest is spare; a fault of a spare server strikes nothing.
  static let cases = [
    Case(action: "pd +1d from P1", moving: 1, giver: 0, taker: 3),
    Case(action: "pd +1p from D0 to P0", moving: 5, giver: 3, taker: 0),
    Case(action: "pd +1d from spare", moving: 6, giver: 7, taker: 3),
    Case(action: "pd +1p from spare to P0", moving: 6, giver: 7, taker: 0),
    Case(action: "scale D0 ep 48", moving: 5, giver: 3, taker: 7),
    Case(action: "drain n3", moving: 3, giver: 2, taker: 7),
    Case(action: "undrain n3", before: ["drain n3"], moving: 3, giver: 7, taker: 2),
    Case(action: "reshard", moving: 4, giver: 3, taker: 7), Case(action: "restart D0", moving: 4, giver: 3, taker: 7),
  ]

  private static func faults(_ it: Case) -> [String] {
    [
      "inject node at n\(it.moving)", "inject node at n\(it.giver)", "inject node at n\(it.taker)",
      "inject die at n\(it.moving).c3.d1", "inject npu at n\(it.giver).c2 for 40s", "inject l1 at n\(it.taker).sp2",
      "inject hbm-ecc at n\(it.giver).c1.d0", "inject dp-master at D0.dp3", "inject kv-stall at D0",
      "inject te-shell at D0.shell", "inject link-down at n\(it.moving).c1.d0.sp3",
      "inject lanes-half at n\(it.moving).c1.d1.sp3", "undo",
    ]
  }

  /// The pod at the begin of each phase that the action goes through by itself.
  private static func moments(_ it: Case) throws -> [Simulation] {
    var scenario = Scenarios.small(seed: 7, rate: 12, start: .steady, batch: 16)
    scenario.decode[0].mtpLayers = 0
    var simulation = try Simulation(scenario)
    simulation.advance(to: 6 * second)
    for text in it.before {
      try simulation.perform(Action(parsing: text))
      simulation.advance(to: simulation.now + 130 * second)
    }
    try simulation.perform(Action(parsing: it.action))
    let number = simulation.performed.count
    var moments: [Simulation] = []
    var phase = -1
    while simulation.progress(of: number).state == .running {
      let progress = simulation.progress(of: number)
      if progress.phase != phase { moments.append(simulation) }
      phase = progress.phase
      simulation.advance(to: simulation.now + (it.action == "reshard" ? 1_000_000 : 100_000_000))
    }
    return moments
  }

  @Test(arguments: cases)
  func itEndsInANamedStateAndNothingIsLost(_ it: Case) throws {
    let moments = try Self.moments(it)
    #expect(!moments.isEmpty)
    for moment in moments {
      let number = moment.performed.count
      let phase = moment.progress(of: number).phases[moment.progress(of: number).phase]
      for fault in Self.faults(it) {
        let context = "\(it.action) in \(phase): \(fault)"
        var simulation = moment
        let action = try Action(parsing: fault)
        do throws(ActionRefusal) { try simulation.perform(action) } catch {
          // Only an undo may be refused: a moment before the end, or of what cannot be taken back.
          #expect(fault == "undo" && !error.message.isEmpty, "\(context): \(error)")
          continue
        }
        let begun = simulation.now
        while simulation.progress(of: number).state == .running, simulation.now < begun + Self.limit * Self.second {
          simulation.advance(to: simulation.now + 2 * Self.second)
          let broken = simulation.brokenInvariant()
          #expect(broken == nil, "\(broken ?? ""): \(context)")
          if broken != nil { break }
        }
        let ended = simulation.progress(of: number)
        #expect(ended.state != .running, "\(context): still in \(ended.phases[ended.phase])")
        if fault == "undo" && it.action != "undrain n3" { #expect(ended.state == .rolledBack, "\(context): \(ended)") }
        if ended.state != .done { #expect(!ended.note.isEmpty, "\(context)") }
        if ended.state == .rolledBack {
          #expect(simulation.servers == moment.serversBefore, "\(context)")
        }
      }
    }
  }

  /// After the fault is gone everything serves again, on all the servers that it is meant to have.
  @Test(arguments: cases)
  func thePodServesAgainAfterwards(_ it: Case) throws {
    for moment in try Self.moments(it) {
      let faults = Self.faults(it)
      var dice = RandomStream(seed: UInt64(moment.now), name: "interruption")
      let fault = faults[dice.index(below: 4)]
      var simulation = moment
      try simulation.perform(Action(parsing: fault))
      simulation.advance(to: simulation.now + 30 * Self.second)
      let name = try Action(parsing: fault)
      if case .inject(let injection) = name { try? simulation.perform(.clear(injection.fault)) }
      simulation.advance(to: simulation.now + 420 * Self.second)
      let (configuration, context) = (simulation.configuration, "\(it.action): \(fault) at \(moment.now)")
      let broken = simulation.brokenInvariant()
      #expect(broken == nil, "\(broken ?? ""): \(context)")
      #expect(simulation.requestTotals.waiting < 60, "\(context)")
      for (settings, engine) in zip(configuration.executors, simulation.layout.engines) {
        let out = configuration.drained.isEmpty || settings.executor.prefills ? 0 : 1
        #expect(engine.dies.count == 16 * (settings.servers - out), "\(context): \(engine.id)")
      }
    }
  }
}

extension Simulation {
  /// Servers by engine as they are meant to be.
  fileprivate var servers: [Int] { configuration.executors.map(\.servers) }

  /// The same before the action under way began, which these scenarios know.
  fileprivate var serversBefore: [Int] { [1, 1, 4] }
}
