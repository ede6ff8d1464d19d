import Deployments
import Glibc
import Operations
import SuperPod
import Telemetry
import Words

@testable import Console

/// What operating looks like over the pod made by hand: its configuration, a preview that is partly worked out, what came.
///
/// Its numbers only have to be plausible; no run made them.
enum SampleOperation {
  static let configuration = Configuration(
    executors: (0..<8).map {
      ExecutorSettings(
        executor: Place.Executor(prefills: true, number: $0), servers: 2, expertParallel: 32, draftLayers: 0,
        balances: false, mostDraftLayers: 0)
    } + [
      ExecutorSettings(executor: Place.Executor(prefills: false, number: 0), servers: 18, expertParallel: 288),
      ExecutorSettings(executor: Place.Executor(prefills: false, number: 1), servers: 12, expertParallel: 192),
    ], spare: 2)

  /// A second, `with` the action or without, so many seconds after now.
  static func second(_ second: Int, future: Int, with: Bool) -> Outlook {
    let n = Double(SamplePod.noise(second * 17 + future * 131 + 5))
    var outlook = Outlook()
    outlook.seconds = 1
    outlook.firstTokens = 260
    // Prefill has two servers fewer and decode two more, after a drain.
    let step = with ? min(1, max(0, Double(second - 6) / 20)) : 0
    let bump = with ? max(0, 1 - abs(Double(second - 14)) / 8) : 0
    outlook.ttftSeconds = 260 * (0.84 + 0.02 * n + 0.10 * step + 0.3 * bump)
    outlook.stepTokens = 560_000
    outlook.runningSeconds = 560_000 * (0.0480 + 0.0002 * n - 0.0035 * step + 0.0004 * bump)
    outlook.waitingSeconds = 230 + 8 * n - 20 * step
    outlook.ttftSpread = spread(outlook.ttftSeconds / 260, least: 0.75)
    outlook.stepSpread = spread(outlook.runningSeconds / 560_000, least: 0.98)
    outlook.outputTokens = 560_000 + 2_000 * n + 11_000 * step
    outlook.finished = 268
    outlook.good = 262 + n + 4 * step
    return outlook
  }

  /// Values of a mean: some share of it, the rest with an exponential tail.
  static func spread(_ mean: Double, least: Double) -> Spread {
    var histogram = LogHistogram()
    for tail in tails {
      histogram.add(Float(1e6 * mean * (least + (1 - least) * tail)))
    }
    return Spread(histogram)
  }

  private static let tails = (0..<50).map { -log(1 - (Double($0) + 0.5) / 50) }

  /// What it costs to move two servers.
  static let cost: ActionCost = {
    var cost = ActionCost()
    (cost.weightBytes, cost.weightSeconds, cost.drained, cost.drainSeconds) = (819e9, 17, 61, 6)
    (cost.lostServerSeconds, cost.seconds, cost.busiestWithout) = (48, 90, 6.3)
    cost.loads = [14, 15].map { ActionCost.Load(node: $0, peak: 8.8, without: 3.1, seconds: 17) }
    return cost
  }()

  static let service = ServiceRecord(
    newest: 52_327_000_000_000,
    seconds: (-120..<0).map { second in
      var outlook = Self.second(second, future: 0, with: false)
      // The last half minute got slower.
      outlook.runningSeconds -= second < -40 ? 560_000 * 0.004 : 0
      outlook.stepSpread = spread(outlook.runningSeconds / 560_000, least: 0.98)
      return outlook
    })

  /// A preview of which so many futures are whole, and some seconds of the next.
  static func preview(_ request: PreviewRequest, futures: Int, seconds: Int = 0) -> Preview {
    let horizon = request.horizon ?? 90
    func courses(_ with: Bool) -> [[Outlook]] {
      (0..<futures + (seconds > 0 ? 1 : 0)).map { future in
        (0..<(future < futures ? horizon : seconds)).map { Self.second($0, future: future, with: with) }
      }
    }
    return Preview(
      request: request, time: 52_327_000_000_000,
      futures: Futures(horizon: horizon, without: courses(false), with: courses(true)),
      moves: request.action.name == .pd ? [DieMove(dies: Array(224..<256), from: "P7", to: "D1")] : [],
      cost: futures + seconds > 0 ? cost : ActionCost(),
      milliseconds: 700 * futures + 10 * seconds)
  }

  /// What a search has found, with half of it done.
  static func suggestions(_ number: Int) -> SuggestionList {
    let futures = preview(PreviewRequest(number: 1, action: .mtp(1)), futures: 3).futures
    var figures: [Futures.Measure: Futures.Figure] = [:]
    for measure in [Futures.Measure.ttft, .tpot, .goodput] { figures[measure] = futures.figure(measure) }
    return SuggestionList(
      number: number,
      best: [
        SuggestionList.Entry(
          action: .pd(ServerShift(.more(2, prefill: false))),
          reason: "TPOT 51 to 48 ms (target 50) within 225 s; 32 dies change what they do", figures: figures),
        SuggestionList.Entry(
          action: .batch(45), reason: "TPOT 51 to 49 ms (target 50) within 225 s", figures: figures),
      ], tried: 14, of: 23)
  }

  /// Three actions: one whose prediction came true, one that came otherwise, one that was undone.
  static let audit: [AuditRecord] = {
    func forecast(_ measure: Futures.Measure, _ before: Double, _ after: Double, _ real: Double?, _ reach: Double)
      -> AuditEntry.Forecast
    {
      AuditEntry.Forecast(
        metric: measure.auditName, before: before, after: after, low: after - reach, high: after + reach, real: real)
    }
    func entry(
      _ number: Int, _ seconds: Int64, _ action: Action, _ prediction: [AuditEntry.Forecast],
      _ outcome: AuditEntry.Outcome
    ) -> AuditEntry {
      AuditEntry(
        number: number, time: DurationAmount(nanoseconds: seconds * 1_000_000_000), who: "ops1", action: action,
        plan: 7, prediction: prediction, outcome: outcome, note: outcome == .refused ? "P7 is being changed" : "")
    }
    let d0 = Place.Executor(prefills: false, number: 0)
    return [
      AuditRecord(
        entry: entry(
          9, 49_300, .pd(ServerShift(.ratio(prefill: 16, decode: 30))), [forecast(.ttftP99, 2210, 1600, 1580, 60)],
          .done),
        isOfThisRun: false),
      AuditRecord(
        entry: entry(
          10, 51_900, .batch(60),
          [forecast(.tpotP99, 46.8, 48.4, 48.9, 0.3), forecast(.throughput, 548_000, 571_000, 566_000, 9_000)], .done),
        inverse: [.batch(56)], undoneBy: 12),
      AuditRecord(
        entry: entry(11, 51_975, .drain(Place(.node(17))), [], .refused)),
      AuditRecord(
        entry: entry(
          12, 51_986, .reshard(Reshard(executor: d0, budget: 38)),
          [
            forecast(.ttftP99, 840, 838, 841, 20), forecast(.tpotP99, 49.2, 47.5, 47.6, 0.4),
            forecast(.throughput, 559_000, 566_000, 567_000, 5_000), forecast(.goodput, 262, 265, nil, 2),
          ], .done)),
    ]
  }()

  /// A console that has watched the pod and knows what may be operated.
  static func console(width: Int, height: Int, readOnly: Bool = false) -> ConsoleState {
    var state = SamplePod.console(width: width, height: height)
    var observation = Observation(frame: nil, playback: Playback())
    observation.operating.configuration = configuration
    observation.operating.service = service
    if readOnly { observation.operating.refusesOrders = "Podium was started read-only" }
    state.observe(observation)
    return state
  }
}

extension ConsoleState {
  /// Takes news about operating, as the program around the console gives them.
  mutating func learn(_ change: (inout OperatingNews) -> Void) {
    var observation = Observation(frame: nil, playback: playback)
    observation.operating.refusesOrders = operating.refusesOrders
    change(&observation.operating)
    observe(observation)
  }

  /// A preview that has come so far.
  mutating func foresee(futures: Int, seconds: Int = 0) {
    guard let request = operating.plan?.request else { return }
    // Time stands meanwhile, as the deployment says.
    var observation = Observation(frame: nil, playback: Playback(held: holdsTime))
    observation.operating.preview = SampleOperation.preview(request, futures: futures, seconds: seconds)
    observe(observation)
  }
}
