import Deployments
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
    outlook.runningSeconds = 560_000 * (0.0513 + 0.0002 * n - 0.0035 * step + 0.0004 * bump)
    outlook.outputTokens = 560_000 + 2_000 * n + 11_000 * step
    outlook.finished = 268
    outlook.good = 262 + n + 4 * step
    return outlook
  }

  static let service = ServiceRecord(
    newest: 52_327_000_000_000,
    seconds: (-120..<0).map { second in
      var outlook = Self.second(second, future: 0, with: false)
      // The last half minute got slower.
      outlook.runningSeconds -= second < -40 ? 560_000 * 0.004 : 0
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
      costs: futures > 0 ? ["weights 819 GB from pooled memory, 17 s", "61 requests drain, 6 s"] : [],
      milliseconds: 700 * futures + 10 * seconds)
  }

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
    learn { $0.preview = SampleOperation.preview(request, futures: futures, seconds: seconds) }
  }
}
