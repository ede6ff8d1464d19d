/// Something that will happen: ordered by time, then by the order in which it was scheduled.
struct QueuedEvent: Comparable, Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    case arrival, prefillDone, transferDone, iterationStart, iterationEnd, drift, second, timeout, balance, balancePhase
    case faultSeen, faultEnds, faultStep, engineBack, prefillBack, rejoin, release, change, planned, trafficEnds,
      loadReport, retry, probe, transferLost, background, prefillPlaced
  }

  var time: Int64
  var sequence: UInt64
  var kind: Kind
  /// Engine or request, by kind.
  var subject: Int32
  /// Tells a request from a later one in the same place.
  var tag: UInt64

  static func < (left: QueuedEvent, right: QueuedEvent) -> Bool {
    left.time != right.time ? left.time < right.time : left.sequence < right.sequence
  }
}
