/// The architecture of a served model, from which FLOPs and bytes follow.
///
/// Figures: design facts section 2, A [V3].
public struct ServedModel: Hashable, Sendable {
  /// Spelling in scenarios.
  public var id: String
  /// Spelling on screens.
  public var title: String
  /// Transformer layers.
  public var layers: Int
  /// How many of them, the first ones, have a dense FFN instead of experts.
  public var denseLayers: Int
  /// Width of the residual stream.
  public var hidden: Int
  /// Attention heads.
  public var heads: Int
  /// Rank of the query compression (MLA).
  public var queryRank: Int
  /// Rank of the latent KV (MLA).
  public var latentRank: Int
  /// Rotary dimensions of a head (MLA).
  public var ropeDimensions: Int
  /// Non-rotary query and value dimensions of a head (MLA).
  public var headDimensions: Int
  /// Routed experts a layer.
  public var experts: Int
  /// Experts a token takes.
  public var topK: Int
  /// Shared experts a layer.
  public var sharedExperts: Int
  /// Inner width of an expert.
  public var expertInner: Int
  /// Inner width of a dense FFN.
  public var denseInner: Int
  /// Vocabulary.
  public var vocabulary: Int
  /// MTP layers the model was trained with.
  public var mtpLayers: Int

  /// DeepSeek-R1 (671B-A37B), the only model measured in [XDS].
  public static let deepSeekR1 = ServedModel(
    id: "deepseek-r1", title: "DeepSeek-R1", layers: 61, denseLayers: 3, hidden: 7168, heads: 128, queryRank: 1536,
    latentRank: 512, ropeDimensions: 64, headDimensions: 128, experts: 256, topK: 8, sharedExperts: 1,
    expertInner: 2048, denseInner: 18432, vocabulary: 129_280, mtpLayers: 1)
}
