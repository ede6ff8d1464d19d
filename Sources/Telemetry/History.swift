/// The last 15 minutes of every metric, one sample a simulated second.
///
/// It belongs to the deployment's thread, which appends a frame every simulated second whether or not anyone draws.
/// Whole minutes are immutable chunks, packed to about half a byte a sample; readers take them without copying and a
/// recorder writes them unchanged. The minute that still grows is kept quantised and unpacked, so that values do not
/// change when it is packed.
public struct History: Sendable {
  /// Seconds in a full chunk.
  public static let chunkSeconds = 60
  /// Seconds that are kept at least, once they have passed.
  public static let keptSeconds: Int64 = 15 * 60

  /// Closed chunks, oldest first; between two of them seconds may be missing.
  public private(set) var chunks: [HistoryChunk] = []
  /// The newest second that was appended, nil before the first.
  public private(set) var lastSecond: Int64?

  private var open: [OpenColumn] = MetricID.allCases.map(OpenColumn.init)
  private var openFirst: Int64 = 0
  private var openCount = 0

  /// A history without a past.
  public init() {}

  /// Adds a second.
  ///
  /// A frame of a second that is already there, or older, is left out; skipped seconds are absent.
  ///
  /// - Complexity: O(samples); every 60th call also packs the minute, which takes tens of milliseconds of a large pod.
  ///   Who may not wait so long does these steps apart.
  public mutating func append(_ frame: Frame) {
    if let chunk = minute(endedBy: frame)?.packed() { close(chunk) }
    add(frame)
    if let chunk = wholeMinute?.packed() { close(chunk) }
  }

  /// The minute that grew, if a frame does not go on with it; `close` takes it before `add` takes the frame.
  public func minute(endedBy frame: Frame) -> OpenMinute? {
    let second = Self.second(of: frame)
    guard openCount > 0, second > lastSecond ?? .min else { return nil }
    let fits = zip(open, frame.columns).allSatisfy { $0.accepts($1.count) }
    return second == openFirst + Int64(openCount) && fits ? nil : openMinute
  }

  /// Adds a second to the minute that grows.
  ///
  /// - Precondition: the minute is not whole, and the frame does not end it.
  public mutating func add(_ frame: Frame) {
    let second = Self.second(of: frame)
    if let lastSecond, second <= lastSecond { return }
    precondition(openCount < Self.chunkSeconds, "a whole minute is closed first")
    if openCount == 0 { openFirst = second }
    for index in open.indices { open[index].append(frame.columns[index]) }
    openCount += 1
    lastSecond = second
    while let oldest = chunks.first, oldest.firstSecond + Int64(oldest.seconds) <= second - Self.keptSeconds {
      chunks.removeFirst()
    }
  }

  /// The minute that grew, once it is whole; `close` takes it before the next second.
  public var wholeMinute: OpenMinute? { openCount == Self.chunkSeconds ? openMinute : nil }

  /// Puts the packed minute in place of the one that grew.
  public mutating func close(_ chunk: HistoryChunk) {
    precondition(chunk.firstSecond == openFirst && chunk.seconds == openCount, "the chunk is another minute's")
    chunks.append(chunk)
    for index in open.indices { open[index].reset() }
    openCount = 0
  }

  /// A metric's samples of one element, one a second, oldest first, ending with the newest second; NaN where missing.
  ///
  /// Fewer than `seconds` where less has passed or is kept.
  public func values(_ metric: MetricID, element: Int = 0, seconds: Int) -> [Float] {
    guard let lastSecond, seconds > 0 else { return [] }
    let begin = chunks.first?.firstSecond ?? openFirst
    let first = max(begin, lastSecond - Int64(seconds) + 1)
    var values = [Float](repeating: .nan, count: Int(lastSecond - first + 1))
    for chunk in chunks where chunk.firstSecond + Int64(chunk.seconds) > first {
      for (offset, value) in chunk.values(metric, element: element).enumerated() {
        let index = chunk.firstSecond + Int64(offset) - first
        if index >= 0 { values[Int(index)] = value }
      }
    }
    let column = open[Int(metric.rawValue)]
    for offset in 0..<openCount {
      let index = openFirst + Int64(offset) - first
      if index >= 0 { values[Int(index)] = column.value(element: element, second: offset) }
    }
    return values
  }

  /// The minute that still grows as a chunk, nil when it is empty; for a recorder that has to end now.
  public func openChunk() -> HistoryChunk? { openCount > 0 ? openMinute.packed() : nil }

  /// Bytes held, the growing minute included.
  public var byteCount: Int {
    chunks.reduce(0) { $0 + $1.byteCount } + open.reduce(0) { $0 + $1.byteCount }
  }

  private var openMinute: OpenMinute { OpenMinute(first: openFirst, count: openCount, columns: open) }

  private static func second(of frame: Frame) -> Int64 {
    let (whole, rest) = frame.time.quotientAndRemainder(dividingBy: 1_000_000_000)
    return rest < 0 ? whole - 1 : whole
  }
}

/// The minute that grew as it is, to be packed aside: taking it copies nothing.
public struct OpenMinute: Sendable {
  fileprivate let first: Int64
  fileprivate let count: Int
  fileprivate let columns: [OpenColumn]

  /// The minute as a chunk.
  public func packed() -> HistoryChunk {
    var bytes: [UInt8] = []
    return HistoryChunk(firstSecond: first, seconds: count, columns: columns.compactMap { $0.packed(&bytes) })
  }
}
