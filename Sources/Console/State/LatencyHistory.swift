import Telemetry

/// How the time between tokens was spread, second by second: what the latency field draws.
///
/// Histograms are folded into 32 bands an octave. A frame stands for the seconds since the one before it, at most
/// `reach` of them: at high speed only some seconds are seen, and the newest stands for its neighbours.
struct LatencyHistory: Hashable, Sendable {
  /// Seconds that are kept.
  static let window = 600
  /// Bands an octave.
  static let bandsPerOctave = 32
  /// Seconds that one frame may stand for.
  static let reach = 60

  /// Counts by band of one second.
  struct Second: Hashable, Sendable {
    /// The first band that holds anything.
    var first: Int
    /// From there on.
    var counts: [UInt32]
  }

  /// The newest second.
  private(set) var newest: Int64 = -1
  /// Ring by second; nil where no frame told.
  private var ring: [Second?] = Array(repeating: nil, count: window)

  /// Lower edge of a band in microseconds.
  static func edge(_ band: Int) -> Float { LogHistogram.edge(band * (64 / bandsPerOctave)) }

  /// The band of a value in microseconds.
  static func band(_ value: Float) -> Int { LogHistogram.bucket(value) / (64 / bandsPerOctave) }

  /// Takes the histogram of a frame's last second.
  mutating func add(_ histogram: LogHistogram, time: Int64) {
    let second = time / 1_000_000_000
    if second < newest { self = LatencyHistory() }
    guard second > newest else { return }
    let step = 64 / Self.bandsPerOctave
    var folded = [UInt32](repeating: 0, count: LogHistogram.bucketCount / step)
    for (bucket, count) in histogram.counts.enumerated() where count > 0 { folded[bucket / step] &+= count }
    let first = folded.firstIndex { $0 > 0 } ?? 0
    let last = folded.lastIndex { $0 > 0 } ?? -1
    let kept = Second(first: first, counts: last < first ? [] : Array(folded[first...last]))
    let from = newest < 0 ? second : max(newest + 1, second - Int64(Self.reach) + 1, second - Int64(Self.window) + 1)
    for blank in max(newest + 1, second - Int64(Self.window) + 1, 0)..<max(newest + 1, from, 0) {
      ring[Int(blank % Int64(Self.window))] = nil
    }
    for index in from...second { ring[Int(index % Int64(Self.window))] = kept }
    newest = second
  }

  /// Counts of a span of seconds before the newest, added up; nil where none was seen.
  ///
  /// - Returns: Counts from `bands.lowerBound` on.
  func counts(secondsAgo span: Range<Int>, bands: Range<Int>) -> [UInt32]? {
    var sum = [UInt32](repeating: 0, count: bands.count)
    var seen = false
    for ago in span where ago < Self.window && Int64(ago) <= newest {
      guard let second = ring[Int((newest - Int64(ago)) % Int64(Self.window))] else { continue }
      seen = true
      for (offset, count) in second.counts.enumerated() where bands.contains(second.first + offset) {
        sum[second.first + offset - bands.lowerBound] &+= count
      }
    }
    return seen ? sum : nil
  }

  /// Lowest and highest band that hold anything in the window.
  var extent: ClosedRange<Int>? {
    var low = Int.max
    var high = -1
    for second in ring {
      guard let second, !second.counts.isEmpty else { continue }
      low = min(low, second.first)
      high = max(high, second.first + second.counts.count - 1)
    }
    return high < low ? nil : low...high
  }
}
