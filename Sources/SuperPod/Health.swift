/// What state a part of the machine is in.
public enum Health: Hashable, Sendable {
  /// In service and whole.
  case healthy
  /// In service at a share of its power, above zero and below one: half the lanes, a throttled clock.
  case degraded(Float)
  /// Whole, taken out by an operator.
  case drained
  /// Taken out by the system, because it was seen failing.
  case separated
  /// Dead.
  case down

  /// Share of its power that is in service.
  public var share: Float {
    switch self {
    case .healthy: 1
    case .degraded(let share): share
    case .drained, .separated, .down: 0
    }
  }

  /// Whether it is in service at all.
  public var serves: Bool { share > 0 }

  /// The worse of two states; of two degraded ones the one with less left.
  public func worse(_ other: Health) -> Health {
    if rank != other.rank { return rank > other.rank ? self : other }
    return share <= other.share ? self : other
  }

  /// Its place from healthy, 0, to down, 4.
  public var rank: Int {
    switch self {
    case .healthy: 0
    case .degraded: 1
    case .drained: 2
    case .separated: 3
    case .down: 4
    }
  }
}
