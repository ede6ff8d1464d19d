/// Counts by logarithmic buckets of a positive quantity: 64 buckets an octave, at most 1.6 % wide.
///
/// The bucket is read off the bits of a `Float`, so adding costs a shift and an increment and needs no logarithm.
/// Values below one land in the first bucket, values from 2^27 in the last (in microseconds: 134 s).
public struct LogHistogram: Hashable, Sendable {
  /// Buckets an octave, as a power of two.
  public static let subBits: UInt32 = 6
  /// Number of buckets.
  public static let bucketCount = 27 << 6
  @usableFromInline static let offset: UInt32 = UInt32(127) << 6

  /// Count by bucket; empty until the first value comes, so that an unused histogram costs nothing.
  public private(set) var counts: [UInt32] = []
  /// How many values were added.
  public private(set) var total: UInt64 = 0
  /// Their sum.
  public private(set) var sum: Double = 0
  /// The smallest, infinite when empty.
  public private(set) var minimum: Float = .infinity
  /// The largest, zero when empty.
  public private(set) var maximum: Float = 0

  /// An empty histogram.
  public init() {}

  /// The bucket of a value.
  @inlinable
  public static func bucket(_ value: Float) -> Int {
    guard value > 1 else { return 0 }
    return min(Int((value.bitPattern &>> (23 - subBits)) &- offset), bucketCount - 1)
  }

  /// Lower edge of a bucket.
  public static func edge(_ bucket: Int) -> Float {
    Float(bitPattern: (UInt32(bucket) + offset) << (23 - subBits))
  }

  /// Adds a value `count` times.
  public mutating func add(_ value: Float, count: UInt32 = 1) {
    guard count > 0 else { return }
    if counts.isEmpty { counts = Array(repeating: 0, count: Self.bucketCount) }
    counts[Self.bucket(value)] &+= count
    total &+= UInt64(count)
    sum += Double(value) * Double(count)
    minimum = Swift.min(minimum, value)
    maximum = Swift.max(maximum, value)
  }

  /// Adds counts that a kernel collected by `bucket`, with their sum and extremes.
  ///
  /// - Precondition: `raw` has `bucketCount` entries.
  public mutating func add(raw: [UInt32], sum: Double, minimum: Float, maximum: Float) {
    precondition(raw.count == Self.bucketCount)
    if counts.isEmpty { counts = Array(repeating: 0, count: Self.bucketCount) }
    var added: UInt64 = 0
    for index in raw.indices {
      counts[index] &+= raw[index]
      added &+= UInt64(raw[index])
    }
    total &+= added
    self.sum += sum
    self.minimum = Swift.min(self.minimum, minimum)
    self.maximum = Swift.max(self.maximum, maximum)
  }

  /// Adds another histogram's counts.
  public mutating func merge(_ other: LogHistogram) {
    guard other.total > 0 else { return }
    add(raw: other.counts, sum: other.sum, minimum: other.minimum, maximum: other.maximum)
  }

  /// Forgets everything, keeping the storage.
  public mutating func reset() {
    for index in counts.indices { counts[index] = 0 }
    total = 0
    sum = 0
    minimum = .infinity
    maximum = 0
  }

  /// Mean of what was added, nil when empty.
  public var mean: Double? { total == 0 ? nil : sum / Double(total) }

  /// The value below which a share of the added ones lies, linear inside its bucket; nil when empty.
  ///
  /// - Complexity: O(buckets).
  public func quantile(_ share: Double) -> Float? {
    guard total > 0 else { return nil }
    let rank = share * Double(total)
    var below = 0.0
    for index in counts.indices where counts[index] > 0 {
      let count = Double(counts[index])
      if below + count >= rank {
        let low = index == 0 ? 0 : Self.edge(index)
        let high = Self.edge(index + 1)
        let inside = low + (high - low) * Float((rank - below) / count)
        return Swift.max(minimum, Swift.min(maximum, inside))
      }
      below += count
    }
    return maximum
  }
}
