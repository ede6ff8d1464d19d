/// What prefilling costs a task executor: linear and quadratic attention on the dies of a DP group, experts on all.
///
/// FLOPs follow from the model; efficiencies are assumptions anchored on K6 (about 11 µs a token and 32 dies with 4K
/// prompts). Chunking, cache-aware routing and the collaborative scheduler come with the prefill mechanisms.
struct PrefillCosts: Hashable, Sendable {
  /// Share of INT8 peak that dense matrix products reach in prefill (assumption).
  static let matmulEfficiency = 0.55
  /// Share of BF16 peak that attention scores reach (assumption).
  static let scoreEfficiency = 0.5
  /// Experts: hottest rank over mean and exposed communication together (assumption: real balance, K6).
  static let expertStretch = 1.75
  /// Launch and host work of a step, microseconds (assumption).
  static let stepMicros = 12_000.0

  /// A token's linear work in attention, on one die, microseconds.
  let linear: Double
  /// A token's attention to one earlier token, on one die, microseconds.
  let pair: Double
  /// A token's experts and dense layers, on one die, microseconds.
  let experts: Double
  /// KV of a token on its way to decode, bytes.
  let kvBytesPerToken: Double

  init(model: ServedModel) {
    let hidden = Double(model.hidden)
    let layers = Double(model.layers)
    let kind = model.attention
    let attention = Double(
      kind.prologueParameters(hidden: model.hidden) + kind.projectionParameters(hidden: model.hidden))
    let int8 = Double(DecodeCosts.int8PerMicro) * Self.matmulEfficiency
    let bf16 = Double(DecodeCosts.bf16PerMicro) * Self.scoreEfficiency
    linear = 2 * attention * layers / int8
    pair = Double(kind.prefillFLOPsPerPair) * layers / bf16
    let expert = 3 * hidden * Double(model.expertInner) * Double(model.topK + model.sharedExperts)
    let dense = 3 * hidden * Double(model.denseInner)
    let denseLayers = Double(model.denseLayers)
    experts = 2 * (expert * (layers - denseLayers) + dense * denseLayers) / int8 * Self.expertStretch
    kvBytesPerToken = Double(kind.servedCacheBytes) * layers
  }

  /// Attention of one prompt on the dies of its DP group, microseconds; cached tokens are only attended to.
  func attention(prompt: Double, cached: Double, dies: Double) -> Double {
    let fresh = prompt - cached
    let pairs = fresh * (cached + prompt) / 2
    return (linear * fresh + pair * pairs) / dies
  }
}
