public import SuperPod
public import Words

/// Something that an operator, a script or a scenario's event does to a deployment.
///
/// `description` is the canonical spelling; `init(parsing:)` reads it back.
public enum Action: Hashable, Sendable {
  /// Moves servers between prefill, decode and spare.
  case pd(ServerShift)
  /// Balances experts now.
  case reshard(Reshard)
  /// Balances experts by itself, or not.
  case eplb(BalancingSwitch, of: Place.Executor? = nil)
  /// Grows or shrinks a decode TE to a number of expert ranks.
  case scale(Place.Executor, expertParallel: Int)
  /// Takes a part of the machine out of service.
  case drain(Place)
  /// Takes it back into service.
  case undrain(Place)
  /// Starts a die, an executor or a TE anew.
  case restart(Place)
  /// How decode chooses among DP groups; nil means every decode TE.
  case balance(GroupChoice, of: Place.Executor? = nil)
  /// Limit of requests a die.
  case batch(Int, of: Place.Executor? = nil)
  /// Draft layers.
  case mtp(Int, of: Place.Executor? = nil)
  /// A jitter measure.
  case jitter(JitterMeasure, on: Bool)
  /// How failures are recovered.
  case recovery(RecoveryStage)
  /// Limit on arrivals, nil for none.
  case admit(RateAmount?)
  /// From which length inputs get resources of their own, nil for never.
  case isolate(TokenAmount?)
  /// The inverse of an entry of the audit log, of the last if nil.
  case undo(Int?)
  /// Multiplies the load. Simulation only.
  case traffic(factor: Double, lasting: DurationAmount? = nil)
  /// Makes something fail. Simulation only.
  case inject(Injection)
  /// Ends a fault, everywhere if no place is given. Simulation only.
  case clear(Fault, at: Place? = nil)
}

/// How decode picks a DP group for a request.
public enum GroupChoice: String, Hashable, CaseIterable, Sendable {
  /// The lowest KV use, counting what is reserved.
  case kv
  /// One after the other.
  case roundRobin = "round-robin"
  /// The fewest requests.
  case leastRequests = "least-requests"
}

/// A measure against jitter.
public enum JitterMeasure: String, Hashable, CaseIterable, Sendable {
  /// Executors pinned to cores.
  case pin
  /// Graph guards cached.
  case graph
  /// Garbage collected by hand.
  case gc
}

/// How a failure is recovered.
public enum RecoveryStage: Int, Hashable, CaseIterable, Sendable {
  /// Everything is restarted.
  case restartAll = 1
  /// Prefill and decode fail over apart.
  case failOver
  /// One iteration is rolled back, or a memory region masked.
  case fineGrained
}

/// Whether experts are balanced by themselves.
public enum BalancingSwitch: Hashable, Sendable {
  case on, off
  /// On, at this interval.
  case every(DurationAmount)
}

/// Servers that change sides.
public struct ServerShift: Hashable, Sendable {
  /// What is wanted.
  public enum Aim: Hashable, Sendable {
    /// So many servers on each side.
    case ratio(prefill: Int, decode: Int)
    /// So many more for one side.
    case more(Int, prefill: Bool)
  }

  /// Where servers come from or go to.
  public enum End: Hashable, Sendable {
    case executor(Place.Executor)
    case spare
  }

  /// What is wanted.
  public var aim: Aim
  /// Who gives; nil leaves the choice.
  public var from: End?
  /// Who takes; nil leaves the choice.
  public var to: End?

  /// A shift.
  public init(_ aim: Aim, from: End? = nil, to: End? = nil) {
    self.aim = aim
    self.from = from
    self.to = to
  }
}

/// A balancing of experts, now.
public struct Reshard: Hashable, Sendable {
  /// Who chooses replicas.
  public enum Policy: String, Hashable, CaseIterable, Sendable {
    case podium, eplb
  }

  /// The decode TE; nil means every one.
  public var executor: Place.Executor?
  /// The layers; nil means every MoE layer.
  public var layers: ClosedRange<Int>?
  /// Slots of each layer that may take in another expert; nil for as many as it takes.
  public var budget: Int?
  /// Nil for the scenario's own.
  public var policy: Policy?

  /// A balancing; see the properties.
  public init(
    executor: Place.Executor? = nil, layers: ClosedRange<Int>? = nil, budget: Int? = nil, policy: Policy? = nil
  ) {
    self.executor = executor
    self.layers = layers
    self.budget = budget
    self.policy = policy
  }
}

/// A fault that is made to happen.
public struct Injection: Hashable, Sendable {
  /// What fails.
  public var fault: Fault
  /// Where; nil where the fault strikes the workload.
  public var place: Place?
  /// How strong; nil for the usual.
  public var strength: Double?
  /// How long; nil for the usual.
  public var lasting: DurationAmount?

  /// A fault; see the properties.
  public init(_ fault: Fault, at place: Place? = nil, by strength: Double? = nil, lasting: DurationAmount? = nil) {
    self.fault = fault
    self.place = place
    self.strength = strength
    self.lasting = lasting
  }

  /// How strong, where the fault has a strength.
  public var effectiveStrength: Double? { strength ?? fault.facts.strength?.usual }
  /// How long, nil until cleared.
  public var effectiveDuration: DurationAmount? { lasting ?? fault.facts.duration }
}
