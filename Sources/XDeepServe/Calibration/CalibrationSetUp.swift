import SuperPod

extension Scenario {
  /// K1: colocated decode on 288 dies, 60 requests a die, 2K + 2K tokens, one MTP layer at 90 %.
  ///
  /// The built-in `peak-decode` is the same.
  public static func colocatedPeak(seed: UInt64) -> Scenario {
    Scenario(
      name: "peak-decode", seed: seed, decode: [.init()],
      workload: .closed(requestsPerDie: 60, prompt: .fixed(2048), output: .fixed(2048)))
  }

  /// K4: attention of 3 × 160 DP groups apart from 288 expert dies, 96 requests a die, balanced experts.
  ///
  /// The built-in `split-decode` is the same.
  public static func splitPeak(seed: UInt64) -> Scenario {
    Scenario(
      name: "split-decode", seed: seed,
      decode: [
        .init(
          dies: 768, dataParallel: 480, expertParallel: 288, sharedCopies: 32, redundant: 0, batch: 96,
          layout: .split, domains: 3, microBatches: 2)
      ], workload: .closed(requestsPerDie: 96, prompt: .fixed(2816), output: .fixed(2048)),
      experts: .init(skew: 1))
  }

  /// K5: the other stack on 320 dies, 48 requests a die, two micro-batches, MTP at 70 %.
  ///
  /// The built-in `cm-infer` is the same.
  public static func otherStackPeak(seed: UInt64) -> Scenario {
    Scenario(
      name: "cm-infer", seed: seed, stack: .cloudmatrixInfer,
      decode: [
        .init(
          dies: 320, dataParallel: 320, expertParallel: 320, sharedCopies: 32, redundant: 32, batch: 48,
          mtpAcceptance: 0.7, microBatches: 2)
      ], workload: .closed(requestsPerDie: 48, prompt: .fixed(4096), output: .fixed(256)),
      experts: .init(skew: 1.5))
  }

  /// K6: one prefill engine of the other stack on 32 dies, 4K prompts; K9: the same with a share of them cached.
  ///
  /// The built-in `cm-prefill` is K6. Decode stands beside it and has little to do.
  public static func prefillPeak(seed: UInt64, rate: Double = 30, cached: Double = 0) -> Scenario {
    Scenario(
      name: "cm-prefill", seed: seed, stack: .cloudmatrixInfer, start: .empty, prefill: [.init(fabric: .roce)],
      decode: [
        .init(
          dies: 320, dataParallel: 320, expertParallel: 320, sharedCopies: 32, redundant: 32, batch: 48,
          mtpAcceptance: 0.7)
      ],
      workload: .poisson(ratePerSecond: rate, prompt: .fixed(4096), output: .fixed(256)), prefixHit: cached,
      clients: .init(patienceSeconds: 600))
  }

  /// K10: four prefill engines of two servers each and a decode engine of eight, long prompts of which most is cached.
  ///
  /// The built-in `production` is the same.
  public static func production(seed: UInt64) -> Scenario {
    Scenario(
      name: "production", seed: seed, topology: Topology(nodes: 24),
      slo: .init(ttftMilliseconds: 2000, tpotMilliseconds: 35), prefill: Array(repeating: .init(), count: 4),
      decode: [
        .init(
          dies: 128, dataParallel: 128, expertParallel: 128, sharedCopies: 16, redundant: 160, batch: 60,
          mtpAcceptance: 0.85)
      ],
      workload: .poisson(
        ratePerSecond: 14, prompt: Lengths(mean: 13_000, maximum: 64_000, shape: 0.6), output: Lengths(mean: 2100)),
      prefixHit: 0.75)
  }
}
