import SuperPod
import XDeepServe

/// Scenarios that tests run; the built-in files of the same names are read in the room `Documents`.
enum Scenarios {
  /// K1, K4 and K5: the set-ups of the calibration table.
  static func peakDecode(seed: UInt64 = 1) -> Scenario { .colocatedPeak(seed: seed) }
  static func splitDecode(seed: UInt64 = 1) -> Scenario { .splitPeak(seed: seed) }
  static func infer(seed: UInt64 = 1) -> Scenario { .otherStackPeak(seed: seed) }

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

  /// The same with two decode engines of three servers each, running when time begins.
  static func pair(seed: UInt64, rate: Double = 40, output: Double = 60, batch: Int = 16) -> Scenario {
    var scenario = small(
      seed: seed, rate: rate, start: .steady, batch: batch,
      workload: .poisson(
        ratePerSecond: rate, prompt: Lengths(mean: 900, maximum: 20000), output: Lengths(mean: output)))
    let engine = Scenario.DecodeEngine(
      dies: 48, dataParallel: 48, expertParallel: 48, sharedCopies: 8, redundant: 256, batch: batch, mtpLayers: 1,
      mtpAcceptance: 0.8)
    scenario.decode = [engine, engine]
    return scenario
  }
}
