/// The architecture of a served model, from which FLOPs and bytes follow.
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
  /// How it attends.
  public var attention: AttentionKind
  /// Routed experts a layer.
  public var experts: Int
  /// Experts a token takes.
  public var topK: Int
  /// Shared experts a layer, 0 or 1.
  public var sharedExperts: Int
  /// Inner width of an expert.
  public var expertInner: Int
  /// Inner width of a dense FFN; of no account without dense layers.
  public var denseInner: Int
  /// Vocabulary.
  public var vocabulary: Int
  /// MTP layers the model was trained with.
  public var mtpLayers: Int
  /// Whether published measurements of the serving system used this model; all else is a prediction.
  public var measured: Bool

  /// A model; see the properties.
  public init(
    id: String, title: String, layers: Int, denseLayers: Int, hidden: Int, attention: AttentionKind, experts: Int,
    topK: Int, sharedExperts: Int, expertInner: Int, denseInner: Int, vocabulary: Int, mtpLayers: Int,
    measured: Bool = false
  ) {
    self.id = id
    self.title = title
    self.layers = layers
    self.denseLayers = denseLayers
    self.hidden = hidden
    self.attention = attention
    self.experts = experts
    self.topK = topK
    self.sharedExperts = sharedExperts
    self.expertInner = expertInner
    self.denseInner = denseInner
    self.vocabulary = vocabulary
    self.mtpLayers = mtpLayers
    self.measured = measured
  }

  /// Draft layers that a scenario may run: none without an MTP layer, else two.
  ///
  /// A model that was trained with one runs it twice, the second time on its own draft.
  public var mostDraftLayers: Int { mtpLayers > 0 ? 2 : 0 }

  /// The most that the hottest expert can draw, over the mean expert: every row's copies go to distinct experts.
  public var largestSkew: Double { Double(experts) / Double(topK) }

  /// What to say where figures of a model appear that nobody measured on this system.
  public var predictionNote: String {
    "every figure of \(title) is a prediction from its architecture; only DeepSeek-R1 is measured on this system"
  }

  /// Bytes of KV that a token takes in all layers, with so many bytes a value.
  public func kvBytesPerToken(bytesPerValue: Int = 2) -> Int { layers * attention.cachedValues * bytesPerValue }

  /// Parameters in all, draft layers left out.
  public var parameters: Double {
    attentionParameters + expertParameters(of: experts + sharedExperts) + denseParameters + 2 * vocabularyParameters
  }

  /// Parameters that a token passes, the embedding's look-up left out.
  public var activeParameters: Double {
    attentionParameters + expertParameters(of: topK + sharedExperts) + denseParameters + vocabularyParameters
  }

  private var attentionParameters: Double {
    let layer = attention.prologueParameters(hidden: hidden) + attention.projectionParameters(hidden: hidden)
    return Double(layer * layers)
  }

  private func expertParameters(of count: Int) -> Double {
    3 * Double(hidden) * Double(expertInner) * Double(count) * Double(layers - denseLayers)
  }

  private var denseParameters: Double { 3 * Double(hidden) * Double(denseInner) * Double(denseLayers) }
  private var vocabularyParameters: Double { Double(hidden) * Double(vocabulary) }
}
