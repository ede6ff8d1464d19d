import SuperPod
import XDeepServe

/// Scenarios that tests run; the built-in files of the same names are read in the room `Documents`.
enum Scenarios {
  /// K1: colocated decode on 288 dies, 60 requests a die, 2K + 2K tokens, one MTP layer at 90 %.
  static func peakDecode(seed: UInt64 = 1) -> Scenario {
    Scenario(
      name: "peak-decode", seed: seed, decode: [.init()],
      workload: .closed(requestsPerDie: 60, prompt: .fixed(2048), output: .fixed(2048)))
  }

  /// K4: attention of 3 × 160 DP groups apart from 288 expert dies, 96 requests a die, balanced experts.
  static func splitDecode(seed: UInt64 = 1) -> Scenario {
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
  static func infer(seed: UInt64 = 1) -> Scenario {
    Scenario(
      name: "cm-infer", seed: seed, stack: .cloudmatrixInfer,
      decode: [
        .init(
          dies: 320, dataParallel: 320, expertParallel: 320, sharedCopies: 32, redundant: 32, batch: 48,
          mtpAcceptance: 0.7, microBatches: 2)
      ], workload: .closed(requestsPerDie: 48, prompt: .fixed(4096), output: .fixed(256)),
      experts: .init(skew: 1.5))
  }

  /// A whole CM384 under a day's mean load.
  static func standard(seed: UInt64 = 1) -> Scenario {
    Scenario(
      name: "default", seed: seed, prefill: Array(repeating: .init(), count: 8),
      decode: [.init(), .init(dies: 192, dataParallel: 192, expertParallel: 192, redundant: 96)], spare: 2,
      workload: .poisson(
        ratePerSecond: 100, prompt: Lengths(mean: 2000, maximum: 64000), output: Lengths(mean: 700)),
      prefixHit: 0.4)
  }

  /// A pod small enough for property tests: two prefill servers, four decode servers.
  static func small(
    seed: UInt64, rate: Double = 12, start: Scenario.Start = .empty, batch: Int = 8, mtp: Int = 1,
    acceptance: Double = 0.8, patience: Double = 60, workload: Scenario.Workload? = nil
  ) -> Scenario {
    Scenario(
      name: "small", seed: seed, topology: Topology(nodes: 24), start: start,
      prefill: [
        .init(dies: 16, tensorParallel: 4, dataParallel: 4, expertParallel: 16),
        .init(dies: 16, tensorParallel: 4, dataParallel: 4, expertParallel: 16),
      ],
      decode: [
        .init(
          dies: 64, dataParallel: 64, expertParallel: 64, sharedCopies: 8, redundant: 256, batch: batch,
          mtpLayers: mtp, mtpAcceptance: acceptance)
      ],
      workload: workload
        ?? .poisson(ratePerSecond: rate, prompt: Lengths(mean: 900, maximum: 20000), output: Lengths(mean: 60)),
      prefixHit: 0.2, clients: .init(patienceSeconds: patience))
  }
}
