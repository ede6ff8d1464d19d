import SuperPod
import XCCL

/// What the kernels of one decode iteration cost on one die, as functions of rows, requests and KV tokens.
///
/// FLOPs and bytes follow from the model's architecture; peak rates from the die's rating ([CM]); efficiencies from
/// [CM]'s kernel measurements where they exist, else they are assumptions listed in docs/model.md. Time in microseconds.
struct DecodeCosts: Hashable, Sendable {
  /// A kernel as a roofline: fixed time, weights streamed, arithmetic a row.
  struct Kernel: Hashable, Sendable {
    var fixed: Float
    var streaming: Float
    var computePerRow: Float

    func micros(rows: Float) -> Float {
      fixed + Roofline.microseconds(compute: computePerRow * rows, streaming: streaming)
    }

    /// The same for four dies.
    @inline(__always)
    func micros(rows: Lanes.Vector) -> Lanes.Vector {
      fixed + Roofline.microseconds(compute: computePerRow * rows, streaming: Lanes.Vector(repeating: streaming))
    }
  }

  /// INT8 matmul reaches 77–83 % of peak ([CM]).
  static let matmulEfficiency: Float = 0.8
  /// MLA where compute bound: 65 % of peak ([CM]).
  static let mlaComputeEfficiency: Float = 0.65
  /// MLA where memory bound: 84 % of HBM bandwidth ([CM]).
  static let mlaMemoryEfficiency: Float = 0.84
  /// Streaming of weights (assumption).
  static let weightEfficiency: Float = 0.9

  /// What the die can do at best.
  let chip: ChipRating
  let layers: Int
  /// KV of a token and layer, as served, bytes.
  var cacheBytes: Float
  let hidden: Int
  let denseLayers: Int
  var prologue: Kernel
  var projection: Kernel
  let dense: Kernel
  let mtpProjection: Kernel
  var head: Kernel
  /// Norms, residuals, gating, quantisation: fixed time of a layer.
  var othersFixed: Float
  /// The same, a row.
  let othersPerRow: Float
  /// Attention proper, MLA or not: fixed time of a layer.
  let mlaFixed: Float
  /// The same: reading what one KV token left in the cache of a layer.
  var mlaPerToken: Float
  /// The same in BF16: arithmetic of one row on one KV token.
  var mlaPerRowTokenBF16: Float
  /// The same in INT8; in BF16 where the model's attention has no INT8 form.
  var mlaPerRowTokenINT8: Float
  /// MoE: fixed time, arithmetic a row, streaming a slot.
  let expertFixed: Float
  var expertPerRow: Float
  let expertPerSlot: Float
  var dispatch: CollectiveCost
  /// Bytes of one row on the wire.
  let dispatchRowBytes: Float
  let combineRowBytes: Float
  var combine: CollectiveCost
  /// Destinations of a row: top-k and the shared expert.
  let copies: Float
  /// Bytes of weights that a die holds apart from experts, and of one expert of one layer.
  var residentBytes: Float
  let expertBytes: Float
  /// Weights that one iteration streams apart from experts.
  var streamedBytes: Float

  init(model: ServedModel, chip: ChipRating) {
    self.chip = chip
    layers = model.layers
    cacheBytes = Float(model.attention.servedCacheBytes)
    self.hidden = model.hidden
    denseLayers = model.denseLayers
    let hidden = Float(model.hidden)
    func int8(_ parameters: Float, fixed: Float) -> Kernel {
      Kernel(
        fixed: fixed, streaming: parameters / (chip.hbmBytesPerMicro * Self.weightEfficiency),
        computePerRow: 2 * parameters / (chip.int8PerMicro * Self.matmulEfficiency))
    }
    let attentionKind = model.attention
    let prologueParameters = Float(attentionKind.prologueParameters(hidden: model.hidden))
    prologue = int8(prologueParameters, fixed: 75)
    let projectionParameters = Float(attentionKind.projectionParameters(hidden: model.hidden))
    projection = int8(projectionParameters, fixed: 17)
    let denseParameters = 3 * hidden * Float(model.denseInner)
    dense = int8(denseParameters, fixed: 25)
    mtpProjection = int8(2 * hidden * hidden, fixed: 15)
    // The vocabulary matrix stays in BF16.
    let headParameters = hidden * Float(model.vocabulary)
    self.head = Kernel(
      fixed: 0, streaming: 2 * headParameters / (chip.hbmBytesPerMicro * Self.weightEfficiency),
      computePerRow: 2 * headParameters / (chip.bf16PerMicro * Self.mlaComputeEfficiency))
    othersFixed = 60
    othersPerRow = 0.26
    mlaFixed = 8
    mlaPerToken = cacheBytes / (chip.hbmBytesPerMicro * Self.mlaMemoryEfficiency)
    let pair = Float(attentionKind.decodeFLOPsPerPair)
    mlaPerRowTokenBF16 = pair / (chip.bf16PerMicro * Self.mlaComputeEfficiency)
    mlaPerRowTokenINT8 =
      attentionKind.hasINT8 ? pair / (chip.int8PerMicro * Self.mlaComputeEfficiency) : mlaPerRowTokenBF16
    expertBytes = 3 * hidden * Float(model.expertInner)
    expertFixed = 16
    expertPerRow = 2 * expertBytes / (chip.int8PerMicro * Self.matmulEfficiency)
    expertPerSlot = expertBytes / (chip.hbmBytesPerMicro * Self.weightEfficiency)
    dispatch = .dispatch(hidden: model.hidden)
    combine = .combine(hidden: model.hidden)
    dispatchRowBytes = CollectiveCost.dispatchRowBytes(hidden: model.hidden)
    combineRowBytes = CollectiveCost.combineRowBytes(hidden: model.hidden)
    copies = Float(model.topK + model.sharedExperts)
    let attention = (prologueParameters + projectionParameters) * Float(model.layers + model.mtpLayers)
    // Held are the embedding and the vocabulary matrix; streamed is the vocabulary matrix twice, for draft and main.
    residentBytes = attention + denseParameters * Float(model.denseLayers) + 4 * headParameters
    streamedBytes = residentBytes
  }

  /// KV of a token in all layers, as served, bytes.
  var kvBytesPerToken: Double { Double(cacheBytes) * Double(layers) }

  /// Whether a layer's attention runs in full INT8: two of three (assumption; K2's share of MLA pins it).
  static func isINT8(layer: Int) -> Bool { layer % 3 != 0 }

  /// How many layers do.
  var int8Layers: Int { layers - (layers + 2) / 3 }

  /// MLA of one layer.
  ///
  /// - Parameters:
  ///   - kv: KV tokens of all requests of the die.
  ///   - rowTokens: Sum over requests of rows times KV tokens.
  func mla(kv: Float, rowTokens: Float, int8: Bool) -> Float {
    mlaFixed
      + Roofline.microseconds(
        compute: (int8 ? mlaPerRowTokenINT8 : mlaPerRowTokenBF16) * rowTokens, streaming: mlaPerToken * kv)
  }

  /// MLA of one layer on four dies, from the microseconds of arithmetic and of streaming.
  @inline(__always)
  func mla(compute: Lanes.Vector, streaming: Lanes.Vector) -> Lanes.Vector {
    mlaFixed + Roofline.microseconds(compute: compute, streaming: streaming)
  }
}
