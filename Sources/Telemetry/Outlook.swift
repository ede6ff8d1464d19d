/// What some seconds of service brought; sums, so that two stretches add up.
public struct Outlook: Hashable, Sendable {
  /// Seconds.
  public var seconds = 0.0
  /// Requests that got their first token.
  public var firstTokens = 0.0
  /// What they waited for it in all, seconds.
  public var ttftSeconds = 0.0
  /// Tokens that decode made.
  public var stepTokens = 0.0
  /// How long requests waited for tokens after their first in all, seconds: standstill and waiting for a place count too.
  public var runningSeconds = 0.0
  /// Tokens that came out, those of prefill among them.
  public var outputTokens = 0.0
  /// Requests that ended.
  public var finished = 0.0
  /// Those of them within the SLO.
  public var good = 0.0
  /// Requests that began again since the start.
  public var recomputed = 0.0

  /// Requests that wait for prefill or decode, times the seconds in which they were counted.
  public var waitingSeconds = 0.0
  /// Times to first token, microseconds.
  public var ttftSpread = Spread()
  /// Times per output token as running requests see them, a step at a time, microseconds.
  public var stepSpread = Spread()

  /// Nothing yet.
  public init() {}

  /// Mean time to first token, milliseconds.
  public var ttft: Double? { firstTokens > 0 ? ttftSeconds / firstTokens * 1000 : nil }
  /// Mean time per output token, milliseconds.
  public var tpot: Double? { stepTokens > 0 ? runningSeconds / stepTokens * 1000 : nil }
  /// Tokens a second.
  public var throughput: Double? { seconds > 0 ? outputTokens / seconds : nil }
  /// Requests a second within the SLO.
  public var goodput: Double? { seconds > 0 ? good / seconds : nil }

  /// The same without its spreads, for those who add up many.
  public var withoutSpreads: Outlook {
    var sums = self
    (sums.ttftSpread, sums.stepSpread) = (Spread(), Spread())
    return sums
  }

  /// Both stretches together.
  public static func + (left: Outlook, right: Outlook) -> Outlook {
    var sum = left
    sum.seconds += right.seconds
    sum.firstTokens += right.firstTokens
    sum.ttftSeconds += right.ttftSeconds
    sum.stepTokens += right.stepTokens
    sum.runningSeconds += right.runningSeconds
    sum.outputTokens += right.outputTokens
    sum.finished += right.finished
    sum.good += right.good
    sum.waitingSeconds += right.waitingSeconds
    sum.ttftSpread += right.ttftSpread
    sum.stepSpread += right.stepSpread
    sum.recomputed = max(left.recomputed, right.recomputed)
    return sum
  }
}
