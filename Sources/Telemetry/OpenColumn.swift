/// One metric's quantised samples of the chunk that is still growing.
///
/// A second in which all elements are alike (or there is no data) is one number; rows of all elements exist only from
/// the first second on in which some differ, and their storage is kept for the next chunk.
struct OpenColumn: Sendable {
  let metric: MetricID
  private let quantum: Float
  private let perUnit: Float
  /// How many elements there are; zero until there was data.
  private(set) var elements = 0
  /// By second: whether all elements are alike, and their common code.
  private var alike: [Bool] = []
  private var common: [Int32] = []
  /// Second by second, all elements of each; only those of seconds that are not alike are valid.
  private var rows: [Int32] = []
  private var seconds = 0

  init(_ metric: MetricID) {
    self.metric = metric
    quantum = metric.metric.quantum
    perUnit = 1 / quantum
    alike.reserveCapacity(History.chunkSeconds)
    common.reserveCapacity(History.chunkSeconds)
  }

  /// Whether a column of that many elements can follow in the same chunk.
  func accepts(_ count: Int) -> Bool { count == 0 || elements == 0 || count == elements }

  /// Adds a second; an empty column is one without data.
  mutating func append(_ column: [Float]) {
    guard !column.isEmpty else { return appendAlike(SeriesCodec.absent) }
    elements = column.count
    let values = column.span
    let first = values[0].bitPattern
    var differences: UInt32 = 0
    for index in values.indices { differences |= values[index].bitPattern ^ first }
    if differences == 0 { return appendAlike(SeriesCodec.quantise(values[0], perUnit: perUnit)) }
    if rows.count < History.chunkSeconds * elements {
      rows = Array(repeating: SeriesCodec.absent, count: History.chunkSeconds * elements)
    }
    Self.quantise(values, perUnit: perUnit, into: &rows, from: seconds * elements)
    alike.append(false)
    common.append(0)
    seconds += 1
  }

  private static func quantise(_ values: Span<Float>, perUnit: Float, into rows: inout [Int32], from start: Int) {
    var target = rows.mutableSpan
    for index in values.indices {
      target[start + index] = SeriesCodec.quantise(values[index], perUnit: perUnit)
    }
  }

  private mutating func appendAlike(_ code: Int32) {
    alike.append(true)
    common.append(code)
    seconds += 1
  }

  func value(element: Int, second: Int) -> Float {
    guard element >= 0, element < elements else { return .nan }
    let code = alike[second] ? common[second] : rows[second * elements + element]
    return code == SeriesCodec.absent ? .nan : Float(code) * quantum
  }

  /// The packed column, nil where there was no data at all; `bytes` is working storage.
  func packed(_ bytes: inout [UInt8]) -> HistoryChunk.Column? {
    guard elements > 0 else { return nil }
    let shared = !alike.contains(false)
    if shared && common.allSatisfy({ $0 == SeriesCodec.absent }) { return nil }
    bytes.removeAll(keepingCapacity: true)
    if shared {
      SeriesCodec.encode(common.span, into: &bytes)
      return HistoryChunk.Column(
        metric: metric, elements: elements, quantum: quantum, bytes: Array(bytes[...]), shared: true, groups: [0])
    }
    var groups: [UInt32] = []
    let stride = HistoryChunk.stride
    // A block of series at a time is turned from rows into series: columns read one by one would miss the cache.
    var block = [Int32](repeating: SeriesCodec.absent, count: stride * seconds)
    for start in Swift.stride(from: 0, to: elements, by: stride) {
      let count = min(stride, elements - start)
      gather(start: start, count: count, into: &block)
      groups.append(UInt32(bytes.count))
      let codes = block.span
      for index in 0..<count {
        let series = codes.extracting((index * seconds)..<((index + 1) * seconds))
        if index > 0, equal(series, codes.extracting(((index - 1) * seconds)..<(index * seconds))) {
          bytes.append(SeriesCodec.same)
        } else {
          SeriesCodec.encode(series, into: &bytes)
        }
      }
    }
    return HistoryChunk.Column(
      metric: metric, elements: elements, quantum: quantum, bytes: Array(bytes[...]), shared: false, groups: groups)
  }

  private func gather(start: Int, count: Int, into block: inout [Int32]) {
    let source = rows.span
    var target = block.mutableSpan
    for second in 0..<seconds {
      if alike[second] {
        let code = common[second]
        for index in 0..<count { target[index * seconds + second] = code }
      } else {
        let row = second * elements + start
        for index in 0..<count { target[index * seconds + second] = source[row + index] }
      }
    }
  }

  private func equal(_ left: Span<Int32>, _ right: Span<Int32>) -> Bool {
    var differences: Int32 = 0
    for index in left.indices { differences |= left[index] ^ right[index] }
    return differences == 0
  }

  /// Forgets its seconds, keeping the storage.
  mutating func reset() {
    alike.removeAll(keepingCapacity: true)
    common.removeAll(keepingCapacity: true)
    seconds = 0
    elements = 0
  }

  /// Bytes of its storage.
  var byteCount: Int { rows.capacity * 4 + common.capacity * 4 + alike.capacity }
}
