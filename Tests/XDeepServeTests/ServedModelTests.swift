import SuperPod
import Telemetry
import Testing

@testable import XDeepServe

struct ServedModelTests {
  /// Published: parameters in all and active (billions), KV bytes a token in BF16, megabytes of an expert in INT8.
  @Test(arguments: [
    (ServedModel.deepSeekR1, 671.0, 37.0, 70_272, 44.0), (.kimiK2, 1040, 32.6, 70_272, 44.0),
    (.glm45, 355, 32, 376_832, 23.6), (.qwen3, 235, 22, 192_512, 18.9), (.miniMaxM2, 230, 10, 253_952, 14.2),
  ])
  func architecturesGiveThePublishedSizes(
    model: ServedModel, total: Double, active: Double, kvBytes: Int, expertMegabytes: Double
  ) {
    #expect(abs(model.parameters / (total * 1e9) - 1) < 0.02, "\(model.parameters)")
    #expect(abs(model.activeParameters / (active * 1e9) - 1) < 0.05, "\(model.activeParameters)")
    #expect(model.kvBytesPerToken() == kvBytes)
    #expect(abs(Double(DecodeCosts(model: model, chip: .ascend910C).expertBytes) / 1e6 - expertMegabytes) < 0.06)
  }

  @Test func theLatentIsServedInINT8AndGroupedKeysInBF16() {
    #expect(DecodeCosts(model: .deepSeekR1, chip: .ascend910C).kvBytesPerToken == 39_040)
    #expect(DecodeCosts(model: .kimiK2, chip: .ascend910C).kvBytesPerToken == 39_040)
    for model in [ServedModel.glm45, .qwen3, .miniMaxM2] {
      let costs = DecodeCosts(model: model, chip: .ascend910C)
      #expect(costs.kvBytesPerToken == Double(model.kvBytesPerToken()))
      #expect(costs.mlaPerRowTokenINT8 == costs.mlaPerRowTokenBF16)
      #expect(PrefillCosts(model: model, chip: .ascend910C).kvBytesPerToken == costs.kvBytesPerToken)
    }
    // q, k, v before attention and o after it; scores and values of one row on one token.
    let glm = ServedModel.glm45.attention
    #expect(glm.prologueParameters(hidden: 5120) == 5120 * 128 * (96 + 8 + 8))
    #expect(glm.projectionParameters(hidden: 5120) == 96 * 128 * 5120)
    #expect(glm.decodeFLOPsPerPair == 4 * 96 * 128 && glm.prefillFLOPsPerPair == 4 * 96 * 128)
    // Half the heads of the same latent: half the arithmetic, the same bytes.
    let (kimi, deepSeek) = (
      DecodeCosts(model: .kimiK2, chip: .ascend910C), DecodeCosts(model: .deepSeekR1, chip: .ascend910C)
    )
    #expect(kimi.mlaPerRowTokenBF16 * 2 == deepSeek.mlaPerRowTokenBF16)
    #expect(kimi.mlaPerToken == deepSeek.mlaPerToken)
  }

  /// Every built-in model decodes on the published layout, says what it is, and gives every row a die.
  @Test(arguments: ServedModel.all)
  func everyModelDecodesAndSaysWhetherItIsMeasured(model: ServedModel) throws {
    var scenario = Scenarios.peakDecode(seed: 3)
    scenario.model = model
    scenario.decode[0].sharedCopies = model.sharedExperts * 32
    scenario.decode[0].mtpLayers = min(1, model.mtpLayers)
    var simulation = try Simulation(scenario)
    simulation.advance(to: 3_000_000_000)
    #expect(simulation.events.contains { $0.text.contains("prediction") } != model.measured)
    let engine = simulation.decode[0]
    #expect(abs(engine.meanShare.reduce(0, +) - Float(model.topK + model.sharedExperts)) < 1e-2)
    let report = simulation.report()
    let tokens = try #require(report.outputTokensPerSecondPerNPU)
    #expect(tokens > 500 && tokens < 20_000)
    let calls = try #require(report.primitives[0]).calls
    #expect(calls % UInt64(288 * (model.layers - model.denseLayers)) == 0)
  }

  /// Redundant slots begin on dies that no expert calls home: Qwen's 128 experts and 160 replicas leave no die idle, and
  /// every further slot is used too.
  @Test(arguments: [160, 288, 400])
  func moreDiesThanExpertsAllServe(redundant: Int) {
    let popularity = ExpertPopularity(layers: 2, experts: 128, skew: 12, driftSeconds: 300, seed: 4)
    let placement = ExpertPlacement(
      layers: 2, experts: 128, dies: 288, sharedCopies: 0, redundant: redundant, observed: popularity.shares,
      sharedShare: 1 / 8, policy: .greedy)
    var rows = [Float](repeating: 0, count: 2 * 288)
    placement.rowsPerRow(shares: popularity.shares, topK: 8, into: &rows)
    for layer in 0..<2 {
      let dies = rows[(layer * 288)..<((layer + 1) * 288)]
      #expect(abs(dies.reduce(0, +) - 8) < 1e-3)
      #expect(dies.allSatisfy { $0 > 0 })
      #expect((dies.max() ?? 0) / (8 / 288) < 2.5)
      let replicas = placement.replicas[(layer * 128)..<((layer + 1) * 128)]
      #expect(replicas.reduce(0) { $0 + Int($1) } == 128 + redundant)
    }
  }

  /// Nobody balances: experts lie in their order, whatever was observed.
  @Test func withoutABalancerExpertsLieInTheirOrder() {
    let popularity = ExpertPopularity(layers: 1, experts: 256, skew: 12, driftSeconds: 300, seed: 4)
    let placement = ExpertPlacement(
      layers: 1, experts: 256, dies: 32, sharedCopies: 0, redundant: 256, observed: popularity.shares, sharedShare: 0,
      policy: .order)
    for die in 0..<32 {
      let held = placement.slots[(die * placement.slotsPerDie)..<((die + 1) * placement.slotsPerDie)]
      #expect(held.filter { $0 >= 0 } == (0..<8).map { Int16(die + 32 * $0) })
    }
    #expect(placement.replicas.allSatisfy { $0 == 1 })
  }

  @Test(arguments: [
    (ServedModel.qwen3, 1, 0, "decode.0.shared_copies"), (.qwen3, 0, 1, "decode.0.mtp.layers"),
    (.deepSeekR1, 0, 1, "decode.0.shared_copies"), (.deepSeekR1, 32, 3, "decode.0.mtp.layers"),
    (.qwen3, 0, 0, "runs"), (.miniMaxM2, 0, 2, "runs"),
  ])
  func whatAModelLacksIsRefused(model: ServedModel, shared: Int, drafts: Int, key: String) {
    var scenario = Scenarios.peakDecode()
    scenario.model = model
    scenario.decode[0].sharedCopies = shared
    scenario.decode[0].mtpLayers = drafts
    var found = "runs"
    do { _ = try Simulation(scenario) } catch { found = error.key }
    #expect(found == key)
  }

  @Test func weightsThatDoNotFitADieAreRefused() {
    func problem(_ base: Scenario, _ change: (inout Scenario) -> Void) -> String? {
      var scenario = base
      change(&scenario)
      do {
        _ = try Simulation(scenario)
        return nil
      } catch { return error.key }
    }
    // 21 slots of 2.6 GB; the same beside no attention; 65 GB of Kimi's weights on each of 16 dies.
    #expect(problem(Scenarios.peakDecode()) { $0.decode[0].redundant = 288 * 20 } == "decode.0.redundant")
    #expect(problem(Scenarios.splitDecode()) { $0.decode[0].redundant = 288 * 21 } == "decode.0.redundant")
    #expect(problem(Scenarios.splitDecode()) { $0.decode[0].redundant = 288 * 10 } == nil)
    #expect(problem(Scenarios.small(seed: 1)) { $0.model = .kimiK2 } == "prefill.0.dies")
    #expect(problem(Scenarios.small(seed: 1)) { _ in } == nil)
  }
}
