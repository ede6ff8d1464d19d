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
    #expect(abs(Double(DecodeCosts(model: model).expertBytes) / 1e6 - expertMegabytes) < 0.06)
  }

  @Test func theLatentIsServedInINT8AndGroupedKeysInBF16() {
    #expect(DecodeCosts(model: .deepSeekR1).kvBytesPerToken == 39_040)
    #expect(DecodeCosts(model: .kimiK2).kvBytesPerToken == 39_040)
    for model in [ServedModel.glm45, .qwen3, .miniMaxM2] {
      let costs = DecodeCosts(model: model)
      #expect(costs.kvBytesPerToken == Double(model.kvBytesPerToken()))
      #expect(costs.mlaPerRowTokenINT8 == costs.mlaPerRowTokenBF16)
      #expect(PrefillCosts(model: model).kvBytesPerToken == costs.kvBytesPerToken)
    }
    // Half the heads of the same latent: half the arithmetic, the same bytes.
    let (kimi, deepSeek) = (DecodeCosts(model: .kimiK2), DecodeCosts(model: .deepSeekR1))
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

  /// Redundant slots begin on dies that no expert calls home: Qwen's 128 experts and 160 replicas leave no die idle.
  @Test func moreDiesThanExpertsAllServe() {
    let popularity = ExpertPopularity(layers: 2, experts: 128, skew: 12, driftSeconds: 300, seed: 4)
    let placement = ExpertPlacement(
      layers: 2, experts: 128, dies: 288, sharedCopies: 0, redundant: 160, observed: popularity.shares,
      sharedShare: 1 / 8, replicate: true)
    var rows = [Float](repeating: 0, count: 2 * 288)
    placement.rowsPerRow(shares: popularity.shares, topK: 8, into: &rows)
    for layer in 0..<2 {
      let dies = rows[(layer * 288)..<((layer + 1) * 288)]
      #expect(abs(dies.reduce(0, +) - 8) < 1e-3)
      #expect(dies.allSatisfy { $0 > 0 })
      #expect((dies.max() ?? 0) / (8 / 288) < 2.5)
    }
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

  @Test func weightsThatFillADieAreRefused() {
    var scenario = Scenarios.peakDecode()
    scenario.decode[0].redundant = 288 * 20
    var problem: ScenarioProblem?
    do { _ = try Simulation(scenario) } catch { problem = error }
    #expect(problem?.key == "decode.0.redundant")
    #expect(problem?.message.contains("no memory for KV") == true)
  }
}
