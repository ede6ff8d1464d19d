extension Calibration {
  /// K11: what balancing gives, at EP288 in time and at EP32 in load.
  static func experts() throws(ScenarioProblem) -> [CalibrationRow] {
    let without = try moeForward(.none)
    let with = try moeForward(.podium)
    let (uneven, even) = rankImbalance()
    return [
      CalibrationRow(
        "K11", "MoE forward at EP288 falls by, %", 40...100, .range, model: (1 - with / without) * 100),
      CalibrationRow("K11", "rank max/mean at EP32, no balancing", 2.56, .share(0.1), model: uneven),
      CalibrationRow("K11", "the same balanced on fresh statistics", 1.1, .share(0.05), model: even),
    ]
  }

  /// From the moment on which all dies have announced their rows to the end of combine, mean over layers of the peak
  /// set-up's last iteration, microseconds.
  private static func moeForward(_ balancer: Scenario.Balancer) throws(ScenarioProblem) -> Double {
    var scenario = Scenario.colocatedPeak(seed: 1)
    scenario.experts.balancer = balancer
    var simulation = try Simulation(scenario)
    simulation.advance(to: 5 * Simulation.second)
    let engine = simulation.decode[0]
    let records = engine.records[..<engine.expertLayers]
    return records.reduce(0) { $0 + Double($1.combineEnd - $1.attentionEnd) } / Double(records.count)
  }

  /// 256 experts on 32 dies, as [TRT] measured them: eight a die in their order, then with a ninth slot on every die and
  /// placed by what was counted; means over layers and seeds.
  private static func rankImbalance() -> (without: Double, with: Double) {
    let model = ServedModel.deepSeekR1
    let layers = model.layers - model.denseLayers
    let seeds = 1...5 as ClosedRange<UInt64>
    var sums = (without: 0.0, with: 0.0)
    for seed in seeds {
      let popularity = ExpertPopularity(
        layers: layers, experts: model.experts, skew: Scenario.ExpertTraffic().skew, driftSeconds: 300, seed: seed)
      var errors = RandomStream(seed: seed, name: "expert-observation")
      let observed = ExpertPopularity.observed(popularity.shares, &errors)
      for replicate in [false, true] {
        let placement = ExpertPlacement(
          layers: layers, experts: model.experts, dies: 32, sharedCopies: 0, redundant: 256 - 32 + (replicate ? 32 : 0),
          observed: observed, sharedShare: 0, policy: replicate ? .greedy : .order)
        var rows = [Float](repeating: 0, count: layers * 32)
        placement.rowsPerRow(shares: popularity.shares, topK: model.topK, into: &rows)
        var ratio = 0.0
        for layer in 0..<layers {
          let dies = rows[(layer * 32)..<((layer + 1) * 32)]
          ratio += Double((dies.max() ?? 0) * 32 / dies.reduce(0, +)) / Double(layers)
        }
        if replicate { sums.with += ratio } else { sums.without += ratio }
      }
    }
    return (sums.without / Double(seeds.count), sums.with / Double(seeds.count))
  }
}
