import Telemetry

extension Calibration {
  private static let second = Simulation.second

  /// K1, K2 and K3: the published peak of colocated decode.
  static func colocated() throws(ScenarioProblem) -> [CalibrationRow] {
    var simulation = try Simulation(.colocatedPeak(seed: 1))
    simulation.measureFrom = 2 * second
    simulation.advance(to: 62 * second)
    let report = simulation.report()
    var rows = [
      CalibrationRow("K1", "iteration, ms", 93, .share(0.03), model: report.iteration.mean),
      CalibrationRow("K1", "gap, ms", 2, .share(0.03), model: report.gapMilliseconds),
      CalibrationRow("K1", "TPOT, ms", 50, .share(0.03), model: report.tpot.mean),
      CalibrationRow("K1", "tokens/s per NPU", 2400, .share(0.03), model: report.outputTokensPerSecondPerNPU),
      CalibrationRow("K1", "tokens/s in all", 345_000, .share(0.03), model: report.outputTokensPerSecond),
    ]
    let shares = report.shares
    for (figure, target, share) in [
      ("quantised matmul", 22.1, shares?.quantisedMatmul), ("MLA", 21.8, shares?.mla),
      ("combine", 20.4, shares?.combine), ("dispatch", 15.3, shares?.dispatch), ("others", 11.7, shares?.others),
      ("MLA prologue", 8.7, shares?.mlaPrologue),
    ] {
      rows.append(CalibrationRow("K2", "\(figure), % of time", target, .points(2), model: share.map { $0 * 100 }))
    }
    return try rows + calls()
  }

  /// K3: the 58 calls of a main forward, all dies, 50 iterations, median over five seeds.
  private static func calls() throws(ScenarioProblem) -> [CalibrationRow] {
    var runs: [[PrimitiveSummary?]] = []
    for seed in 1...5 as ClosedRange<UInt64> {
      var simulation = try Simulation(.colocatedPeak(seed: seed))
      // 50 iterations of 95 ms with their gap.
      simulation.advance(to: 50 * 95_000_000)
      runs.append(simulation.report().primitives)
    }
    func row(_ primitive: Primitive, _ what: String, _ target: Double, _ tolerance: CalibrationRow.Tolerance)
      -> CalibrationRow
    {
      let figures = runs.compactMap { run -> Double? in
        guard let summary = run[primitive.index] else { return nil }
        return what == "min" ? summary.minimum : what == "mean" ? summary.mean : summary.maximum
      }
      return CalibrationRow("K3", "\(primitive.rawValue) \(what), µs", target, tolerance, model: median(figures))
    }
    return [
      row(.dispatch, "min", 185, .share(0.08)), row(.dispatch, "mean", 234, .share(0.08)),
      row(.dispatch, "max", 1231, .factor(2)), row(.combine, "min", 165, .share(0.08)),
      row(.combine, "mean", 312, .share(0.08)), row(.combine, "max", 2939, .factor(2)),
    ]
  }

  /// K4: attention and experts on dies of their own.
  static func split() throws(ScenarioProblem) -> [CalibrationRow] {
    var simulation = try Simulation(.splitPeak(seed: 1))
    simulation.measureFrom = second
    simulation.advance(to: 11 * second)
    let report = simulation.report()
    let spans = simulation.frame(sequence: 0).iterations.first?.spans ?? []
    let layers = Int16(simulation.scenario.model.layers)
    let experts = spans.filter { $0.phase == .moe && $0.layer < layers }.map { Double($0.end - $0.start) }
    return [
      CalibrationRow(
        "K4", "A2E alone, µs", 172, .share(0.03), model: report.primitives[Primitive.a2e.index]?.wireMean),
      CalibrationRow("K4", "MoE, µs", 120, .share(0.03), model: median(experts)),
      CalibrationRow(
        "K4", "E2A alone, µs", 193, .share(0.03), model: report.primitives[Primitive.e2a.index]?.wireMean),
      CalibrationRow(
        "K4", "attention of a micro-batch and layer, ms", 0.7, .share(0.03), model: attentionMillis(spans, layers)),
      CalibrationRow("K4", "forward, ms", 92.2...95.8, .range, model: report.iteration.mean),
      CalibrationRow("K4", "TPOT, ms", 49...50, .share(0.03), model: report.tpot.mean),
      CalibrationRow("K4", "tokens/s per NPU", 2400, .share(0.05), model: report.outputTokensPerSecondPerNPU),
    ]
  }

  /// The published sum has 0.7 × 2 × 61 ms: two micro-batches one after the other, layer by layer, here as a domain lives
  /// them from the begin of its forward, dense layers too.
  private static func attentionMillis(_ spans: [PhaseSpan], _ layers: Int16) -> Double? {
    let starts = spans.filter { $0.phase == .attention && $0.domain == 1 && $0.microBatch == 0 && $0.layer < layers }
      .map { Double($0.start) }
    guard let first = starts.first, let last = starts.last, starts.count > 1 else { return nil }
    // Begins are seen; the last layer takes as long as the others.
    let forward = (last - first) * Double(starts.count) / Double(starts.count - 1)
    return forward / 2 / Double(layers) / 1000
  }

  /// K5: the other stack's peak.
  static func otherStack() throws(ScenarioProblem) -> [CalibrationRow] {
    var simulation = try Simulation(.otherStackPeak(seed: 1))
    simulation.measureFrom = 2 * second
    simulation.advance(to: 32 * second)
    let report = simulation.report()
    return [
      CalibrationRow("K5", "TPOT, ms", 49.4, .share(0.05), model: report.tpot.mean),
      CalibrationRow("K5", "tokens/s per NPU", 1943, .share(0.05), model: report.outputTokensPerSecondPerNPU),
    ]
  }

  /// K12: the longest dispatch of a graph's begin in a minute, over five seeds, without and with the measures against
  /// jitter.
  static func jitter() throws(ScenarioProblem) -> [CalibrationRow] {
    func longest(_ measures: JitterMeasures) throws(ScenarioProblem) -> Double {
      var longest = 0.0
      for seed in 1...5 as ClosedRange<UInt64> {
        var simulation = try Simulation(.colocatedPeak(seed: seed))
        simulation.decode[0].jitter = measures
        simulation.advance(to: 60 * second)
        let primitives = simulation.report().primitives
        for primitive in [Primitive.dispatch, .mtpDispatch] {
          longest = max(longest, (primitives[primitive.index]?.maximum ?? 0) / 1000)
        }
      }
      return longest
    }
    var none = JitterMeasures()
    (none.pin, none.graph, none.gc) = (false, false, false)
    return [
      CalibrationRow(
        "K12", "longest first dispatch without measures, ms", 100...Double.infinity, .range, model: try longest(none)),
      CalibrationRow("K12", "the same with them, ms", 0...100, .range, model: try longest(JitterMeasures())),
    ]
  }
}
