public import Operations
import SuperPod

/// A fault that was made to happen, from its begin until all of it is over.
public struct Incident: Hashable, Sendable {
  /// What was injected.
  public let injection: Injection
  /// When it began, nanoseconds.
  public let began: Int64
  /// When something noticed it.
  public internal(set) var detected: Int64?
  /// When the last engine that it stopped served again, or KV got through again.
  public internal(set) var recovered: Int64?
  /// When its cause was gone.
  public internal(set) var ended: Int64?
  /// Requests that began again because of it.
  public internal(set) var recomputed = 0
  /// Requests that ended because of it.
  public internal(set) var failed = 0
  /// Seconds that engines stood still because of it, summed.
  public internal(set) var stoppedSeconds = 0.0

  /// Dies that it hit.
  var dies: [Int] = []
  /// Engines that it stopped and that do not serve again yet, by layout index.
  var engines: [Int] = []
  /// The state that its dies or links have because of it, now.
  var imposed = Health.healthy
  /// How often a flapping link went down.
  var flaps = 0

  /// Whether what it imposes is on dies, not on links.
  var strikesDies: Bool {
    switch injection.fault {
    case .die, .npu, .node, .hbmECC, .slowDie: true
    default: false
    }
  }

  /// Where, as events name it; empty where it strikes the workload.
  var place: String { injection.place.map { "\($0)" } ?? "" }

  init(_ injection: Injection, began: Int64) {
    self.injection = injection
    self.began = began
  }
}

/// How long it takes to notice and to mend; seconds.
///
/// [MC] Ascend mind-cluster, [RM] ReviveMoE, [XDS] xDeepServe; the rest is assumed.
enum FaultTimes {
  /// Two tiers of heartbeats ([XDS]): one a second, three missed (assumption).
  static let heartbeat = 3.0
  /// The hang check: 60 s × 5 ([MC]); an executor that hangs still answers heartbeats.
  static let hangCheck = 300.0
  /// Hardware reports a memory error at once (assumption).
  static let memoryError = 0.1
  /// A port that is down is ignored so long ([MC]).
  static let portIgnored = 20.0
  /// A port is trusted again after so long healthy ([MC]).
  static let portTrusted = 60.0
  /// A port that went down so often is set apart ([MC]: within 24 h).
  static let flapLimit = 5
  /// And stays so for so long ([MC]: 48 h), or until an operator takes it back.
  static let flapApart = 48.0 * 3600
  /// Time between two downs of a flapping link, and how long it is down (assumptions).
  static let flapEvery = 6.0
  static let flapDown = 1.0
  /// Counters of lanes are read so often (assumption).
  static let laneCheck = 1.0
  /// A straggler stands out after so long (assumption).
  static let straggler = 10.0
  /// Exit of a process ([MC]).
  static let processExit = 30.0
  /// Engine initialised anew ([RM]).
  static let reinitialise = 83.1
  /// An attention die lost ([RM]).
  static let attentionDie = 10.2
  /// An expert die lost whose experts all have a replica ([RM]).
  static let expertDie = 10.7
  /// A server takes another role; the weights from disk take 40.6 of it ([RM]).
  static let roleSwitch = 52.7
  /// The part of it in which weights come from disk ([RM]).
  static let weights = 40.6
  /// Everybody rolls back an iteration and redoes it: agreeing on it (assumption).
  static let rollBack = 0.05
  /// A region of memory remapped and masked before the redo (assumption).
  static let remap = 0.5
  /// Ranks leave or join a running engine by plan: communicators and graphs change over (assumption; prepared before).
  static let regroup = 2.0
  /// A TE-shell or a job executor starts anew (assumption).
  static let shellRestart = 5.0
}
