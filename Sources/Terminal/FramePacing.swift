/// Decides how many bytes may go out now, so that what a key changes is never far behind what a tick changed.
///
/// The kernel of a pseudo-terminal takes some 20 KB without saying how much its reader has taken (`TIOCOUTQ` answers 0),
/// which at 10 KB/s is two seconds of lag. So each write ends with a request for the terminal's status: the next waits
/// for the answer, and its size follows from how soon answers come. A reader that does not answer is taken to be as slow
/// as `assumedRate`.
public struct FramePacing: Sendable {
  /// Bytes a second of a reader that does not answer (assumption: a little below the slowest line that must work).
  public static let assumedRate = 9_000.0
  /// Seconds of a line's time that one write may take: a key waits for one write and is answered by the next.
  public static let share = 0.06
  /// Bytes that a write may always have: a twentieth of a second of the slowest line.
  public static let least = 500
  /// From here on a limit saves nothing that a person could notice: frames go whole.
  public static let whole = 20_000
  /// Seconds after which an answer counts as lost (a multiplexer may have been detached).
  public static let patience = 5.0

  private struct Request {
    var bytes: Int
    var limit: Int
    var time: Double
  }

  private var requests: [Request] = []
  private var isFirst = true
  private var answers = false
  private var roundTrip = 0.0
  private var rate: Double?
  private var backlog = 0.0
  private var seen = 0.0

  /// Nothing sent so far.
  public init() {}

  /// Whether an answer is due.
  public var isWaiting: Bool { !requests.isEmpty }

  /// Whether frames go out in parts.
  public var isLimited: Bool { !isFirst && limit < Self.whole }

  /// A whole screen is due whatever the line: the next write has no limit.
  public mutating func restart() { isFirst = true }

  private var limit: Int {
    guard answers else { return Self.least }
    return rate.map { max(Self.least, Int(min(1e9, $0 * Self.share))) } ?? .max
  }

  /// Bytes that may go out now: zero for none, `Int.max` for any number.
  ///
  /// Where nobody answers, `urgent` bytes, which answer a key, may be a write ahead of the others.
  public mutating func allowance(urgent: Bool, at now: Double) -> Int {
    settle(now)
    if let last = requests.last, now - last.time > Self.patience {
      requests = []
      answers = false
    }
    if answers, !requests.isEmpty { return 0 }
    if isFirst || answers { return isFirst || limit >= Self.whole ? .max : limit }
    return Int(backlog) <= (urgent ? Self.least : 0) ? Self.least : 0
  }

  /// Bytes went out, with a request for an answer at their end.
  public mutating func sent(bytes: Int, at now: Double) {
    settle(now)
    requests.append(Request(bytes: bytes, limit: isFirst ? .max : limit, time: now))
    isFirst = false
    backlog += Double(bytes)
  }

  /// A request went out alone, before anything else: its answer tells the way to the terminal and back.
  public mutating func probed(at now: Double) { requests = [Request(bytes: 0, limit: .max, time: now)] }

  /// The terminal answered the oldest request.
  public mutating func acknowledged(at now: Double) {
    answers = true
    guard !requests.isEmpty else { return }
    let request = requests.removeFirst()
    let time = max(0, now - request.time)
    if request.bytes < 100 { roundTrip = request.bytes == 0 ? time : min(roundTrip, time) }
    // Of a write that was small for its line the time tells nothing. A round trip that was once measured too long must
    // not hide a slow line.
    if request.bytes >= min(2_000, request.limit / 2) {
      let measured = Double(request.bytes) / max(0.0005, time - roundTrip, time / 4)
      // A line may carry the first kilobyte at once and crawl after it: it is trusted with twice as much at a time.
      rate = rate.map { min(measured, $0 * 2, ($0 + measured) / 2) } ?? measured
    }
    if requests.isEmpty { backlog = 0 }
  }

  private mutating func settle(_ now: Double) {
    backlog = max(0, backlog - (now - seen) * Self.assumedRate)
    seen = now
  }
}
