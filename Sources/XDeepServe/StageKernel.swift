/// The two loops of a split engine: attention of one micro-batch on a domain's dies, experts of one on all expert dies.
///
/// No allocation, no check an element; sizes are checked once a call.
enum StageKernel {
  /// What a loop finds.
  struct Result {
    var slowest: Float
    var sum: Float
    var place: Int32
  }

  /// Each die begins when it is free or when the results it needs are there, whichever is later.
  ///
  /// - Parameters:
  ///   - late: When each die of the engine is free; on return when it ends. Only `range` is touched.
  ///   - work: Sum of each die's work, added to.
  ///   - earliest: When the micro-batch may begin, on the clock of `late`.
  static func attend(
    late: inout MutableSpan<Lanes.Vector>, work: inout MutableSpan<Lanes.Vector>, attention: Span<Lanes.Vector>,
    noise: Span<Lanes.Vector>, range: Range<Int>, offset: Int, earliest: Float, spread: Float
  ) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= late.count && range.upperBound <= work.count)
    precondition(range.upperBound <= attention.count && offset >= 0 && offset + range.upperBound <= noise.count)
    let begin = Lanes.Vector(repeating: earliest)
    let one = Lanes.Vector(repeating: 1)
    let spreads = Lanes.Vector(repeating: spread)
    var maximum = Lanes.Vector(repeating: 0)
    var sum = Lanes.Vector()
    for v in range {
      let time = unsafe attention[unchecked: v] * (one + spreads * noise[unchecked: offset &+ v])
      var start = unsafe late[unchecked: v]
      start.replace(with: begin, where: begin .> start)
      let end = start + time
      unsafe late[unchecked: v] = end
      unsafe work[unchecked: v] += time
      maximum = Lanes.larger(maximum, end)
      sum += end
    }
    let slowest = Lanes.largest(maximum)
    return Result(slowest: slowest, sum: sum.sum(), place: place(of: slowest, in: late, range))
  }

  /// Rows scatter around each die's share; the slowest die holds the stage.
  static func compute(
    times: inout MutableSpan<Lanes.Vector>, work: inout MutableSpan<Lanes.Vector>,
    experts: Span<LayerKernel.ExpertColumn>, pace: Span<Lanes.Vector>, noise: Span<Lanes.Vector>,
    base: Int, rows: Float, rowNoise: Int, timeNoise: Int, fixed: Float, perRow: Float, spread: Float
  ) -> Result {
    let vectors = work.count
    precondition(times.count >= vectors && base >= 0 && base + vectors <= experts.count)
    precondition(pace.count >= vectors)
    // The experts' dies are the last ones of the engine.
    let first = pace.count &- vectors
    precondition(min(rowNoise, timeNoise) >= 0 && max(rowNoise, timeNoise) + vectors <= noise.count)
    let expert = ExpertTime(fixed: fixed, perRow: perRow)
    // Whole vectors: a scalar times a vector makes the optimiser take vectors apart.
    let spreads = Lanes.Vector(repeating: spread)
    let rootRows = Lanes.Vector(repeating: rows.squareRoot())
    var maximum = Lanes.Vector(repeating: 0)
    var sum = Lanes.Vector()
    for v in 0..<vectors {
      let place = base &+ v
      // As in `LayerKernel`: mean and deviation in one product.
      let rooted = unsafe experts[unchecked: place].root * rootRows
      var received = unsafe rooted * (rooted + noise[unchecked: rowNoise &+ v])
      received.replace(with: 0, where: received .< 0)
      let exact = unsafe expert.micros(rows: received, slots: experts[unchecked: place].slots)
      let time = unsafe exact * (pace[unchecked: first &+ v] + spreads * noise[unchecked: timeNoise &+ v])
      unsafe times[unchecked: v] = time
      unsafe work[unchecked: v] += time
      maximum = Lanes.larger(maximum, time)
      sum += time
    }
    let slowest = Lanes.largest(maximum)
    return Result(slowest: slowest, sum: sum.sum(), place: place(of: slowest, in: times, 0..<vectors))
  }

  @inline(__always)
  private static func place(
    of value: Float, in values: borrowing MutableSpan<Lanes.Vector>, _ range: Range<Int>
  ) -> Int32 {
    for v in range {
      let hit = unsafe values[unchecked: v] .== value
      if any(hit) {
        for lane in 0..<Lanes.count where hit[lane] { return Int32(v * Lanes.count + lane) }
      }
    }
    return -1
  }
}
