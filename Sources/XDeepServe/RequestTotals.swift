/// Requests of a run by what became of them; those that time zero found running are not among them.
public struct RequestTotals: Hashable, Sendable {
  /// All that ever came.
  public var arrived = 0
  /// In a queue, or held back for want of KV room.
  public var waiting = 0
  /// In prefill, in transfer or in decode.
  public var running = 0
  /// Ended with their last token.
  public var finished = 0
  /// Ended by their client.
  public var cancelled = 0
  /// Given up by their client before the first token.
  public var timedOut = 0
  /// Ended by the system.
  public var failed = 0

  /// How often a running request lost its KV for want of room and began again.
  public var preempted = 0
  /// How often one lost it with the die that held it, and began again.
  public var recomputed = 0
  /// How often KV did not get through to decode and was sent anew.
  public var retriedTransfers = 0

  /// No requests.
  public init() {}
}
