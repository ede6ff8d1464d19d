public import Telemetry

/// Mean and quantiles of a latency, milliseconds; nil where nothing was measured.
public struct LatencySummary: Hashable, Sendable {
  /// Arithmetic mean.
  public var mean: Double?
  /// Median.
  public var p50: Double?
  /// 90th percentile.
  public var p90: Double?
  /// 99th percentile.
  public var p99: Double?
}

/// Calls of one XCCL primitive over a run, microseconds a call; mean = wire + wait.
public struct PrimitiveSummary: Hashable, Sendable {
  /// Calls: one is one die taking part in one operation.
  public var calls: UInt64
  /// Mean of the whole time.
  public var mean: Double
  /// Shortest.
  public var minimum: Double
  /// Median.
  public var p50: Double
  /// 99th percentile.
  public var p99: Double
  /// Longest.
  public var maximum: Double
  /// Mean time moving bytes and announcing.
  public var wireMean: Double
  /// Mean time waiting for others.
  public var waitMean: Double
}

/// Shares of the dies' busy time in decode, summing to one.
public struct KernelShares: Hashable, Sendable {
  /// Quantised matrix products: O projection, experts, dense layers.
  public var quantisedMatmul: Double
  /// Attention proper.
  public var mla: Double
  /// What comes before it.
  public var mlaPrologue: Double
  /// Dispatch with its waits.
  public var dispatch: Double
  /// Combine with its waits.
  public var combine: Double
  /// Everything else.
  public var others: Double
}

/// What a run measured, as `podium run --json` prints it; nil is what does not apply.
public struct RunReport: Sendable {
  /// Scenario's name.
  public var scenario: String
  /// What has to be said about its workload, such as that it is a made sample; nil for nothing.
  public var workloadNote: String?
  /// Seed of the run.
  public var seed: UInt64
  /// Whole simulated time, seconds.
  public var simulatedSeconds: Double
  /// Time to first token of requests that got it in the window.
  public var ttft: LatencySummary
  /// Time per output token of requests with two or more tokens in the window.
  public var tpot: LatencySummary
  /// Decode iterations without their gap.
  public var iteration: LatencySummary
  /// Mean gap, milliseconds.
  public var gapMilliseconds: Double?
  /// Tokens a request makes in one step.
  public var tokensPerStep: Double?
  /// Output tokens a second.
  public var outputTokensPerSecond: Double?
  /// The same over the NPUs of decode engines.
  public var outputTokensPerSecondPerNPU: Double?
  /// Input tokens a second, cached ones too, over the NPUs of prefill engines.
  public var prefillTokensPerSecondPerNPU: Double?
  /// Share of the input tokens whose KV a cache had; nil without input.
  public var prefixHitShare: Double?
  /// Requests a second that meet both halves of the SLO.
  public var goodput: Double?
  /// Their share of the finished.
  public var sloShare: Double?
  /// Counts from time zero.
  public var requests: RequestTotals
  /// By `Primitive.index`; nil where there were no calls.
  public var primitives: [PrimitiveSummary?]
  /// Where decode's time went.
  public var shares: KernelShares?
  /// Largest rank of a layer over the mean rank, mean over layers and iterations.
  public var rankMaxOverMean: Double?
  /// Hottest expert of a layer over the mean expert, mean over layers and iterations.
  public var expertMaxOverMean: Double?
  /// Fingerprint of state and events.
  public var digest: String
  /// Faults that were made to happen.
  public var incidents: [Incident] = []
  /// Changes of servers.
  public var changes: [ServerChange] = []
  /// Every action that was carried out, and how it stands at the end.
  public var operations: [OperationProgress] = []
}
