/// How a positive quantity was spread: a `LogHistogram` folded to 32 buckets an octave, without its empty ends.
///
/// Small enough to keep one a second; two add up.
public struct Spread: Hashable, Sendable {
  /// Buckets of a `LogHistogram` that make one.
  private static let fold = 2

  /// The first bucket that holds anything.
  private var first = 0
  /// Counts from there on; empty where nothing was counted.
  private var counts: [UInt32] = []
  /// How many values were counted.
  public private(set) var total: UInt64 = 0

  /// Nothing.
  public init() {}

  /// What a histogram holds.
  public init(_ histogram: LogHistogram) {
    guard let low = histogram.counts.firstIndex(where: { $0 > 0 }),
      let high = histogram.counts.lastIndex(where: { $0 > 0 })
    else { return }
    first = low / Self.fold
    counts = Array(repeating: 0, count: high / Self.fold - first + 1)
    for index in low...high { counts[index / Self.fold - first] &+= histogram.counts[index] }
    total = histogram.total
  }

  /// Both together.
  public static func + (left: Spread, right: Spread) -> Spread {
    var sum = left
    sum += right
    return sum
  }

  /// Takes in another one.
  public static func += (left: inout Spread, right: Spread) {
    guard right.total > 0 else { return }
    guard left.total > 0 else { return left = right }
    left.widen(to: right)
    for (index, count) in right.counts.enumerated() { left.counts[right.first - left.first + index] &+= count }
    left.total &+= right.total
  }

  /// Takes away what was added before.
  ///
  /// - Precondition: It was.
  public static func -= (left: inout Spread, right: Spread) {
    guard right.total > 0 else { return }
    for (index, count) in right.counts.enumerated() { left.counts[right.first - left.first + index] &-= count }
    left.total &-= right.total
  }

  private mutating func widen(to other: Spread) {
    let (low, high) = (min(first, other.first), max(first + counts.count, other.first + other.counts.count))
    guard high - low > counts.count else { return }
    var wider = [UInt32](repeating: 0, count: high - low)
    for (index, count) in counts.enumerated() { wider[first - low + index] = count }
    (first, counts) = (low, wider)
  }

  /// The value below which a share of the counted ones lies, linear inside its bucket; nil where nothing was counted.
  ///
  /// - Complexity: O(buckets).
  public func quantile(_ share: Double) -> Float? {
    guard total > 0 else { return nil }
    let rank = share * Double(total)
    var below = 0.0
    for (index, count) in counts.enumerated() where count > 0 {
      if below + Double(count) >= rank {
        let bucket = (first + index) * Self.fold
        let low = bucket == 0 ? 0 : LogHistogram.edge(bucket)
        return low + (LogHistogram.edge(bucket + Self.fold) - low) * Float((rank - below) / Double(count))
      }
      below += Double(count)
    }
    return LogHistogram.edge((first + counts.count) * Self.fold)
  }
}
