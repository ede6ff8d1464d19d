public import Operations

/// Servers on their way from one engine to another, or out of service.
public struct ServerChange: Hashable, Sendable {
  /// Where it stands.
  public enum Phase: String, Hashable, Sendable {
    /// Requests on the dies run out; no new ones come.
    case drain
    /// Weights come and graphs are built, apart from the others.
    case load
    /// The dies join: ranks are numbered anew.
    case rejoin
    /// Over.
    case done
    /// Given up; the dies stand where they stood, or are spare.
    case aborted
  }

  /// What was asked for.
  public let action: Action
  /// Since when the phase holds, nanoseconds.
  public internal(set) var since: Int64
  /// Where it stands.
  public internal(set) var phase: Phase
  /// Dies that move.
  public internal(set) var dies: [Int]
  /// Layout index of the engine that gives, nil for spare dies.
  public internal(set) var giver: Int?
  /// Layout index of the engine that takes, nil where they become spare.
  public internal(set) var taker: Int?
  /// Requests that began again because they were not done in time.
  public internal(set) var recomputed = 0
}
