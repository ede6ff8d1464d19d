import Telemetry

/// Durations of one kind of call in one iteration, by histogram bucket.
struct IterationCounts: Sendable {
  /// Four tables side by side that kernels count in; see `LogBuckets`.
  var buckets: [UInt32] = Array(repeating: 0, count: LogBuckets.places)
  /// The tables' sums by bucket of `LogHistogram`; holds between the extremes once they are folded.
  private(set) var folded: [UInt32] = Array(repeating: 0, count: LogBuckets.count)
  var minimum: Float = .infinity
  var maximum: Float = 0

  /// Buckets between the extremes: only they can hold anything; nil where there was no call.
  var range: ClosedRange<Int>? {
    maximum > 0 ? LogHistogram.bucket(minimum)...LogHistogram.bucket(maximum) : nil
  }

  /// Sums the tables up and empties them.
  mutating func fold() {
    guard let range else { return }
    let (low, high) = (range.lowerBound, range.upperBound)
    precondition(high < folded.count && buckets.count == LogBuckets.places)
    // Places run on with buckets but for one jump, which lies below what any call takes.
    guard LogBuckets.place(high) - high == LogBuckets.place(low) - low else {
      foldApart(range)
      return
    }
    // Moved out and back: spans of two stored properties of one value exclude each other.
    var row: [UInt32] = []
    swap(&row, &folded)
    defer { swap(&row, &folded) }
    var sums = row.mutableSpan
    var tables = buckets.mutableSpan
    // Table by table, so that buckets stand side by side for the optimiser.
    let base = LogBuckets.place(low) - low
    for bucket in low...high {
      unsafe sums[unchecked: bucket] = tables[unchecked: base &+ bucket]
      unsafe tables[unchecked: base &+ bucket] = 0
    }
    for table in 1..<4 {
      let base = table * LogBuckets.stride + LogBuckets.place(low) - low
      for bucket in low...high {
        unsafe sums[unchecked: bucket] &+= tables[unchecked: base &+ bucket]
        unsafe tables[unchecked: base &+ bucket] = 0
      }
    }
  }

  private mutating func foldApart(_ range: ClosedRange<Int>) {
    for bucket in range {
      folded[bucket] = 0
      for table in 0..<4 {
        let place = table * LogBuckets.stride + LogBuckets.place(bucket)
        folded[bucket] &+= buckets[place]
        buckets[place] = 0
      }
    }
  }
}
