import Operations
import SuperPod
import Telemetry
import XCCL

/// A colocated decode task executor: its dies run attention and experts in lock step, one event an iteration.
///
/// Shapes: `dies` ranks, stored eight to a vector; layers run over the MoE layers of the main model, then the MTP
/// layer. Times are microseconds unless they are named nanoseconds.
struct DecodeEngine: Sendable {
  /// What the engine is doing.
  enum State: UInt8, Sendable {
    case idle, iterating, pausing
    /// Nothing moves: a die is lost and nobody knows yet, or the engine is being put together again.
    case stopped
  }

  /// One layer of one iteration, as the engine lived it.
  struct LayerRecord: Sendable {
    var start: Float = 0
    var attentionEnd: Float = 0
    var dispatchEnd: Float = 0
    var expertsEnd: Float = 0
    var combineEnd: Float = 0
    var dispatchWait: Float = 0
    var combineWait: Float = 0
    var slowestAttention: Int32 = -1
    var slowestExperts: Int32 = -1
    var attentionLag: Float = 0
    var expertsLag: Float = 0
    /// Dense layers before the first MoE layer, mean over dies.
    var dense: Float = 0
  }

  /// Sums of one iteration over dies and layers, for shares and means.
  struct Sums: Sendable {
    var dispatchWire: Double = 0
    var dispatchWait: Double = 0
    var combineWire: Double = 0
    var combineWait: Double = 0
    var experts: Double = 0
  }

  /// Gap between two iterations: scheduling on the host ([XDS]: 2 ms).
  static let gapMicros: Double = 2000
  /// Host work and sampling of one iteration (assumption; what K1 leaves after kernels and launch skew).
  static let hostMicros: Float = 850
  /// Mean of the exponential launch skew of a die, once a graph (assumption; K3's largest dispatch pins it).
  static let launchSkewMicros: Float = 100
  /// Spread of a die's attention kernels from one layer to the next (assumption; K3's mean dispatch pins it).
  static let attentionNoise: Float = 0.015
  /// Spread of a die's expert kernels: its rows come in uneven pieces (assumption; K3's mean combine pins it).
  static let expertNoise: Float = 0.03
  /// Chance of a stall of one die in one layer's experts, and its mean (assumptions; K3's largest combine pins them).
  static let stallChance = 5e-5
  static let stallMicros: Float = 700
  /// What activations, graphs and buffers take of a die's memory (assumption).
  static let workspaceBytes: Double = 12e9
  /// A second draft is kept this much less often than the first (assumption).
  static let secondDraftShare = 0.6

  let index: Int
  let id: String
  /// Dies of the pod in the order of ranks: those with DP groups, then a split engine's expert dies.
  let hosts: [Int]
  /// Dies with DP groups: all of a colocated engine, the attention dies of a split one.
  let dies: Int
  let vectors: Int
  let layout: Scenario.DecodeLayout
  let domains: Int
  let microBatches: Int
  let stack: Scenario.Stack
  /// Whether the micro-batches of a colocated engine run on two streams: only where it pays.
  var overlaps = false
  /// Dies that hold experts.
  let expertDies: Int
  /// Where the dies that hold experts begin in `hosts`.
  let firstExpert: Int
  let expertVectors: Int
  let expertLayers: Int
  var batchLimit: Int
  var slotVectors: Int
  var mtpLayers: Int
  let acceptance: Double
  var costs: DecodeCosts
  /// Share of rows that cross nodes.
  let remoteShare: Float
  let topK: Int
  /// It stays down: dies that it cannot do without are lost.
  var grounded = false
  /// KV tokens that fit on a die.
  let capacity: Int32
  let kvBytesPerToken: Double

  // Requests, die by die: `slotVectors * 4` places each, the first `count[die]` taken.
  var remaining: [SIMD4<Int32>]
  var slotRequest: [Int32]
  var slotFirst: [Int64]
  var slotBase: [Int32]
  var count: [Int32]
  /// Requests under way to the die.
  var reserved: [Int32]
  /// KV tokens held.
  var kv: [Int32]
  /// KV tokens that the group's requests, those under way too, are expected to hold; admission looks at this and at
  /// what they hold.
  var committed: [Int32]
  /// Requests without a group yet, in order.
  var deferred: [Int32] = []
  /// Requests whose KV has arrived, waiting for the next iteration.
  var joining: [Int32] = []
  var running = 0
  /// Running requests without a token in the measured window yet.
  var unopened = 0
  var acceptLanes: SIMD4<UInt32>
  /// Groups whose KV might not fit after the next iteration.
  var overflowing: [Int32] = []
  /// Groups in which a request ended, scratch.
  var endedGroups: [Int32] = []

  // Experts.
  var placement: ExpertPlacement
  /// A change of the placement under way.
  var rebalance: Rebalance?
  /// What each layer's experts bring to each die, layers × vectors.
  var experts: [LayerKernel.ExpertColumn]
  /// Rows that one row of the engine brings to each die, in the same order.
  var shares: [Lanes.Vector]
  /// Rows a die serves for one row of the engine, mean over the main model's layers.
  var meanShare: [Float]
  /// The same over the mean die's, and the layer where the die is hottest.
  var meanLoad: [Float]
  var peakLoad: [Float]
  /// Largest rank over the mean, averaged over layers.
  var imbalance: Float = 1

  /// Measures against jitter that are on.
  var jitter = JitterMeasures()

  // Prompts of a mixed engine: each die's queue, and what it prefills in the iteration under way.
  var promptHead: [Int32]
  var promptTail: [Int32]
  var chunkRows: [Lanes.Vector]
  /// Attention of the chunk, microseconds a layer.
  var chunkAttention: [Lanes.Vector]
  /// A token's attention to one earlier token in one layer, microseconds.
  let mixedPairMicros: Double

  /// The dies that the engine is meant to have; it stands on fewer while some are lost.
  var home: [Int]
  /// Ranks that take no more requests: their die is to leave.
  var closed: [Bool]
  /// Ranks that KV does not reach, as far as probes tell.
  var unreachable: [Bool]
  /// Draft layers from the next iteration on.
  var wantedDrafts: Int
  /// Which group a request goes to.
  var choice = GroupChoice.kv
  /// Where a choice in turn goes on.
  var nextGroup = 0

  // The iteration under way.
  var state = State.idle
  /// Goes up when what is on the calendar for the engine no longer holds.
  var epoch: UInt64 = 0
  var iterationStart: Int64 = 0
  var iterationEnd: Int64 = 0
  /// When the last tokens came out.
  var lastTokens: Int64 = 0
  var duration: Double = 0
  var sums = Sums()
  var mtpSums = Sums()
  var waits: [Lanes.Vector]
  var records: [LayerRecord]
  var counts: [IterationCounts]
  var stream: RandomStream
  var iterations: UInt64 = 0
  var mlaMicros: Double = 0
  var prologueMicros: Double = 0
  var matmulMicros: Double = 0

  /// A split engine's operations of the iteration: all A2E, then all E2A.
  var operations: [StageOperation]
  var operationCount = 0
  /// Summed work of a split engine's expert dies.
  var stage: [Lanes.Vector]

  /// How much longer a die's kernels take than a healthy die's; attention dies first, then a split engine's experts.
  var pace: [Lanes.Vector]
  /// How much longer a die's bytes take than over healthy links.
  var stretch: [Lanes.Vector]
  /// Largest stretch that a split engine's domain meets.
  var slowestWire: [Float]

  // Scratch of the kernel.
  var lateness: [Lanes.Vector]
  var arrivals: [Lanes.Vector]
  var attentionINT8: [Lanes.Vector]
  var attentionBF16: [Lanes.Vector]
  var columns: [LayerKernel.DieColumn]
  /// The shortest and longest calls of the iteration, main model and draft layers.
  var extremes = LayerKernel.Extremes()
  var draftExtremes = LayerKernel.Extremes()
  var rows: [Lanes.Vector]
  /// Work of each die's attention stream, where there are two.
  var attentionWork: [Lanes.Vector]
  /// When each die's attention and expert streams are free, where there are two.
  var attentionFree: [Lanes.Vector]
  var expertFree: [Lanes.Vector]
  /// When each micro-batch may go on, and when a split engine's domains end what they are doing, microseconds.
  var batchReady: [Double]
  var domainFree: [Double]
  /// Requests of each domain of a split engine.
  var domainRequests: [Float]
  /// Zeros, for a layer whose attention is done already.
  let noAttention: [Lanes.Vector]

  /// An engine whose experts lie as the observed loads want it.
  ///
  /// - Parameters:
  ///   - places: Requests that a die has room for, where that is more than the spec's batch.
  ///   - twin: An engine of the same spec that was just built on the same loads: its experts lie alike.
  init(
    index: Int, id: String, hosts: [Int], spec: Scenario.DecodeEngine, model: ServedModel, chip: ChipRating,
    stack: Scenario.Stack,
    observed: [Float], popularity: ExpertPopularity, balancer: Scenario.Balancer, seed: UInt64, places: Int? = nil,
    twin: DecodeEngine? = nil
  ) {
    self.index = index
    self.id = id
    self.hosts = hosts
    home = hosts
    let split = spec.layout == .split
    let dies = split ? spec.dataParallel : spec.dies
    self.dies = dies
    vectors = dies / Lanes.count
    layout = spec.layout
    domains = split ? spec.domains : 1
    microBatches = spec.microBatches
    self.stack = stack
    remoteShare = CollectiveCost.remoteShare(ranks: split ? spec.expertParallel : spec.dies)
    expertDies = split ? spec.expertParallel : spec.dies
    firstExpert = split ? dies : 0
    expertVectors = expertDies / Lanes.count
    expertLayers = model.layers - model.denseLayers
    batchLimit = spec.batch
    slotVectors = (max(spec.batch, places ?? 0) + 3) / 4
    mtpLayers = spec.mtpLayers
    wantedDrafts = spec.mtpLayers
    acceptance = spec.mtpAcceptance
    topK = model.topK
    costs = DecodeCosts(model: model, chip: chip).adapted(to: stack, model: model).placed(spec, model: model)
    kvBytesPerToken = costs.kvBytesPerToken
    placement =
      twin?.placement
      ?? ExpertPlacement(
        layers: expertLayers + 1, experts: model.experts, dies: expertDies, sharedCopies: spec.sharedCopies,
        redundant: spec.redundant, observed: observed, sharedShare: 1 / Float(model.topK),
        policy: ExpertPlacement.Policy(balancer))
    let slots = split ? 0 : placement.slotsPerDie
    let slotBytes = Double(costs.expertBytes) * Double(slots) * Double(expertLayers + 1)
    capacity = Int32(
      (chip.hbmBytes - Double(costs.residentBytes) - slotBytes - DieMemory.workspaceBytes(spec)) / kvBytesPerToken)

    let zero = Lanes.Vector()
    let places = dies * slotVectors * 4
    remaining = Array(repeating: SIMD4(repeating: Int32.max / 2), count: dies * slotVectors)
    slotRequest = Array(repeating: -1, count: places)
    slotFirst = Array(repeating: -1, count: places)
    slotBase = Array(repeating: 0, count: places)
    count = Array(repeating: 0, count: dies)
    reserved = count
    kv = count
    committed = count
    closed = Array(repeating: false, count: dies)
    unreachable = closed
    stream = RandomStream(seed: seed, name: "decode", index: index)
    var lanes = SIMD4<UInt32>()
    for lane in 0..<4 { lanes[lane] = UInt32(truncatingIfNeeded: stream.bits()) | 1 }
    acceptLanes = lanes
    let layerVectors = (expertLayers + 1) * expertVectors
    experts = Array(repeating: LayerKernel.ExpertColumn(), count: layerVectors)
    shares = Array(repeating: zero, count: layerVectors)
    waits = Array(repeating: zero, count: split ? vectors + expertVectors : vectors)
    meanShare = Array(repeating: 0, count: expertDies)
    meanLoad = meanShare
    peakLoad = meanShare
    let width = split ? domains * microBatches : 1
    records = Array(repeating: LayerRecord(), count: (expertLayers + 2) * width)
    operations = Array(repeating: StageOperation(), count: split ? 2 * expertLayers * width : 0)
    stage = split ? Array(repeating: zero, count: expertVectors) : []
    counts = Array(repeating: IterationCounts(), count: 4)
    lateness = Array(repeating: zero, count: vectors)
    arrivals = Array(repeating: zero, count: max(vectors, expertVectors))
    attentionINT8 = lateness
    attentionBF16 = lateness
    columns = Array(repeating: LayerKernel.DieColumn(), count: vectors)
    pace = Array(repeating: Lanes.Vector(repeating: 1), count: waits.count)
    stretch = pace
    slowestWire = Array(repeating: 1, count: domains)
    rows = lateness
    noAttention = lateness
    promptHead = Array(repeating: -1, count: dies)
    promptTail = promptHead
    chunkRows = lateness
    chunkAttention = lateness
    mixedPairMicros = PrefillCosts(model: model, chip: chip).pair / Double(model.layers)
    attentionWork = lateness
    attentionFree = lateness
    expertFree = lateness
    batchReady = Array(repeating: 0, count: domains * microBatches)
    domainFree = Array(repeating: 0, count: domains)
    domainRequests = Array(repeating: 0, count: domains)
    if let twin { takeExperts(of: twin) } else { refreshExperts(popularity) }
  }
}

/// One A2E or E2A of a split engine, microseconds.
struct StageOperation: Sendable {
  var wire: Float = 0
  var wait: Float = 0
}
