public import SuperPod
public import Words

/// What an operator can set, as it stands now: preconditions and inverses of actions are worked out from it.
///
/// A simulation gives one; equal values mean that nothing an operator set differs. What the model can take at all
/// (`ExecutorSettings.sizes`) is carried along and no action changes it.
public struct Configuration: Hashable, Sendable {
  /// Every TE, prefill first, each kind by number; one that gave all its servers away stays with none.
  public var executors: [ExecutorSettings]
  /// Servers that no TE has.
  public var spare: Int
  /// Dies of a server.
  public var diesPerServer: Int
  /// Jitter measures that are on.
  public var jitterMeasures: Set<JitterMeasure>
  /// How failures are recovered.
  public var recovery: RecoveryStage
  /// Limit on arrivals, nil for none.
  public var admit: RateAmount?
  /// From which length inputs get resources of their own, nil for never.
  public var isolate: TokenAmount?
  /// What was taken out of service.
  public var drained: Set<Place>
  /// What multiplies the load.
  public var traffic: Double
  /// Faults that go on, in the order in which they were injected.
  public var faults: [Injection]

  /// A configuration; see the properties.
  public init(
    executors: [ExecutorSettings], spare: Int = 0, diesPerServer: Int = 16,
    jitterMeasures: Set<JitterMeasure> = Set(JitterMeasure.allCases), recovery: RecoveryStage = .fineGrained,
    admit: RateAmount? = nil, isolate: TokenAmount? = nil, drained: Set<Place> = [], traffic: Double = 1,
    faults: [Injection] = []
  ) {
    self.executors = executors
    self.spare = spare
    self.diesPerServer = diesPerServer
    self.jitterMeasures = jitterMeasures
    self.recovery = recovery
    self.admit = admit
    self.isolate = isolate
    self.drained = drained
    self.traffic = traffic
    self.faults = faults
  }

  /// Where a TE stands in `executors`.
  func index(of executor: Place.Executor) -> Int? { executors.firstIndex { $0.executor == executor } }

  /// Servers of one kind of TE.
  public func servers(prefill: Bool) -> Int {
    executors.reduce(0) { $0 + ($1.executor.prefills == prefill ? $1.servers : 0) }
  }
}
