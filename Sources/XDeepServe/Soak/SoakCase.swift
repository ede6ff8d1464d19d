import Operations
import SuperPod

/// A random scenario with random faults and actions: what `podium soak` and the property tests run.
///
/// The pod is the smallest that the language knows, of which three to seven servers work, so that a minute costs little
/// and faults hit something.
public struct SoakCase: Sendable {
  /// Simulated length; the last part of it is left in peace.
  public static let seconds = 180
  private static let lastAction = 140
  private static let actions = 12

  /// Where everything is drawn from.
  public let seed: UInt64
  /// What runs, with what happens in it.
  public let scenario: Scenario

  /// The case of a seed.
  public init(seed: UInt64) {
    self.seed = seed
    var dice = RandomStream(seed: seed, name: "soak")
    var scenario = Self.drawScenario(&dice, seed: seed)
    var lines = ["1s recovery \(1 + dice.index(below: 3))"]
    for _ in 0..<Self.actions {
      lines.append("\(2 + dice.index(below: Self.lastAction))s \(Self.anything(&dice))")
    }
    scenario.events = lines.compactMap { try? ScheduledAction(parsing: $0) }
    // A stream of its own: the rest of a seed's case does not depend on it. At this rate one comes every half minute.
    var luck = RandomStream(seed: seed, name: "soak-background")
    if luck.index(below: 4) == 0 { scenario.backgroundFaults = 40_000 }
    var day = RandomStream(seed: seed, name: "soak-day")
    if day.index(below: 8) == 0, case .poisson(let rate, let prompt, let output) = scenario.workload {
      scenario.workload = .daily(
        meanPerSecond: rate, startSeconds: Double(3600 * day.index(below: 24)), prompt: prompt, output: output)
    }
    self.scenario = scenario
  }

  /// One line: what kind of case it is.
  public var summary: String {
    let engine = scenario.decode[0]
    let load: String
    switch scenario.workload {
    case .poisson(let rate, _, _): load = "poisson \(Int(rate))/s"
    case .daily(let mean, let start, _, _): load = "daily \(Int(mean))/s from \(Int(start / 3600))h"
    case .closed(let each, _, _): load = "closed \(each) a die"
    case .trace: load = "trace"
    }
    return "\(engine.layout.rawValue) \(scenario.decode.count) × \(engine.dies) dies, "
      + "\(scenario.prefill.count) prefill, \(scenario.stack.rawValue), \(load), \(scenario.events.count) actions"
  }

  /// The `--do` options that make the same things happen.
  public var script: [String] { scenario.events.map { "--do \"\($0)\"" } }

  private static func drawScenario(_ dice: inout RandomStream, seed: UInt64) -> Scenario {
    let kind = dice.index(below: 6)
    var scenario = Scenario(
      name: "soak-\(seed)", seed: seed, topology: Topology(nodes: 24), workload: drawLoad(&dice))
    scenario.start = dice.index(below: 3) == 0 ? .empty : .steady
    switch kind {
    case 0:
      scenario.decode = [drawSplit(&dice)]
    case 1:
      let oneNode = dice.index(below: 2) == 0
      let engine = oneNode ? drawNode(&dice) : drawColocated(&dice, layout: .mixed)
      scenario.decode = Array(repeating: engine, count: 1 + dice.index(below: 2))
    default:
      let engines = 1 + dice.index(below: 2)
      scenario.decode = (0..<engines).map { _ in drawColocated(&dice, layout: .colocated) }
      if dice.index(below: 3) == 0 {
        scenario.stack = .cloudmatrixInfer
        for index in scenario.decode.indices { scenario.decode[index].microBatches = 1 + dice.index(below: 2) }
      }
      if dice.index(below: 5) == 0 {
        scenario.workload = .closed(
          requestsPerDie: 1 + dice.index(below: scenario.decode.reduce(1000) { min($0, $1.batch) }),
          prompt: Lengths(mean: 900, maximum: 20_000), output: Lengths(mean: 200))
      }
    }
    var closed = false
    if case .closed = scenario.workload { closed = true }
    if kind != 1 && !closed {
      scenario.prefill = Array(repeating: drawPrefill(&dice), count: 1 + dice.index(below: 3))
    }
    scenario.prefixHit = Double(dice.index(below: 9)) / 10
    let balancers: [Scenario.Balancer] = [.podium, .podium, .static, .none]
    scenario.experts = .init(
      skew: Double(1 + dice.index(below: 24)), driftSeconds: 60, balancer: balancers[dice.index(below: 4)],
      intervalSeconds: Double(10 + dice.index(below: 50)))
    scenario.clients = .init(
      patienceSeconds: Double([1, 5, 60, 60][dice.index(below: 4)]), retries: [0, 0, 1, 4][dice.index(below: 4)],
      cancel: [0, 0, 0.05, 0.5][dice.index(below: 4)])
    return scenario
  }

  private static func drawLoad(_ dice: inout RandomStream) -> Scenario.Workload {
    let prompts = [Lengths(mean: 900, maximum: 20_000), .fixed(2048), Lengths(mean: 6000, maximum: 64_000)]
    return .poisson(
      ratePerSecond: Double(1 + dice.index(below: 70)), prompt: prompts[dice.index(below: 3)],
      output: Lengths(mean: Double(20 + dice.index(below: 400)), maximum: 4000))
  }

  private static func drawColocated(
    _ dice: inout RandomStream, layout: Scenario.DecodeLayout
  ) -> Scenario.DecodeEngine {
    let dies = 32 + 16 * dice.index(below: 3)
    return Scenario.DecodeEngine(
      dies: dies, dataParallel: dies, expertParallel: dies, sharedCopies: 4 + dice.index(below: 5),
      redundant: 256 + dice.index(below: 32), batch: 1 + dice.index(below: 40), mtpLayers: dice.index(below: 3),
      mtpAcceptance: Double(dice.index(below: 11)) / 10, layout: layout)
  }

  /// A mixed engine on one node, whose dies share prompts.
  private static func drawNode(_ dice: inout RandomStream) -> Scenario.DecodeEngine {
    Scenario.DecodeEngine(
      dies: 16, dataParallel: 16, expertParallel: 16, sharedCopies: 1, redundant: 255, batch: 1 + dice.index(below: 24),
      mtpLayers: 0, layout: .mixed)
  }

  private static func drawSplit(_ dice: inout RandomStream) -> Scenario.DecodeEngine {
    let domains = 1 + dice.index(below: 2)
    return Scenario.DecodeEngine(
      dies: 64, dataParallel: 32, expertParallel: 32, sharedCopies: 4, redundant: 256 + dice.index(below: 32),
      batch: 1 + dice.index(below: 40), mtpLayers: dice.index(below: 3), mtpAcceptance: 0.8, layout: .split,
      domains: domains, microBatches: 1 + dice.index(below: 3))
  }

  private static func drawPrefill(_ dice: inout RandomStream) -> Scenario.PrefillEngine {
    let tensor = 1 << dice.index(below: 4)
    var engine = Scenario.PrefillEngine(
      dies: 16, tensorParallel: tensor, dataParallel: 16 / tensor, expertParallel: 16)
    if dice.index(below: 5) == 0 { engine.fabric = .roce }
    if engine.fabric == .roce && dice.index(below: 2) == 0 { engine.chip = .b910 }
    if dice.index(below: 4) == 0 { engine.scheduler = .twoLevel }
    return engine
  }
}
