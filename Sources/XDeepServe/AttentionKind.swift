/// How a model attends to what came before, which decides what it caches and computes.
public enum AttentionKind: Hashable, Sendable {
  /// Multi-head latent attention: one compressed latent a token, queries turned into its space.
  ///
  /// - Parameters:
  ///   - heads: Attention heads.
  ///   - queryRank: Rank of the query compression.
  ///   - latentRank: Rank of the latent KV.
  ///   - ropeDimensions: Rotary dimensions of a head, cached once a token.
  ///   - headDimensions: Non-rotary query and value dimensions of a head.
  case mla(heads: Int, queryRank: Int, latentRank: Int, ropeDimensions: Int, headDimensions: Int)
  /// Grouped-query attention: several query heads share a key and a value.
  ///
  /// - Parameters:
  ///   - heads: Query heads.
  ///   - keyValueHeads: Heads of keys and of values.
  ///   - headDimensions: Dimensions of a head.
  case gqa(heads: Int, keyValueHeads: Int, headDimensions: Int)

  /// Values that a token leaves in the cache of a layer.
  public var cachedValues: Int {
    switch self {
    case .mla(_, _, let latent, let rope, _): latent + rope
    case .gqa(_, let keyValueHeads, let head): 2 * keyValueHeads * head
    }
  }

  /// Bytes that a token takes in the cache of a layer, as served.
  ///
  /// A latent lies in INT8 beside its rotary part in BF16 (design facts, section 3: 640 B); keys and values of grouped
  /// heads lie in BF16 (assumption: nobody publishes a cache in INT8 for them on this stack).
  public var servedCacheBytes: Int {
    switch self {
    case .mla(_, _, let latent, let rope, _): latent + 2 * rope
    case .gqa: 2 * cachedValues
    }
  }

  /// Whether some layers can attend in full INT8: what is published for the latent is assumed for nothing else.
  var hasINT8: Bool {
    if case .mla = self { return true }
    return false
  }

  /// Parameters of the matrices before attention proper: queries, keys, values, and for MLA the absorbed key projection
  /// that turns queries into latent space.
  func prologueParameters(hidden: Int) -> Int {
    switch self {
    case .mla(let heads, let query, let latent, let rope, let head):
      hidden * query + query * heads * (head + rope) + hidden * (latent + rope) + heads * head * latent
    case .gqa(let heads, let keyValueHeads, let head):
      hidden * head * (heads + 2 * keyValueHeads)
    }
  }

  /// Parameters of the matrices after it: the output matrix, and for MLA the way of the values out of latent space.
  func projectionParameters(hidden: Int) -> Int {
    switch self {
    case .mla(let heads, _, let latent, _, let head): heads * latent * head + heads * head * hidden
    case .gqa(let heads, _, let head): heads * head * hidden
    }
  }

  /// Parameters that turn a cached latent into the keys and values of all heads; nothing to turn where these are cached.
  var expansionParameters: Int {
    switch self {
    case .mla(let heads, _, let latent, _, let head): 2 * heads * head * latent
    case .gqa: 0
    }
  }

  /// Width of what the output matrix takes in.
  var outputWidth: Int {
    switch self {
    case .mla(let heads, _, _, _, let head), .gqa(let heads, _, let head): heads * head
    }
  }

  /// FLOPs of one row on one cached token in decode: scores and values, each a multiply and an add.
  var decodeFLOPsPerPair: Int {
    switch self {
    case .mla(let heads, _, let latent, let rope, _): 2 * heads * (latent + rope + latent)
    case .gqa(let heads, _, let head): 2 * heads * (head + head)
    }
  }

  /// FLOPs of one token on one earlier token in prefill, where MLA works on the keys and values themselves.
  var prefillFLOPsPerPair: Int {
    switch self {
    case .mla(let heads, _, _, let rope, let head): 2 * heads * (head + rope + head)
    case .gqa(let heads, _, let head): 2 * heads * (head + head)
    }
  }
}
