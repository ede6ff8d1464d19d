import Telemetry

/// Calls of one XCCL primitive: how many, how long, how much of it on the wire and waiting.
struct CallTally: Sendable {
  private(set) var counts: [UInt32] = []
  private(set) var calls: UInt64 = 0
  /// Sums over calls, microseconds.
  private(set) var wire: Double = 0
  private(set) var wait: Double = 0
  private(set) var minimum: Float = .infinity
  private(set) var maximum: Float = 0

  /// Takes in an iteration's calls, folded.
  mutating func add(_ iteration: IterationCounts, calls number: Int, wire wireSum: Double, wait waitSum: Double) {
    guard number > 0, let range = iteration.range else { return }
    if counts.isEmpty { counts = Array(repeating: 0, count: LogBuckets.count) }
    precondition(range.upperBound < counts.count && range.upperBound < iteration.folded.count)
    let folded = iteration.folded.span
    var sums = counts.mutableSpan
    for bucket in range { unsafe sums[unchecked: bucket] &+= folded[unchecked: bucket] }
    calls += UInt64(number)
    wire += wireSum
    wait += waitSum
    minimum = min(minimum, iteration.minimum)
    maximum = max(maximum, iteration.maximum)
  }

  /// Takes in one call.
  mutating func add(wire wireTime: Double, wait waitTime: Double) {
    if counts.isEmpty { counts = Array(repeating: 0, count: LogBuckets.count) }
    let whole = Float(wireTime + waitTime)
    counts[LogHistogram.bucket(whole)] += 1
    calls += 1
    wire += wireTime
    wait += waitTime
    minimum = min(minimum, whole)
    maximum = max(maximum, whole)
  }

  mutating func reset() {
    guard calls > 0 else { return }
    for index in counts.indices { counts[index] = 0 }
    calls = 0
    wire = 0
    wait = 0
    minimum = .infinity
    maximum = 0
  }

  /// The same as a histogram.
  var histogram: LogHistogram {
    var result = LogHistogram()
    if calls > 0 { result.add(raw: counts, sum: wire + wait, minimum: minimum, maximum: maximum) }
    return result
  }

  func encode(into digest: inout StateDigest) {
    for value in counts { digest.add(UInt64(value)) }
    digest.add(calls)
    digest.add(wire)
    digest.add(wait)
    digest.add(minimum)
    digest.add(maximum)
  }
}
