/// Up to 60 consecutive seconds of every metric, quantised and packed; it never changes.
///
/// This is the unit of history and of recordings: a copy costs a reference.
public struct HistoryChunk: Sendable {
  /// Whole seconds since the scenario's start of the first sample.
  public let firstSecond: Int64
  /// How many seconds it holds, 1 to 60.
  public let seconds: Int
  /// What it holds, in the order of `MetricID`; metrics without any data are left out.
  public let columns: [Column]

  /// One metric's samples of all its elements.
  public struct Column: Sendable {
    /// Whose samples.
    public let metric: MetricID
    /// How many elements there are, one series each.
    public let elements: Int
    /// The step that codes count; a reader uses this one, not a newer catalogue's.
    public let quantum: Float
    /// The series one behind the other, each as `SeriesCodec` writes it; one alone where all elements are alike.
    public let bytes: [UInt8]
    /// Whether all elements share the one series.
    public let shared: Bool
    /// Where every 64th series begins; made from the bytes, so no part of what is recorded.
    let groups: [UInt32]
  }

  /// A chunk out of a recording.
  public init(firstSecond: Int64, seconds: Int, columns: [Column]) {
    precondition((1...64).contains(seconds), "a chunk is a minute at most")
    self.firstSecond = firstSecond
    self.seconds = seconds
    self.columns = columns
  }

  /// Elements from one entry of `Column.groups` to the next; the first of each is written in full.
  static let stride = 64

  /// The samples of one element, oldest first; NaN where there is no data.
  ///
  /// - Complexity: O(samples) and up to 64 headers to skip.
  public func values(_ metric: MetricID, element: Int) -> [Float] {
    guard let column = columns.first(where: { $0.metric == metric }), element >= 0, element < column.elements else {
      return Array(repeating: .nan, count: seconds)
    }
    return column.values(element: element, seconds: seconds)
  }

  /// Bytes of its packed samples and of what finds them.
  public var byteCount: Int { columns.reduce(0) { $0 + $1.bytes.count + $1.groups.count * 4 } }
}

extension HistoryChunk.Column {
  /// A column out of a recording.
  public init(metric: MetricID, elements: Int, quantum: Float, bytes: [UInt8], shared: Bool, seconds: Int) {
    var groups: [UInt32] = []
    var position = 0
    let span = bytes.span
    for element in 0..<(shared ? 1 : elements) {
      if element % HistoryChunk.stride == 0 { groups.append(UInt32(position)) }
      position = SeriesCodec.skip(span, at: position, count: seconds)
    }
    self.init(metric: metric, elements: elements, quantum: quantum, bytes: bytes, shared: shared, groups: groups)
  }

  func values(element: Int, seconds: Int) -> [Float] {
    let span = bytes.span
    let index = shared ? 0 : element
    var position = Int(groups[index / HistoryChunk.stride])
    var found = position
    for _ in 0..<(index % HistoryChunk.stride) {
      position = SeriesCodec.skip(span, at: position, count: seconds)
      if span[position] != SeriesCodec.same { found = position }
    }
    var codes: [Int32] = []
    codes.reserveCapacity(seconds)
    SeriesCodec.decode(span, at: &found, count: seconds, into: &codes)
    return codes.map { $0 == SeriesCodec.absent ? .nan : Float($0) * quantum }
  }
}
