import Operations
import Telemetry
import Words

/// Looks for what is worth doing: possible actions are rehearsed, all of them in one future, the promising ones and
/// their like in more.
///
/// The objective is `SuggestionScore`'s: first SLO violations at the end of the horizon, then goodput, then cost. All
/// actions are compared in the same futures, in each of which the present configuration is worked out once.
public struct SuggestionSearch: Sendable {
  /// The most that are suggested.
  public static let most = 3
  /// Futures in which the best are worked out (assumption: three tell luck from gain).
  public static let seeds = 3
  /// Seconds at the end of a horizon by which violations count.
  static let endSeconds = 20
  /// Seconds that servers on their way are given beyond loading and joining: draining is mostly short (assumption).
  private static let drainSeconds = 65

  /// What is tried.
  private struct Candidate: Sendable {
    var action: Action?
    /// By future and second.
    var futures: [[Outlook]] = []
    /// Dies that change what they do.
    var moved = 0
    var recomputed = 0
  }

  private let origin: Simulation
  private let horizon: Int
  private var candidates: [Candidate]
  /// What is still to be worked out, next last: a candidate and a future.
  private var jobs: [(candidate: Int, seed: Int)] = []
  private var stage = 0
  private var running: Simulation?
  private var foreseen: Simulation

  /// Begins a search; nothing is worked out yet.
  ///
  /// - Parameter horizon: Seconds ahead; nil for as long as servers take to change sides and twenty seconds more.
  public init(_ simulation: Simulation, horizon: Int? = nil) {
    origin = simulation
    self.horizon =
      max(1, horizon ?? Self.drainSeconds + Int(FaultTimes.roleSwitch + FaultTimes.regroup) + Self.endSeconds)
    candidates = [Candidate(action: nil)] + simulation.candidates.map { Candidate(action: $0) }
    foreseen = simulation.foreseen(seed: 1)
    queue(Array(candidates.indices), seed: 1)
  }

  /// Whether everything is worked out.
  public var isDone: Bool { jobs.isEmpty && running == nil }

  /// The share of the work that is done, as far as it is known.
  public var tried: (actions: Int, of: Int) {
    (candidates.count { $0.action != nil && !$0.futures.isEmpty }, candidates.count - 1)
  }

  /// Works out one more second of one future; nothing where all is done.
  public mutating func advance() {
    guard let job = jobs.last else { return }
    if running == nil {
      var simulation = foreseen
      if let action = candidates[job.candidate].action {
        // What was possible is possible here: it is the same instant.
        do throws(ActionRefusal) { try simulation.perform(action) } catch { return drop(job.candidate) }
      }
      running = simulation
      candidates[job.candidate].futures.append([])
    }
    // Taken out of its place, so that it is changed where it stands.
    guard var simulation = running.take() else { return }
    simulation.advance(to: (simulation.now / Simulation.second + 1) * Simulation.second)
    candidates[job.candidate].futures[job.seed - 1].append(simulation.lastSecond.withoutSpreads)
    if candidates[job.candidate].futures[job.seed - 1].count < horizon {
      running = simulation
    } else {
      jobs.removeLast()
      if job.seed == 1 {
        candidates[job.candidate].moved = zip(origin.layout.roles, simulation.layout.roles).count { $0 != $1 }
        candidates[job.candidate].recomputed = simulation.totals.recomputed - origin.totals.recomputed
      }
      if jobs.isEmpty { nextStage() }
    }
  }

  private mutating func queue(_ places: [Int], seed: Int) {
    jobs = places.reversed().map { ($0, seed) }
  }

  private mutating func drop(_ candidate: Int) {
    candidates[candidate].action = nil
    jobs.removeLast()
    if jobs.isEmpty { nextStage() }
  }

  /// First all in one future, then the like of the best, then the best in more futures.
  private mutating func nextStage() {
    stage += 1
    switch stage {
    case 1:
      let known = candidates.compactMap(\.action)
      let more = kin.filter { !known.contains($0) && origin.isPossible($0) }
      candidates += more.map { Candidate(action: $0) }
      queue(Array((candidates.count - more.count)..<candidates.count), seed: 1)
      if jobs.isEmpty { nextStage() }
    case 2..<(Self.seeds + 1):
      let seed = stage
      let promising = ranked(futures: seed - 1).prefix(Self.most)
      guard !promising.isEmpty else { return }
      foreseen = origin.foreseen(seed: UInt64(seed))
      queue([0] + promising, seed: seed)
    default: break
    }
  }

  /// Other sizes of the best of each kind that is better than nothing.
  private var kin: [Action] {
    var result: [Action] = []
    for place in ranked(futures: 1).prefix(Self.most) {
      switch candidates[place].action {
      case .pd(let shift):
        guard case .more(let servers, let prefill) = shift.aim else { continue }
        for other in [servers / 2, servers * 2] where other > 0 {
          result.append(.pd(ServerShift(.more(other, prefill: prefill), from: shift.from, to: shift.to)))
        }
      case .batch(let limit, _): result.append(.batch(max(1, limit * 3 / 4)))
      case .admit(let rate?): result.append(.admit(.init(perSecond: (rate.perSecond * 0.85).rounded())))
      default: break
      }
    }
    return result
  }

  private func score(_ candidate: Candidate, futures: Int) -> SuggestionScore {
    var cost = candidate.moved
    if let action = candidate.action { cost += action.name.risk.rawValue * 1000 }
    let all = candidate.futures.prefix(futures)
    let sums = (0..<horizon).map { second in all.reduce(Outlook()) { $0 + $1[second] } }
    return SuggestionScore(sums, slo: origin.scenario.slo, cost: cost)
  }

  /// Candidates better than the present configuration, the best first.
  private func ranked(futures: Int) -> [Int] {
    let complete = { (candidate: Candidate) in
      candidate.futures.count >= futures && candidate.futures[futures - 1].count == horizon
    }
    guard complete(candidates[0]) else { return [] }
    let nothing = score(candidates[0], futures: futures)
    var better: [(place: Int, score: SuggestionScore)] = []
    for place in 1..<candidates.count where candidates[place].action != nil && complete(candidates[place]) {
      let score = score(candidates[place], futures: futures)
      if isBetter(score, than: nothing) { better.append((place, score)) }
    }
    better.sort { left, right in
      left.score < right.score || !(right.score < left.score) && left.place < right.place
    }
    return better.map(\.place)
  }

  /// Better by more than chance and cost: fewer violations, or as few and more goodput.
  private func isBetter(_ score: SuggestionScore, than nothing: SuggestionScore) -> Bool {
    if score.violation < nothing.violation - SuggestionScore.violationStep { return true }
    return score.violation <= nothing.violation + SuggestionScore.violationStep
      && score.goodput > nothing.goodput * (1 + 2 * SuggestionScore.goodputStep)
  }

  /// What is worth doing, the best first, as far as it is worked out.
  public var best: [Suggestion] {
    for futures in (1...Self.seeds).reversed() {
      let places = ranked(futures: futures)
      if !places.isEmpty { return places.prefix(Self.most).map { suggestion(candidates[$0], futures: futures) } }
    }
    return []
  }

  private func suggestion(_ candidate: Candidate, futures: Int) -> Suggestion {
    let end = max(0, horizon - Self.endSeconds)..<horizon
    func figure(_ measure: Rehearsal.Measure, _ seconds: Range<Int>) -> Rehearsal.Figure? {
      Rehearsal.Figure(
        measure, without: Array(candidates[0].futures.prefix(futures)), with: Array(candidate.futures.prefix(futures)),
        seconds: seconds)
    }
    let (ttft, tpot) = (figure(.ttft, end), figure(.tpot, end))
    let goodput = figure(.goodput, 0..<horizon)
    let action = candidate.action ?? .reshard(Reshard())
    return Suggestion(
      action: action, reason: reason(candidate, ttft: ttft, tpot: tpot, goodput: goodput), ttft: ttft, tpot: tpot,
      goodput: goodput, horizon: horizon, seeds: futures)
  }

  private func reason(
    _ candidate: Candidate, ttft: Rehearsal.Figure?, tpot: Rehearsal.Figure?, goodput: Rehearsal.Figure?
  ) -> String {
    let slo = origin.scenario.slo
    var parts: [String] = []
    for (name, figure, target) in [("TTFT", ttft, slo.ttftMilliseconds), ("TPOT", tpot, slo.tpotMilliseconds)] {
      guard let figure, figure.without > target || figure.with > target else { continue }
      parts.append("\(name) \(whole(figure.without)) to \(whole(figure.with)) ms (target \(whole(target)))")
    }
    if parts.isEmpty, let goodput {
      parts.append("goodput \(whole(goodput.without)) to \(whole(goodput.with)) requests a second")
    }
    var sentence = parts.joined(separator: ", ") + " within \(horizon) s"
    if candidate.moved > 0 { sentence += "; \(candidate.moved) dies change what they do" }
    let again = candidate.recomputed - candidates[0].recomputed
    if again > 0 { sentence += "; \(again) requests begin again" }
    return sentence
  }

  private func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }
}
