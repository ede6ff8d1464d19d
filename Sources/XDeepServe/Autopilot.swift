public import Operations
import Telemetry

/// A policy that keeps the targets by itself: where they are missed for a while, it does what a search finds best.
///
/// It looks at each whole second, does one thing at a time, and waits until that has shown what it brings.
public struct Autopilot: Sendable {
  /// Something that it did.
  public struct Step: Hashable, Sendable {
    /// When, nanoseconds.
    public let time: Int64
    /// What.
    public let action: Action
    /// Why, as the search put it.
    public let reason: String
  }

  /// Seconds over which targets are compared (assumption: longer than a decode's stutter).
  public static let window = 10
  /// Windows in a row that miss a target before it acts (assumption).
  public static let patience = 2
  /// Seconds of rest after an action has ended (assumption).
  public static let rest = 20
  /// Seconds of rest after a search that found nothing (assumption).
  public static let restAfterNothing = 60

  /// What it did, in order.
  public private(set) var steps: [Step] = []
  private var seconds: [Outlook] = []
  private var misses = 0
  private var restsUntil: Int64 = 0

  /// A policy that has seen nothing yet.
  public init() {}

  /// Looks at the second that has just ended, and acts if it is time to.
  ///
  /// - Complexity: Nearly nothing; a search of some thousand simulated seconds where it acts.
  public mutating func look(_ simulation: inout Simulation) {
    seconds.append(simulation.lastSecond)
    guard seconds.count == Self.window else { return }
    let sum = seconds.reduce(Outlook(), +)
    seconds.removeAll(keepingCapacity: true)
    let slo = simulation.scenario.slo
    let isMissed = (sum.ttft ?? 0) > slo.ttftMilliseconds || (sum.tpot ?? 0) > slo.tpotMilliseconds
    misses = isMissed ? misses + 1 : 0
    if simulation.operations.contains(where: { $0.state == .running }) {
      restsUntil = simulation.now + Int64(Self.rest) * Simulation.second
    }
    guard misses >= Self.patience, simulation.now >= restsUntil else { return }
    var search = SuggestionSearch(simulation)
    while !search.isDone { search.advance() }
    guard let best = search.best.first else {
      restsUntil = simulation.now + Int64(Self.restAfterNothing) * Simulation.second
      return
    }
    simulation.say(.normal, "", "autopilot: \(best.action): \(best.reason)")
    // The search tried it at this very instant.
    do throws(ActionRefusal) { try simulation.perform(best.action) } catch { return }
    steps.append(Step(time: simulation.now, action: best.action, reason: best.reason))
    restsUntil = simulation.now + Int64(Self.rest) * Simulation.second
    misses = 0
  }
}
