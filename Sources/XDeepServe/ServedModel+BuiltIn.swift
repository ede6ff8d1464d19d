extension ServedModel {
  /// Models that are built in, in the order in which to list them.
  public static let all = [deepSeekR1, deepSeekV3, kimiK2, glm45, qwen3, miniMaxM2]

  /// The built-in model of that spelling.
  public static func named(_ id: String) -> ServedModel? { all.first { $0.id == id } }

  /// DeepSeek-R1 (671B, 37B active), the only model measured in [XDS].
  ///
  /// Figures: [V3], primary.
  public static let deepSeekR1 = ServedModel(
    id: "deepseek-r1", title: "DeepSeek-R1", layers: 61, denseLayers: 3, hidden: 7168,
    attention: .mla(heads: 128, queryRank: 1536, latentRank: 512, ropeDimensions: 64, headDimensions: 128),
    experts: 256, topK: 8, sharedExperts: 1, expertInner: 2048, denseInner: 18432, vocabulary: 129_280, mtpLayers: 1,
    measured: true)

  /// DeepSeek-V3, the same architecture, so that R1's measurements hold for it.
  public static let deepSeekV3 = {
    var model = deepSeekR1
    model.id = "deepseek-v3"
    model.title = "DeepSeek-V3"
    return model
  }()

  /// Kimi K2 (1.04T, 32.6B active).
  ///
  /// Figures: its technical report and configuration, primary; vocabulary and dense width from the configuration.
  public static let kimiK2 = ServedModel(
    id: "kimi-k2", title: "Kimi K2", layers: 61, denseLayers: 1, hidden: 7168,
    attention: .mla(heads: 64, queryRank: 1536, latentRank: 512, ropeDimensions: 64, headDimensions: 128),
    experts: 384, topK: 8, sharedExperts: 1, expertInner: 2048, denseInner: 18432, vocabulary: 163_840, mtpLayers: 0)

  /// GLM-4.5 (355B, 32B active).
  ///
  /// Figures: published configuration, secondary.
  public static let glm45 = ServedModel(
    id: "glm-4.5", title: "GLM-4.5", layers: 92, denseLayers: 3, hidden: 5120,
    attention: .gqa(heads: 96, keyValueHeads: 8, headDimensions: 128), experts: 160, topK: 8, sharedExperts: 1,
    expertInner: 1536, denseInner: 12288, vocabulary: 151_552, mtpLayers: 1)

  /// Qwen3-235B-A22B.
  ///
  /// Figures: published configuration, secondary.
  public static let qwen3 = ServedModel(
    id: "qwen3-235b-a22b", title: "Qwen3-235B-A22B", layers: 94, denseLayers: 0, hidden: 4096,
    attention: .gqa(heads: 64, keyValueHeads: 4, headDimensions: 128), experts: 128, topK: 8, sharedExperts: 0,
    expertInner: 1536, denseInner: 0, vocabulary: 151_936, mtpLayers: 0)

  /// MiniMax-M2 (230B, 10B active).
  ///
  /// Figures: published configuration, secondary.
  public static let miniMaxM2 = ServedModel(
    id: "minimax-m2", title: "MiniMax-M2", layers: 62, denseLayers: 0, hidden: 3072,
    attention: .gqa(heads: 48, keyValueHeads: 8, headDimensions: 128), experts: 256, topK: 8, sharedExperts: 0,
    expertInner: 1536, denseInner: 0, vocabulary: 200_064, mtpLayers: 3)
}
