import Operations
import SuperPod
public import Telemetry

// How the actions that were carried out stand; read off what they set going.
extension Simulation {
  /// How long an operation that has ended is shown, nanoseconds.
  static let shownNanoseconds = 300 * second
  /// No operation lasts longer: draining, standing still and loading all have their limits, there and back.
  static let longestNanoseconds = 1200 * second

  /// Operations under way and those that ended in the last five minutes, oldest first.
  public var operations: [OperationProgress] {
    performed.reversed().prefix { now - $0.time <= Self.shownNanoseconds + Self.longestNanoseconds }.reversed()
      .map { progress($0) }.filter { $0.state == .running || now - $0.since <= Self.shownNanoseconds }
  }

  /// How a performed action stands.
  ///
  /// - Parameter number: Its number, from one.
  public func progress(of number: Int) -> OperationProgress {
    precondition(performed.indices.contains(number - 1), "an action that was carried out")
    return progress(performed[number - 1])
  }

  /// Something that an action set going.
  private struct Part {
    var phases: [String]
    var phase: Int
    var since: Int64
    var due: Int64?
    var state: OperationProgress.State
    var note: String
    var dies: [Int]
  }

  private func progress(_ action: PerformedAction) -> OperationProgress {
    var progress = OperationProgress(
      number: action.number, action: "\(action.action)", began: action.time, since: action.time, state: .done)
    let parts =
      changes.filter { $0.number == action.number }.map { part($0) } + action.rebalances.map { part($0, action) }
      + action.restarts.map { part($0) }
    guard let longest = parts.max(by: { $0.phases.count < $1.phases.count }) else { return progress }
    progress.phases = longest.phases
    // The part that is furthest from its end stands for all; of what has ended, what went worst.
    let running = parts.filter { $0.state == .running }
    let left = { (part: Part) in part.phases.count - part.phase }
    let told: Part?
    if running.isEmpty {
      told =
        Self.worstFirst.lazy.compactMap { state in parts.filter { $0.state == state }.max { $0.since < $1.since } }
        .first
    } else {
      told = running.max { (left($0), $0.since) < (left($1), $1.since) }
    }
    guard let told else { return progress }
    progress.phase = longest.phases.count - left(told)
    progress.since = running.isEmpty ? parts.reduce(told.since) { max($0, $1.since) } : told.since
    progress.due = running.isEmpty ? nil : told.due
    progress.state = told.state
    progress.note = parts.filter { $0.state == told.state && !$0.note.isEmpty }.map(\.note).joined(separator: "; ")
    progress.dies = Array(Set(parts.flatMap(\.dies))).sorted()
    return progress
  }

  private static let worstFirst: [OperationProgress.State] = [.failed, .aborted, .rolledBack, .done]

  private func part(_ change: ServerChange) -> Part {
    let phases = change.phases
    let state: OperationProgress.State =
      switch change.phase {
      case .drain, .load, .build, .rejoin: .running
      case .done: .done
      case .aborted: .aborted
      case .failed: .failed
      case .rolledBack: .rolledBack
      }
    return Part(
      phases: phases.map(\.words), phase: phases.firstIndex(of: change.lastPhase) ?? 0, since: change.since,
      due: change.due, state: state, note: note(change), dies: change.dies)
  }

  private func note(_ change: ServerChange) -> String {
    func name(_ engine: Int?) -> String { engine.map { layout.engines[$0].id } ?? "spare" }
    let servers = "\(change.dies.count) dies"
    switch change.phase {
    case _ where !change.phase.isOver && change.goesBack:
      return "\(change.reason); \(servers) go back to \(name(change.taker))"
    case .drain:
      let giver = change.giver ?? 0
      guard giver >= prefill.count else { return "KV on \(servers) of \(name(giver)) waits to be fetched" }
      let leaving = Set(change.dies)
      let engine = decode[giver - prefill.count]
      var left = 0
      for rank in 0..<engine.dies where leaving.contains(engine.hosts[rank]) { left += Int(engine.count[rank]) }
      return "\(left) requests still run on \(servers) of \(name(giver))"
    case .load: return "weights come to \(servers)"
    case .build: return "graphs are built on \(servers)"
    case .rejoin: return "\(servers) join \(name(change.taker)): ranks are numbered anew"
    case .done:
      let again = change.recomputed > 0 ? ", \(change.recomputed) requests began again" : ""
      if case .drain = change.action { return "\(servers) of \(name(change.giver)) are out of service\(again)" }
      return "\(servers) went from \(name(change.giver)) to \(name(change.taker))\(again)"
    case .rolledBack: return "\(change.reason); everything is as before"
    case .aborted: return "\(change.reason); what is left of the servers is spare until they can go home"
    case .failed: return change.reason
    }
  }

  private func part(_ run: RebalanceRun, _ action: PerformedAction) -> Part {
    let engine = decode[run.engine]
    var part = Part(
      phases: ActionName.reshard.phases, phase: run.phase, since: run.ended ?? action.time, due: nil, state: run.state,
      note: "\(engine.id): \(run.note)", dies: [])
    if run.ended == nil, let change = engine.rebalance {
      part.phase = Int(change.phase.rawValue)
      part.since = change.since
      part.due = change.due
      part.dies = engine.expertHosts.enumerated().filter { change.touched[$0.offset] }.map(\.element)
    }
    return part
  }

  private func part(_ run: RestartRun) -> Part {
    let end = run.end(at: now)
    let elapsed = Double((end ?? now) - run.began) / 1e9
    let phase = RestartRun.begins.lastIndex { $0 <= elapsed } ?? 0
    func time(_ seconds: Double) -> Int64 { run.began + Int64(seconds * 1e9) }
    let failed = run.hasFailed(at: now)
    return Part(
      phases: ActionName.restart.phases, phase: phase, since: end ?? time(RestartRun.begins[phase]),
      due: end == nil && phase + 1 < RestartRun.begins.count ? time(RestartRun.begins[phase + 1]) : nil,
      state: end == nil ? .running : failed ? .failed : .done,
      note: failed ? "\(layout.engines[run.engine].id) does not serve: dies of it are down" : "",
      dies: hosts(ofEngine: run.engine))
  }

  /// An engine that was started anew serves again, or stays down.
  mutating func endRestarts(_ engine: Int, failed: Bool) {
    for place in performed.indices where performed[place].isStarting(engine, at: now) {
      for run in performed[place].restarts.indices where performed[place].restarts[run].engine == engine {
        performed[place].restarts[run].ended = now
        performed[place].restarts[run].failed = failed
      }
    }
  }
}
