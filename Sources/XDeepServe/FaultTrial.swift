public import Operations
import SuperPod
import Telemetry

/// A fault made to happen in a running pod, beside the same pod and seed without it: what `podium faults` shows.
public struct FaultTrial: Hashable, Sendable {
  /// Second of the run at which the fault begins.
  public static let began = 30
  /// Seconds for which a fault holds that lasts until it is cleared, if nothing mends it before.
  static let held = 120
  /// Seconds that are looked at after the begin; a hung executor is seen late.
  static let seconds = 300
  static let secondsHung = 480
  /// Seconds over which output is averaged.
  static let window = 10

  /// What was made to happen.
  public let injection: Injection
  /// Seconds from its begin until something noticed it; nil where nobody looks.
  public let detected: Double?
  /// Seconds from its begin until what it stopped went on; nil where it stopped nothing.
  public let recovered: Double?
  /// Seconds for which engines stood still, summed.
  public let stopped: Double
  /// Output of the worst ten seconds over that without the fault.
  public let lowestOutput: Double
  /// Seconds from its begin until output was back for good; nil where it was never away, or never came back.
  public let back: Double?
  /// Mean time per output token over that without it, in the worst ten seconds.
  public let worstTPOT: Double
  /// The same of the time to first token.
  public let worstTTFT: Double
  /// Requests that missed their targets, or did not finish, and would have without the fault.
  public let missed: Int
  /// Requests that began again.
  public let recomputed: Int
  /// Requests that ended because of it.
  public let failed: Int
  /// Transfers that were sent anew.
  public let retried: Int

  /// Output that counts as back, of that without the fault; below lies more than chance (assumption).
  static let backShare = 0.93

  /// Where a fault is tried in the default pod: D0 stands on n16 to n33, P0 on n0 and n1.
  public static func place(of fault: Fault) -> String? {
    switch fault {
    case .die, .hbmECC, .slowDie, .hotDie: "n17.c3.d1"
    case .npu: "n17.c3"
    case .node: "n17"
    case .l1: "n17.sp4"
    case .l2: "sp4.sw9"
    case .linkDown, .linkFlap, .lanesHalf, .lanesQuarter: "n17.c3.d1.sp4"
    case .optics: "sp4.n17.sw9"
    case .hungExecutor: "D0.ep201"
    case .dpMaster: "D0.dp17"
    case .teShell: "D0.shell"
    case .je: "JE0"
    case .kvStall, .jitter: "D0"
    case .surge, .popularityShift, .longFlood: nil
    }
  }

  /// A pod's seconds as they are without a fault.
  public struct Baseline: Sendable {
    let scenario: Scenario
    let seconds: [Outlook]
    let start: Simulation

    /// Runs it.
    public init(_ scenario: Scenario) throws(ScenarioProblem) {
      self.scenario = scenario
      var simulation = try Simulation(scenario)
      simulation.advance(to: Int64(FaultTrial.began) * Simulation.second)
      start = simulation
      seconds = FaultTrial.run(&simulation, seconds: FaultTrial.secondsHung)
    }
  }

  /// Makes a fault happen beside a baseline.
  ///
  /// - Throws: Why the fault cannot happen there.
  public init(_ injection: Injection, beside baseline: Baseline) throws(ActionRefusal) {
    var simulation = baseline.start
    try simulation.perform(.inject(injection))
    let length = injection.fault == .hungExecutor ? Self.secondsHung : Self.seconds
    let clears = injection.effectiveDuration == nil && injection.fault != .hungExecutor
    var seconds = Self.run(&simulation, seconds: Self.held)
    if clears, simulation.incidents[0].ended == nil { try simulation.perform(.clear(injection.fault, at: nil)) }
    seconds += Self.run(&simulation, seconds: length - Self.held)
    let incident = simulation.incidents[0]
    func since(_ time: Int64?) -> Double? { time.map { Double($0 - incident.began) / 1e9 } }
    self.injection = injection
    detected = since(incident.detected)
    recovered = since(incident.recovered ?? (incident.isMended ? incident.ended : nil))
    stopped = incident.stoppedSeconds
    recomputed = incident.recomputed
    failed = incident.failed
    retried = simulation.totals.retriedTransfers
    let healthy = Array(baseline.seconds[0..<length])
    func sums(_ seconds: [Outlook]) -> [Outlook] {
      (0...(seconds.count - Self.window)).map { seconds[$0..<($0 + Self.window)].reduce(Outlook(), +) }
    }
    let (with, without) = (sums(seconds), sums(healthy))
    let outputs = zip(with, without).map { $0.outputTokens / max($1.outputTokens, 1) }
    lowestOutput = outputs.min() ?? 1
    let low = outputs.lastIndex { $0 < Self.backShare }
    back = low.map { $0 + Self.window }.flatMap { $0 < length ? Double($0) : nil }
    func worst(_ value: (Outlook) -> Double?) -> Double {
      zip(with, without).compactMap { pair in value(pair.0).flatMap { with in value(pair.1).map { with / $0 } } }.max()
        ?? 1
    }
    worstTPOT = worst(\.tpot)
    worstTTFT = worst(\.ttft)
    let good = { (all: [Outlook]) in Int(all.reduce(0) { $0 + $1.good }) }
    missed = max(0, good(healthy) - good(seconds))
  }

  private static func run(_ simulation: inout Simulation, seconds: Int) -> [Outlook] {
    (0..<seconds).map { _ in
      simulation.advance(to: simulation.now + Simulation.second)
      return simulation.lastSecond.withoutSpreads
    }
  }
}

extension Incident {
  /// Whether the system mends it by itself, so that its end is its recovery.
  var isMended: Bool { injection.fault == .teShell || injection.fault == .je }
}
