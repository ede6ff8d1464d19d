public import SuperPod
public import Words

/// One row of the table of faults.
public struct FaultFacts: Hashable, Sendable {
  /// What happens, in one sentence.
  public var about: String
  /// Kinds of place that it can befall; empty where it strikes the workload and takes no place.
  public var places: [PlaceKind]
  /// What `by` means, nil where it does not apply.
  public var strength: Strength?
  /// How long it lasts if nobody says; nil until it is cleared.
  public var duration: DurationAmount?
  /// Where the figures are from: a name of facts, or assumed.
  public var source: String

  /// How strong a fault is.
  public struct Strength: Hashable, Sendable {
    /// What the number multiplies.
    public var what: String
    /// Accepted numbers.
    public var range: ClosedRange<Double>
    /// The number if nobody says.
    public var usual: Double
  }

  /// The kinds of place as a sentence has them: `a die such as n17.c3.d1 or an NPU such as n17.c3`.
  public var accepted: String {
    places.map { "\($0.rawValue) (such as \($0.example))" }.asAlternatives
  }
}

extension Fault {
  /// Its row of the table.
  public var facts: FaultFacts {
    switch self {
    case .die:
      FaultFacts(
        about: "The die stops until it is reset.", places: [.die, .group, .expertRank], duration: Self.reset,
        source: "device reset 150 s [MC]")
    case .npu:
      FaultFacts(
        about: "Both dies of the NPU stop until it is restarted, as after an HBM error storm.", places: [.npu],
        duration: Self.seconds(180), source: "restart of the NPU 3 min [MC]")
    case .node:
      FaultFacts(
        about: "The server with all its dies is gone.", places: [.node],
        source: "until cleared; assumed: repair is out of sight of a run")
    case .l1:
      FaultFacts(
        about: "An L1 switch chip is dead: its node loses that sub-plane and is separated.", places: [.l1],
        source: "node separated [MC]; until cleared, assumed")
    case .l2:
      FaultFacts(
        about: "An L2 switch is dead: its sub-plane loses one of its ways between nodes.", places: [.l2],
        source: "until cleared, assumed")
    case .linkDown:
      FaultFacts(
        about: "The link carries nothing; ignored for 20 s, then the die is set apart until 60 s healthy.",
        places: Self.links, duration: Self.seconds(120), source: "20 s and 60 s [MC]; duration assumed")
    case .linkFlap:
      FaultFacts(
        about: "The link goes down and up again and again; the fifth time in 24 h sets it apart for 48 h.",
        places: Self.links, duration: Self.seconds(120), source: "5 in 24 h, 48 h [MC]; duration assumed")
    case .lanesHalf:
      FaultFacts(
        about: "The link runs on half of its lanes and is reported as in sub-health.", places: Self.lanes,
        source: "sub-health at 1/2 lanes [MC]; until cleared, assumed")
    case .lanesQuarter:
      FaultFacts(
        about: "The link runs on a quarter of its lanes and is reported as in sub-health.", places: Self.lanes,
        source: "sub-health at 1/4 lanes [MC]; until cleared, assumed")
    case .optics:
      FaultFacts(
        about: "A 400G module fails and takes the two links that it carries.", places: [.uplink],
        source: "two 28 GB/s links a module [CM]; until cleared, assumed")
    case .hbmECC:
      FaultFacts(
        about: "HBM reports multi-bit errors and the page cannot be isolated.", places: [.die, .group, .expertRank],
        duration: Self.seconds(120), source: "handling [MC]; duration assumed")
    case .slowDie:
      FaultFacts(
        about: "The die computes slower, so that everybody waits for it.", places: [.die, .npu, .group, .expertRank],
        strength: FaultFacts.Strength(what: "its compute times", range: 1...10, usual: 1.4), source: "assumed")
    case .hotDie:
      FaultFacts(
        about: "The cooling of the die is weak: HBM nears its alarm at 95 °C and clocks fall.",
        places: [.die, .npu, .node], source: "alarm above 95 °C (seen on real machines); until cleared, assumed")
    case .hungExecutor:
      FaultFacts(
        about: "An executor hangs in its step; the hang check sees it after five periods of 60 s.",
        places: [.group, .expertRank], source: "60 s × 5 [MC]; until restarted, assumed")
    case .dpMaster:
      FaultFacts(
        about: "The master process of a DP group dies and its heartbeat stops.", places: [.group],
        source: "heartbeats [XDS]; until restarted, assumed")
    case .teShell:
      FaultFacts(
        about: "A TE-shell dies: its TE takes no new requests.", places: [.shell],
        source: "heartbeats [XDS]; until restarted, assumed")
    case .je:
      FaultFacts(
        about: "A job executor dies: nothing is routed until another takes over.", places: [.jobExecutor],
        duration: Self.seconds(30), source: "assumed")
    case .kvStall:
      FaultFacts(
        about: "KV transfer into the place stands still; requests wait between prefill and decode.",
        places: [.prefillExecutor, .decodeExecutor, .group], duration: Self.seconds(60),
        source: "link probing [XDS]; duration assumed")
    case .surge:
      FaultFacts(
        about: "More requests arrive than before.", places: [],
        strength: FaultFacts.Strength(what: "the rate of arrivals", range: 1...100, usual: 3),
        duration: Self.seconds(300), source: "assumed")
    case .popularityShift:
      FaultFacts(
        about: "Other experts become popular at once, as when the users' questions change.", places: [],
        source: "hot sets move with the dataset [XDS]; stays, assumed")
    case .longFlood:
      FaultFacts(
        about: "Long prompts arrive in numbers.", places: [], duration: Self.seconds(120),
        source: "inputs to 64K [XDS]; duration assumed")
    case .jitter:
      FaultFacts(
        about: "The executors start late, as without pinned cores, guard cache and collection by hand.",
        places: [.prefillExecutor, .decodeExecutor, .node, .die], duration: Self.seconds(60),
        source: "first dispatch above 100 ms without measures [XDS]; duration assumed")
    }
  }

  private static let links: [PlaceKind] = [.dieLink, .uplink, .roce, .vpc]
  private static let lanes: [PlaceKind] = [.dieLink, .uplink, .roce]
  private static let reset = seconds(150)
  private static func seconds(_ value: Int64) -> DurationAmount { DurationAmount(nanoseconds: value * 1_000_000_000) }
}
