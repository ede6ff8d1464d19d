/// Decides whether a frame may go out, so that a slow reader is never behind by more than one.
///
/// The kernel of a pseudo-terminal takes some 20 KB without saying how much its reader has taken (`TIOCOUTQ` answers 0),
/// which at 10 KB/s is two seconds of lag. So each frame ends with a request for the terminal's status, and the next one
/// waits for the answer. A reader that has never answered is taken to be as slow as `assumedRate`.
public struct FramePacing: Sendable {
  /// Bytes a second of a reader that does not answer (assumption: the slowest line that must work).
  public static let assumedRate = 10_000.0
  /// Bytes that may be under way when a tick's frame starts: a tenth of a second at the assumed rate.
  public static let slack = 1_000.0
  /// Seconds without an answer after which a frame counts as taken (a multiplexer may have been detached).
  public static let patience = 2.0

  private var answers = false
  private var waitingSince: Double?
  private var backlog = 0.0
  private var seen = 0.0

  /// Nothing sent so far.
  public init() {}

  /// Whether an answer to the last frame is due.
  public var isWaiting: Bool { waitingSince != nil }

  /// Whether a frame may go out now; an urgent one never waits for a reader that does not answer.
  public mutating func allows(urgent: Bool, at now: Double) -> Bool {
    settle(now)
    if answers {
      guard let since = waitingSince else { return true }
      return now - since > Self.patience
    }
    return urgent || backlog <= Self.slack
  }

  /// A frame went out.
  public mutating func sent(bytes: Int, at now: Double) {
    settle(now)
    backlog += Double(bytes)
    waitingSince = now
  }

  /// The terminal answered.
  public mutating func acknowledged() {
    answers = true
    waitingSince = nil
    backlog = 0
  }

  private mutating func settle(_ now: Double) {
    backlog = max(0, backlog - (now - seen) * Self.assumedRate)
    seen = now
  }
}
