public import Operations
public import SuperPod

/// A scenario as people write it (docs/language of ids, times and keys): what runs on which pod under which load.
public struct Scenario: Hashable, Sendable {
  /// Name shown on screens and in JSON.
  public var name: String
  /// One sentence on what it is for.
  public var about: String
  /// Seed of every random stream.
  public var seed: UInt64
  /// The machine.
  public var topology: Topology
  /// What each of its dies can do.
  public var chip: ChipRating
  /// The served model.
  public var model: ServedModel
  /// Where the two published systems differ, which one.
  public var stack: Stack
  /// Targets.
  public var slo: ServiceLevel
  /// What time zero finds.
  public var start: Start
  /// Prefill engines, expanded: one entry an engine.
  public var prefill: [PrefillEngine]
  /// Decode engines.
  public var decode: [DecodeEngine]
  /// Spare nodes as written, to check the sum; nil where not written.
  public var spare: Int?
  /// Where requests come from.
  public var workload: Workload
  /// Share of input tokens found in the prefix cache.
  public var prefixHit: Double
  /// How popular experts are and who places them.
  public var experts: ExpertTraffic
  /// How long clients wait.
  public var clients: Clients
  /// What happens when, in the order in which it was written.
  public var events: [ScheduledAction]
  /// Times the published rates at which faults come by themselves; zero for none.
  public var backgroundFaults: Double
  /// Names of the token blocks of a trace's prompts, one row after another; empty where the trace has none.
  public var hashBlocks: [Int32]
  /// What has to be said about where the requests come from, such as that they are a made sample; nil for nothing.
  public var workloadNote: String?

  /// The serving system whose behaviour counts where papers differ.
  public enum Stack: String, Hashable, CaseIterable, Sendable {
    case xdeepserve
    case cloudmatrixInfer = "cloudmatrix-infer"
  }

  /// What time zero finds: a running system, or nothing.
  public enum Start: String, Hashable, CaseIterable, Sendable {
    case steady, empty
  }

  /// Latency targets, milliseconds.
  public struct ServiceLevel: Hashable, Sendable {
    /// Time to first token.
    public var ttftMilliseconds: Double
    /// Time per output token.
    public var tpotMilliseconds: Double
    /// Targets.
    public init(ttftMilliseconds: Double = 2000, tpotMilliseconds: Double = 50) {
      self.ttftMilliseconds = ttftMilliseconds
      self.tpotMilliseconds = tpotMilliseconds
    }
  }

  /// A prefill task executor.
  public struct PrefillEngine: Hashable, Sendable {
    /// Dies of the engine.
    public var dies: Int
    /// Dies that share one prompt's attention.
    public var tensorParallel: Int
    /// DP groups; `dies = tensorParallel * dataParallel`.
    public var dataParallel: Int
    /// Dies over which experts are spread.
    public var expertParallel: Int
    /// The way of KV to decode.
    public var fabric: Fabric
    /// What its dies are.
    public var chip: Chip
    /// Who gives prompts to its DP groups.
    public var scheduler: Scheduler

    /// A way of KV from prefill to decode.
    public enum Fabric: String, Hashable, CaseIterable, Sendable {
      /// The pod's own fabric.
      case ub
      /// Scale-out, 200 Gbps a die.
      case roce
    }

    /// A generation of NPUs.
    public enum Chip: String, Hashable, CaseIterable, Sendable {
      /// The pod's own.
      case c910 = "910c"
      /// An older server of eight, reached over RoCE alone.
      case b910 = "910b"
    }

    /// A way to give prompts to DP groups.
    public enum Scheduler: String, Hashable, CaseIterable, Sendable {
      /// All groups see all prompts, a leader assigns them by cost.
      case collaborative
      /// Engines and groups by turns, each with a queue of its own.
      case twoLevel = "two-level"
    }

    /// An engine; see the properties.
    public init(
      dies: Int = 32, tensorParallel: Int = 4, dataParallel: Int = 8, expertParallel: Int = 32, fabric: Fabric = .ub,
      chip: Chip = .c910, scheduler: Scheduler = .collaborative
    ) {
      self.fabric = fabric
      self.chip = chip
      self.scheduler = scheduler
      self.dies = dies
      self.tensorParallel = tensorParallel
      self.dataParallel = dataParallel
      self.expertParallel = expertParallel
    }
  }

  /// Where attention and experts of a decode engine stand.
  public enum DecodeLayout: String, Hashable, CaseIterable, Sendable {
    /// On the same dies, in lock step.
    case colocated
    /// Attention on domains of DP groups, experts on dies of their own.
    case split
    /// As colocated, and prompts are prefilled in chunks on the same dies, in lock step.
    case mixed
  }

  /// A decode task executor.
  public struct DecodeEngine: Hashable, Sendable {
    /// Where attention and experts stand.
    public var layout: DecodeLayout
    /// Domains of a split engine, which take turns on the expert dies.
    public var domains: Int
    /// Micro-batches of a split engine.
    public var microBatches: Int
    /// Dies of the engine.
    public var dies: Int
    /// DP groups.
    public var dataParallel: Int
    /// Dies that host experts.
    public var expertParallel: Int
    /// Dies whose first slot holds the shared expert.
    public var sharedCopies: Int
    /// Redundant expert slots in all.
    public var redundant: Int
    /// Limit of requests a die.
    public var batch: Int
    /// Draft layers, 0 to 2.
    public var mtpLayers: Int
    /// Share of drafts accepted.
    public var mtpAcceptance: Double
    /// An engine; see the properties.
    public init(
      dies: Int = 288, dataParallel: Int = 288, expertParallel: Int = 288, sharedCopies: Int = 32,
      redundant: Int = 288, batch: Int = 60, mtpLayers: Int = 1, mtpAcceptance: Double = 0.9,
      layout: DecodeLayout = .colocated, domains: Int = 1, microBatches: Int = 1
    ) {
      self.layout = layout
      self.domains = domains
      self.microBatches = microBatches
      self.dies = dies
      self.dataParallel = dataParallel
      self.expertParallel = expertParallel
      self.sharedCopies = sharedCopies
      self.redundant = redundant
      self.batch = batch
      self.mtpLayers = mtpLayers
      self.mtpAcceptance = mtpAcceptance
    }
  }

  /// Where requests come from.
  public enum Workload: Hashable, Sendable {
    /// Independent arrivals.
    case poisson(ratePerSecond: Double, prompt: Lengths, output: Lengths)
    /// Independent arrivals at the rate of the hour (`DailyCurve`); the scenario begins so many seconds after midnight.
    case daily(meanPerSecond: Double, startSeconds: Double, prompt: Lengths, output: Lengths)
    /// As many requests as slots, each replaced when it finishes by one already prefilled.
    case closed(requestsPerDie: Int, prompt: Lengths, output: Lengths)
    /// Requests as recorded, in order of arrival.
    case trace([TraceRequest], name: String)
  }

  /// Expert popularity and placement.
  public struct ExpertTraffic: Hashable, Sendable {
    /// Hottest expert of a layer over the mean.
    public var skew: Double
    /// Time in which popularity forgets itself, seconds.
    public var driftSeconds: Double
    /// Who places replicas.
    public var balancer: Balancer
    /// Time between balancings, seconds.
    public var intervalSeconds: Double
    /// See the properties.
    public init(
      skew: Double = 12, driftSeconds: Double = 300, balancer: Balancer = .podium, intervalSeconds: Double = 60
    ) {
      self.skew = skew
      self.driftSeconds = driftSeconds
      self.balancer = balancer
      self.intervalSeconds = intervalSeconds
    }
  }

  /// Who chooses and places expert replicas.
  public enum Balancer: String, Hashable, CaseIterable, Sendable {
    case podium, eplb, `static`, none
  }

  /// How clients behave.
  public struct Clients: Hashable, Sendable {
    /// Wait for the first token, seconds.
    public var patienceSeconds: Double
    /// Further attempts.
    public var retries: Int
    /// Share that cancels.
    public var cancel: Double
    /// See the properties.
    public init(patienceSeconds: Double = 60, retries: Int = 0, cancel: Double = 0) {
      self.patienceSeconds = patienceSeconds
      self.retries = retries
      self.cancel = cancel
    }
  }

  /// A scenario with every key given.
  public init(
    name: String, about: String = "", seed: UInt64 = 1, topology: Topology = Topology(),
    chip: ChipRating = .ascend910C, model: ServedModel = .deepSeekR1, stack: Stack = .xdeepserve,
    slo: ServiceLevel = ServiceLevel(),
    start: Start = .steady, prefill: [PrefillEngine] = [], decode: [DecodeEngine] = [], spare: Int? = nil,
    workload: Workload, prefixHit: Double = 0, experts: ExpertTraffic = ExpertTraffic(), clients: Clients = Clients(),
    hashBlocks: [Int32] = [], workloadNote: String? = nil, events: [ScheduledAction] = [],
    backgroundFaults: Double = 0
  ) {
    self.name = name
    self.about = about
    self.seed = seed
    self.topology = topology
    self.chip = chip
    self.model = model
    self.stack = stack
    self.slo = slo
    self.start = start
    self.prefill = prefill
    self.decode = decode
    self.spare = spare
    self.workload = workload
    self.prefixHit = prefixHit
    self.experts = experts
    self.clients = clients
    self.events = events
    self.backgroundFaults = backgroundFaults
    self.hashBlocks = hashBlocks
    self.workloadNote = workloadNote
  }
}

/// A distribution of token counts: a fixed number, or a lognormal one with a cap.
public struct Lengths: Hashable, Sendable {
  /// Mean after the cap.
  public var mean: Double
  /// Median; nil takes a lognormal of the shape that gives the mean.
  public var median: Double?
  /// Largest, nil for none.
  public var maximum: Int?
  /// Whether every draw is the mean.
  public var fixed: Bool
  /// Sigma of the logarithm, nil for the default.
  public var shape: Double?

  /// A distribution; see the properties.
  public init(mean: Double, median: Double? = nil, maximum: Int? = nil, fixed: Bool = false, shape: Double? = nil) {
    self.mean = mean
    self.median = median
    self.maximum = maximum
    self.fixed = fixed
    self.shape = shape
  }

  /// Always the same count.
  public static func fixed(_ tokens: Int) -> Lengths { Lengths(mean: Double(tokens), fixed: true) }
}

/// One request of a trace.
public struct TraceRequest: Hashable, Sendable {
  /// Nanoseconds after the trace's first request.
  public var arrival: Int64
  /// Input tokens, at least one.
  public var prompt: Int32
  /// Output tokens, at least one.
  public var output: Int32
  /// What its prompt is made of; none where the trace does not say.
  public var blocks: PromptBlocks

  /// A request; see the properties.
  public init(arrival: Int64, prompt: Int32, output: Int32, blocks: PromptBlocks = PromptBlocks()) {
    self.arrival = arrival
    self.prompt = prompt
    self.output = output
    self.blocks = blocks
  }
}

/// The blocks of 512 tokens that a prompt is made of, as a stretch of `Scenario.hashBlocks`.
public struct PromptBlocks: Hashable, Sendable {
  /// Tokens of a block (Mooncake's traces).
  public static let tokens = 512

  /// Place of the first one.
  public var first: Int32
  /// How many.
  public var count: Int32
  /// Added to each name: copies of a request in a scaled trace are other clients' prompts.
  public var shift: Int32

  /// Blocks; see the properties.
  public init(first: Int32 = 0, count: Int32 = 0, shift: Int32 = 0) {
    self.first = first
    self.count = count
    self.shift = shift
  }
}
