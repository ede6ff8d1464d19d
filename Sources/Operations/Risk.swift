/// The worst that an action does to requests, mildest first.
public enum Risk: Int, Hashable, Comparable, CaseIterable, Sendable {
  /// Serving goes on as it is.
  case reversible
  /// Dies are emptied first: capacity is missing for a while.
  case drains
  /// Requests under way are computed again.
  case recomputes
  /// Requests may fail or be turned away.
  case failsRequests

  /// As screens say it.
  public var words: String {
    switch self {
    case .reversible: "reversible"
    case .drains: "drains"
    case .recomputes: "recomputes"
    case .failsRequests: "fails requests"
    }
  }

  /// By harm.
  public static func < (left: Risk, right: Risk) -> Bool { left.rawValue < right.rawValue }
}

extension ActionName {
  /// The worst that it does to requests; `undo` has the risk of what it does in its turn.
  public var risk: Risk {
    switch self {
    case .reshard, .eplb, .undrain, .balance, .batch, .mtp, .jitter, .recovery, .isolate, .clear, .undo: .reversible
    case .pd, .scale, .drain: .drains
    case .restart: .recomputes
    case .admit, .traffic, .inject: .failsRequests
    }
  }

  /// Whether only a simulation can do it.
  public var isSimulationOnly: Bool {
    switch self {
    case .traffic, .inject, .clear: true
    default: false
    }
  }

  /// Whether an inverse brings the configuration back exactly.
  public var canBeUndone: Bool {
    switch self {
    case .reshard, .restart, .undo, .clear: false
    default: true
    }
  }

  /// Its phases in order; none where it is done at once.
  public var phases: [String] {
    switch self {
    case .pd, .scale: ["drain", "load weights", "build graph", "rejoin"]
    case .reshard: ["prefetch weights", "disable slots", "load slots", "restore map"]
    case .drain: ["drain"]
    case .undrain: ["load weights", "build graph", "rejoin"]
    case .restart: ["stop", "load weights", "build graph", "rejoin"]
    default: []
    }
  }
}
