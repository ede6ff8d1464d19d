import SuperPod
import XCCL

/// What prefilling costs a task executor: attention on the dies of a DP group, experts and their exchange on all.
///
/// FLOPs and bytes follow from the model, rates from the die; efficiencies are assumptions anchored on K6. Times are
/// microseconds of all main layers together.
struct PrefillCosts: Hashable, Sendable {
  /// Share of INT8 peak that matrix products reach in prefill (assumption, K6; alone they reach 77–83 %, [CM]).
  static let matmulEfficiency = 0.58
  /// Share of BF16 peak that attention scores reach: what [CM] measured of MLA where it is compute bound.
  static let scoreEfficiency = 0.65
  /// Launch and host work of a step (assumption).
  static let stepMicros = 4000.0
  /// Norms, gating, quantisation, a row and layer, as in decode.
  static let othersPerRow = 0.26
  /// Bytes a microsecond that a DP group's die fetches from the pool in the CPUs' memory, index look-ups and copies of
  /// scattered blocks in, what hides behind computing out (assumption; K9 pins it, a CPU's line alone carries 147 GB/s).
  static let poolBytesPerMicro = 1300.0
  /// Arithmetic of a 910B beside a die of a 910C (assumption: 313 of 376 TFLOPS).
  static let olderChip = 313.0 / 376
  /// Rates of a 910B's neighbours in its server of eight, and of RoCE beyond it, bytes a microsecond (assumption;
  /// 200 Gbps a die).
  static let serverBytesPerMicro = 100e3
  static let roceBytesPerMicro = 25e3
  /// Bytes a microsecond between dies ([CM] table 1).
  static let readBytesPerMicro = 164e3

  /// A token's linear work before the experts, on one die.
  let linear: Double
  /// A token's attention to one earlier token, on one die.
  let pair: Double
  /// Turning a cached token's latent into keys and values, on one die.
  let expansion: Double
  /// A row's work in one expert.
  let expertRow: Double
  /// Streaming the weights of attention and dense layers, and of the experts, once a step.
  let attentionStreaming: Double
  let expertStreaming: Double
  /// Summing up a token's attention over the dies of its DP group, twice a layer.
  let allReduce: Double
  /// Bytes that each die sends for it.
  let allReduceBytes: Double
  /// Fetching one pooled token, on the dies of its DP group together.
  let fetch: Double
  /// KV of a token on its way to decode, bytes.
  let kvBytesPerToken: Double
  /// Copies of a row: top-k and the shared expert.
  let copies: Double

  private let stack: Scenario.Stack
  private let spec: Scenario.PrefillEngine
  private let layers: Double
  private let dispatch: CollectiveCost
  private let combine: CollectiveCost
  /// What a row costs more where it crosses servers over RoCE, there and back.
  private let roceRow: Double

  init(
    model: ServedModel, chip: ChipRating, stack: Scenario.Stack = .xdeepserve,
    spec: Scenario.PrefillEngine = Scenario.PrefillEngine()
  ) {
    self.stack = stack
    self.spec = spec
    let hidden = Double(model.hidden)
    let all = Double(model.layers)
    layers = Double(model.layers - model.denseLayers)
    let kind = model.attention
    let older = spec.chip == .b910
    let pace = older ? Self.olderChip : 1
    let int8 = Double(chip.int8PerMicro) * Self.matmulEfficiency * pace
    let bf16 = Double(chip.bf16PerMicro) * Self.scoreEfficiency * pace
    let attention =
      Double(kind.prologueParameters(hidden: model.hidden) + kind.projectionParameters(hidden: model.hidden)) * all
    let dense = 3 * hidden * Double(model.denseInner) * Double(model.denseLayers)
    linear = 2 * (attention + dense) / int8 + Self.othersPerRow * all
    pair = Double(kind.prefillFLOPsPerPair) * all / bf16
    expansion = 2 * Double(kind.expansionParameters) * all / int8
    let wires = DecodeCosts(model: model, chip: chip).adapted(to: stack, model: model)
    let expert = Double(wires.expertBytes)
    expertRow = 2 * expert * layers / int8
    copies = Double(wires.copies)
    let streamed = Double(chip.hbmBytesPerMicro * DecodeCosts.weightEfficiency)
    attentionStreaming = (attention + dense) / Double(spec.tensorParallel) / streamed
    let slots = PrefillLayout.slots(model: model, chip: chip, spec: spec)
    expertStreaming = expert * Double(slots) * layers / streamed
    let tensor = Double(spec.tensorParallel)
    let near = older ? Self.serverBytesPerMicro : Self.readBytesPerMicro
    allReduceBytes = 2 * (tensor - 1) / tensor * 2 * hidden * all
    allReduce = allReduceBytes / near
    kvBytesPerToken = wires.kvBytesPerToken
    fetch = kvBytesPerToken / Self.poolBytesPerMicro
    dispatch = wires.dispatch
    combine = wires.combine
    roceRow =
      older
      ? Double(wires.dispatchRowBytes + wires.combineRowBytes)
        * (1 / Self.roceBytesPerMicro - 1 / Self.readBytesPerMicro)
      : 0
  }

  /// Attention of a part of a prompt on the dies of its DP group.
  ///
  /// - Parameter before: Tokens that come before the part.
  func attention(tokens: Double, before: Double) -> Double {
    let pairs = tokens * (before + tokens / 2)
    return (linear * tokens + pair * pairs) / Double(spec.tensorParallel) + allReduce * tokens
  }

  /// What it costs to have a prompt's cached tokens at hand, on the dies of its DP group.
  func reuse(cached: Double, pooled: Double) -> Double {
    (expansion * cached + fetch * pooled) / Double(spec.tensorParallel)
  }

  /// What a DP group's token costs the engine apart from attention, where all groups have as much: a plain figure for
  /// whoever plans.
  var sharedPerToken: Double {
    let perDie = copies / Double(spec.tensorParallel)
    let wires = Double(
      dispatch.wireMicros(ranks: 0, rowsOut: 1, rowsIn: 1, remote: remote) - dispatch.fixedMicros(ranks: 0)
        + combine.wireMicros(ranks: 0, rowsOut: 1, rowsIn: 1, remote: remote) - combine.fixedMicros(ranks: 0))
    return perDie * (expertRow * 1.2 + (wires + roceRow * Double(remote)) * layers)
  }

  /// A step of the whole engine.
  ///
  /// Dispatch and combine are barriers: everyone waits for the group with most attention, then for the die with most
  /// expert rows. One stream runs all of it in a row; the other stack runs two micro-batches, so that experts and
  /// attention of one hide communication of the other, in part (assumption: by the harmonic mean of both).
  ///
  /// - Parameters:
  ///   - slowest: Attention of the slowest DP group.
  ///   - widest: Tokens of the DP group with most of them.
  ///   - tokens: Tokens of all groups.
  ///   - imbalance: Rows of the busiest die over the mean die's.
  ///   - pace: How much longer the slowest die's kernels take than a healthy die's; everybody waits for it.
  ///   - stretch: How much longer bytes take on the narrowest way than over healthy links.
  func step(
    slowest: Double, widest: Double, tokens: Double, imbalance: Double, pace: Double = 1, stretch: Double = 1
  ) -> Double {
    let dies = Double(spec.dies)
    let rows = tokens * copies / dies * imbalance
    let attention = overlapped(slowest, attentionStreaming)
    let experts = overlapped(expertRow * rows, expertStreaming) * pace
    let out = widest / Double(spec.tensorParallel) * copies
    // Combine is the way back: who sent most receives most.
    let wires =
      layers
      * (Double(dispatch.wireMicros(ranks: spec.dies, rowsOut: Float(out), rowsIn: Float(rows), remote: remote))
        + Double(combine.wireMicros(ranks: spec.dies, rowsOut: Float(rows), rowsIn: Float(out), remote: remote))
        + roceRow * Double(remote) * max(rows, out)) + longer(by: stretch, out: out, rows: rows)
    let computing = attention + experts
    guard stack == .cloudmatrixInfer else { return Self.stepMicros + computing + wires }
    return Self.stepMicros + computing + wires - computing * wires / (computing + wires)
  }

  /// What moving rows takes more where a way is narrow; announcing them takes as long as ever.
  private func longer(by stretch: Double, out: Double, rows: Double) -> Double {
    guard stretch > 1 else { return 0 }
    let moving =
      dispatch.pullMicros(remote: remote) * Float(rows) + combine.pullMicros(remote: remote) * Float(out)
    return layers * (stretch - 1) * (Double(moving) + roceRow * Double(remote) * max(rows, out))
  }

  /// Tokens of a prompt's rest that fit so much work; see `planned`.
  func tokens(fitting work: Double, before: Double) -> Double {
    let tensor = Double(spec.tensorParallel)
    let perPair = pair / tensor
    let perToken = linear / tensor + allReduce + sharedPerToken + perPair * before
    return ((perToken * perToken + 2 * perPair * max(work, 0)).squareRoot() - perToken) / perPair
  }

  /// Work of a part of a prompt as a planner sees it: attention, and its share of what the engine does for everyone.
  func planned(tokens: Double, before: Double) -> Double {
    attention(tokens: tokens, before: before) + sharedPerToken * tokens
  }

  private var remote: Float {
    CollectiveCost.remoteShare(ranks: spec.dies, diesPerNode: spec.chip == .b910 ? 8 : 16)
  }

  private func overlapped(_ compute: Double, _ streaming: Double) -> Double {
    let sum = compute + streaming
    return sum > 0 ? sum - Double(Roofline.overlap) * compute * streaming / sum : 0
  }
}
