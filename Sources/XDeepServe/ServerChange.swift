public import Operations

/// Servers on their way from one engine to another, or out of service.
public struct ServerChange: Hashable, Sendable {
  /// Where it stands.
  public enum Phase: String, Hashable, Sendable {
    /// Requests on the dies run out; no new ones come.
    case drain
    /// Weights come, apart from the others.
    case load
    /// Graphs are built.
    case build
    /// The dies join: ranks are numbered anew.
    case rejoin
    /// Over.
    case done
    /// Given up; what is left of the servers is spare.
    case aborted
    /// The engine could not be formed; the servers are spare until it can.
    case failed
    /// Given up; the servers are where they were.
    case rolledBack = "rolled back"

    /// Whether nothing more comes.
    public var isOver: Bool {
      switch self {
      case .drain, .load, .build, .rejoin: false
      case .done, .aborted, .failed, .rolledBack: true
      }
    }

    /// As the table of actions calls it.
    var words: String {
      switch self {
      case .load: "load weights"
      case .build: "build graph"
      default: rawValue
      }
    }
  }

  /// What was asked for.
  public let action: Action
  /// The performed action that it belongs to; nil where servers go home by themselves.
  public let number: Int?
  /// Since when the phase holds, nanoseconds.
  public internal(set) var since: Int64
  /// When the phase is over at the latest, nanoseconds; nil once all is over.
  public internal(set) var due: Int64?
  /// Where it stands.
  public internal(set) var phase: Phase
  /// The last phase that did something: where it stands, or stood when it ended.
  public internal(set) var lastPhase: Phase
  /// Dies that move.
  public internal(set) var dies: [Int]
  /// Layout index of the engine that gives, nil for spare dies.
  public internal(set) var giver: Int?
  /// Layout index of the engine that takes, nil where they become spare.
  public internal(set) var taker: Int?
  /// Whether it was given up and the dies are on their way back to the giver.
  public internal(set) var goesBack = false
  /// Why it was given up; empty where it was not.
  public internal(set) var reason = ""
  /// Requests that began again because they were not done in time.
  public internal(set) var recomputed = 0

  init(_ action: Action, number: Int?, now: Int64, dies: [Int], giver: Int?, taker: Int?) {
    self.action = action
    self.number = number
    self.dies = dies
    self.giver = giver
    self.taker = taker
    since = now
    phase = giver == nil ? .load : .drain
    lastPhase = phase
  }

  /// Its phases in order.
  public var phases: [Phase] {
    (giver == nil ? [] : [.drain]) + (taker == nil ? [] : [.load, .build, .rejoin])
  }

  /// Whether the dies belong to the taker from now on; else they stay at home with the giver.
  var movesHome: Bool {
    switch action {
    case .drain, .undrain: false
    default: true
    }
  }

  /// Begins a phase, or ends.
  mutating func turn(_ phase: Phase, at now: Int64, due: Int64? = nil) {
    if !phase.isOver { lastPhase = phase }
    self.phase = phase
    since = now
    self.due = due
  }
}
