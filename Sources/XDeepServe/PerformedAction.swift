public import Operations
import SuperPod
import Telemetry

/// An action that was carried out: what `undo` goes by, and what of it goes on.
public struct PerformedAction: Hashable, Sendable {
  /// Its number, from one; `undo` names it.
  public let number: Int
  /// What was done.
  public let action: Action
  /// When, nanoseconds.
  public let time: Int64

  /// Experts that it moves, and engines that it starts anew; its changes of servers carry its number.
  var rebalances: [RebalanceRun] = []
  var restarts: [RestartRun] = []

  /// What was configured before, and how far engines were from their targets: the inverse is worked out from it.
  let before: Configuration
  let headrooms: [Place.Executor: Double]
  /// The entry that it undid.
  public internal(set) var undoes: Int?
  /// The entry that undid it.
  public internal(set) var undoneBy: Int?

  init(number: Int, _ action: Action, at time: Int64, before: Configuration, headrooms: [Place.Executor: Double]) {
    self.number = number
    self.action = action
    self.time = time
    self.before = before
    self.headrooms = headrooms
  }

  /// Whether it starts an engine anew and has not ended.
  func isStarting(_ engine: Int, at now: Int64) -> Bool {
    restarts.contains { $0.engine == engine && $0.end(at: now) == nil }
  }

  /// Writes down how the rebalance of an engine ended.
  mutating func end(
    _ change: Rebalance, engine: Int, _ state: OperationProgress.State, now: Int64, note: String?
  ) {
    guard let place = rebalances.lastIndex(where: { $0.engine == engine && $0.ended == nil }) else { return }
    rebalances[place].ended = now
    rebalances[place].state = state
    rebalances[place].phase = Int(change.phase.rawValue)
    if let note { rebalances[place].note = note }
  }

  /// Says something else of an engine's rebalance.
  mutating func note(_ sentence: String, engine: Int) {
    guard let place = rebalances.lastIndex(where: { $0.engine == engine && $0.ended == nil }) else { return }
    rebalances[place].note = sentence
  }
}

/// Experts of an engine that move because somebody asked; while they do, `DecodeEngine.rebalance` says how it stands.
struct RebalanceRun: Hashable, Sendable {
  let engine: Int
  var note: String
  var ended: Int64?
  var state = OperationProgress.State.running
  /// The phase in which it ended.
  var phase = 0

  init(engine: Int, note: String) {
    self.engine = engine
    self.note = note
  }

  /// Nothing moves.
  init(engine: Int, now: Int64, stays: String) {
    self.init(engine: engine, note: stays)
    ended = now
    state = .done
    phase = Int(Rebalance.Phase.restore.rawValue)
  }
}

/// An engine that is started anew because somebody asked.
struct RestartRun: Hashable, Sendable {
  /// Layout index.
  let engine: Int
  let began: Int64
  var ended: Int64?
  var failed = false

  /// Begins of its phases after `began`, seconds: stop, weights, graph, rejoin.
  static let begins = [
    0, FaultTimes.processExit, FaultTimes.processExit + FaultTimes.weights,
    FaultTimes.processExit + FaultTimes.reinitialise,
  ]
  /// When it counts as failed if the engine does not serve, nanoseconds after `began`: other faults struck it.
  static let limit = Int64((FaultTimes.processExit + FaultTimes.reinitialise + FaultTimes.hangCheck) * 1e9)

  /// When it was over, if it is.
  func end(at now: Int64) -> Int64? {
    let latest = began + Self.limit
    if let ended { return min(ended, latest) }
    return now >= latest ? latest : nil
  }

  /// Whether it ended without the engine serving.
  func hasFailed(at now: Int64) -> Bool {
    guard let end = end(at: now) else { return false }
    return failed || ended.map { end < $0 } ?? true
  }
}
