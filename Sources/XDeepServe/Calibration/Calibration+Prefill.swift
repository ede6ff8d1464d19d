extension Calibration {
  private static let second = Simulation.second

  /// K6: the other stack's prefill with more prompts than it can take.
  static func prefill() throws(ScenarioProblem) -> [CalibrationRow] {
    let report = try run(.prefillPeak(seed: 1), seconds: 60)
    return [
      CalibrationRow("K6", "prefill tokens/s per NPU", 5655, .share(0.05), model: report.prefillTokensPerSecondPerNPU)
    ]
  }

  /// K9: the same with 12.5 % and with 50 % of the input cached in the pool: what it prefills at most, and its TTFT at
  /// seven tenths of what it takes with 12.5 % (17 prompts a second); means over three seeds.
  static func reuse() throws(ScenarioProblem) -> [CalibrationRow] {
    let seeds = 1...3 as ClosedRange<UInt64>
    func mean(_ share: Double, rate: Double, _ figure: (RunReport) -> Double?) throws(ScenarioProblem) -> Double {
      var sum = 0.0
      for seed in seeds {
        let report = try run(.prefillPeak(seed: seed, rate: rate, cached: share), seconds: 60)
        sum += figure(report) ?? .nan
      }
      return sum / Double(seeds.count)
    }
    let most: (RunReport) -> Double? = { $0.prefillTokensPerSecondPerNPU }
    let ttft: (RunReport) -> Double? = { $0.ttft.mean }
    let throughput = try mean(0.5, rate: 60, most) / mean(0.125, rate: 60, most)
    let latency = try mean(0.5, rate: 17, ttft) / mean(0.125, rate: 17, ttft)
    return [
      CalibrationRow("K9", "prefill throughput at 50 % cached over 12.5 %", 1.42, .share(0.05), model: throughput),
      CalibrationRow("K9", "TTFT at 50 % cached over 12.5 %", 0.66, .share(0.05), model: latency),
    ]
  }

  /// K10: the published production set-up, both latencies at once.
  static func production() throws(ScenarioProblem) -> [CalibrationRow] {
    let report = try run(.production(seed: 1), seconds: 240)
    return [
      CalibrationRow("K10", "TTFT, ms", 900, .share(0.1), model: report.ttft.mean),
      CalibrationRow("K10", "TPOT, ms", 34.8, .share(0.1), model: report.tpot.mean),
    ]
  }

  /// A run measured after ten seconds.
  private static func run(_ scenario: Scenario, seconds: Int64) throws(ScenarioProblem) -> RunReport {
    var simulation = try Simulation(scenario)
    simulation.measureFrom = 10 * second
    simulation.advance(to: (10 + seconds) * second)
    return simulation.report()
  }
}
