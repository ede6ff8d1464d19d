/// One MoE layer of a lock-step engine: every die's attention, dispatch, experts and combine, in three short passes.
///
/// The only place of the model where each nanosecond counts.
///
/// Dispatch and combine are barriers: a die's call lasts its wait for the slowest plus its own wire time. Times are
/// microseconds after the layer's begin, so that single precision keeps its digits.
struct LayerKernel {
  /// What does not change from die to die.
  struct Constants {
    var attentionSpread: Float
    var expertSpread: Float
    /// Rows of the whole engine and their square root.
    var engineRows: Float
    var rootRows: Float
    var expertFixed: Float
    var expertPerRow: Float
    var dispatchPerRowIn: Float
    var combinePerRowOut: Float
    /// Offsets into the noise table, in vectors.
    var attentionNoise: Int
    var rowNoise: Int
    var expertNoise: Int
    /// A die that stalls in its experts, -1 for none, and for how long.
    var stalledDie: Int = -1
    var stall: Float = 0
  }

  /// What the layer gives beside the dies' new lateness.
  struct Result {
    var attentionMaximum: Float = 0
    var attentionMean: Float = 0
    var expertsMaximum: Float = 0
    var expertsMean: Float = 0
    var dispatchWire: Float = 0
    var dispatchWait: Float = 0
    var combineWire: Float = 0
    var combineWait: Float = 0
    var experts: Float = 0
    var dispatchMinimum: Float = 0
    var dispatchMaximum: Float = 0
    var combineMinimum: Float = 0
    var combineMaximum: Float = 0
    var dispatchLongest: Float = 0
    var combineLongest: Float = 0
    var slowestAttention: Int32 = -1
    var slowestExperts: Int32 = -1
  }

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - late: How late each die begins the layer; on return how late it ends it, after the combine's barrier.
  ///   - arrive: Scratch, a vector for each eight dies.
  ///   - wait: Sum of each die's waits, added to.
  ///   - attention: Each die's time up to the dispatch.
  ///   - share, root, slots: Rows a row of the engine brings each die, its root, streaming of its experts.
  ///   - dispatchOut, combineIn: The part of the wire time that follows from the die's own rows.
  /// - Complexity: O(dies); no allocation.
  static func run(
    late: inout MutableSpan<SIMD8<Float>>, arrive: inout MutableSpan<SIMD8<Float>>,
    wait: inout MutableSpan<SIMD8<Float>>, attention: Span<SIMD8<Float>>, share: Span<SIMD8<Float>>,
    root: Span<SIMD8<Float>>, slots: Span<SIMD8<Float>>, dispatchOut: Span<SIMD8<Float>>,
    combineIn: Span<SIMD8<Float>>, noise: Span<SIMD8<Float>>, layerOffset: Int, constants c: Constants,
    dispatchCounts: inout MutableSpan<UInt32>, combineCounts: inout MutableSpan<UInt32>
  ) -> Result {
    let vectors = late.count
    var result = Result()
    let one = SIMD8<Float>(repeating: 1)

    var maximum = SIMD8<Float>(repeating: 0)
    var sum = SIMD8<Float>()
    for v in 0..<vectors {
      let time = late[v] + attention[v] * (one + c.attentionSpread * noise[c.attentionNoise + v])
      arrive[v] = time
      maximum.replace(with: time, where: time .> maximum)
      sum += time
    }
    let barrier = maximum.max()
    result.attentionMaximum = barrier
    result.attentionMean = sum.sum() / Float(vectors * 8)
    result.slowestAttention = place(of: barrier, in: arrive)

    var waitSum = SIMD8<Float>()
    var wireSum = SIMD8<Float>()
    var expertSum = SIMD8<Float>()
    var shortest = SIMD8<Float>(repeating: .infinity)
    var longest = SIMD8<Float>(repeating: 0)
    maximum = SIMD8(repeating: 0)
    sum = SIMD8()
    for v in 0..<vectors {
      let waiting = barrier - arrive[v]
      let place = layerOffset + v
      var rows = share[place] * c.engineRows + root[place] * (c.rootRows * noise[c.rowNoise + v])
      rows.replace(with: 0, where: rows .< 0)
      let wire = dispatchOut[v] + c.dispatchPerRowIn * rows
      let call = waiting + wire
      count(call, into: &dispatchCounts)
      wait[v] += waiting
      waitSum += waiting
      wireSum += wire
      shortest.replace(with: call, where: call .< shortest)
      longest.replace(with: call, where: call .> longest)
      // With few rows most of a die's experts get none and are not streamed.
      let streaming = slots[place] * rows / (rows + 1)
      let compute = c.expertPerRow * rows
      let both = compute + streaming + 1e-6
      let exact = c.expertFixed + both - Roofline.overlap * compute * streaming / both
      let time = exact * (one + c.expertSpread * noise[c.expertNoise + v])
      expertSum += time
      let end = wire + time
      arrive[v] = end
      sum += end
      maximum.replace(with: end, where: end .> maximum)
    }
    result.dispatchMinimum = shortest.min()
    result.dispatchMaximum = longest.max()
    result.dispatchWait = waitSum.sum()
    result.dispatchWire = wireSum.sum()
    result.experts = expertSum.sum()
    if c.stalledDie >= 0 {
      arrive[c.stalledDie / 8][c.stalledDie % 8] += c.stall
      maximum[0] = max(maximum[0], arrive[c.stalledDie / 8][c.stalledDie % 8])
    }
    let second = maximum.max()
    result.expertsMaximum = second
    result.expertsMean = sum.sum() / Float(vectors * 8)
    result.slowestExperts = place(of: second, in: arrive)

    waitSum = SIMD8()
    wireSum = SIMD8()
    shortest = SIMD8(repeating: .infinity)
    longest = SIMD8(repeating: 0)
    var longestWire = SIMD8<Float>(repeating: 0)
    for v in 0..<vectors {
      let waiting = second - arrive[v]
      let wire = combineIn[v] + (c.combinePerRowOut * c.engineRows) * share[layerOffset + v]
      let call = waiting + wire
      count(call, into: &combineCounts)
      wait[v] += waiting
      waitSum += waiting
      wireSum += wire
      shortest.replace(with: call, where: call .< shortest)
      longest.replace(with: call, where: call .> longest)
      longestWire.replace(with: wire, where: wire .> longestWire)
      late[v] = wire
    }
    result.combineMinimum = shortest.min()
    result.combineMaximum = longest.max()
    result.combineWait = waitSum.sum()
    result.combineWire = wireSum.sum()
    result.combineLongest = longestWire.max()
    return result
  }

  @inline(__always)
  private static func count(_ call: SIMD8<Float>, into counts: inout MutableSpan<UInt32>) {
    let bits = unsafe unsafeBitCast(call, to: SIMD8<UInt32>.self)
    let buckets = (bits &>> LogBuckets.shift) &- LogBuckets.offset
    for lane in 0..<8 {
      // Calls last between a few microseconds and seconds: inside the table without a test, the span checks anyway.
      let index = Int(buckets[lane]) &* 4 &+ (lane & 3)
      counts[index] &+= 1
    }
  }

  @inline(__always)
  private static func place(of value: Float, in values: borrowing MutableSpan<SIMD8<Float>>) -> Int32 {
    for v in 0..<values.count {
      let hit = values[v] .== value
      if any(hit) {
        for lane in 0..<8 where hit[lane] { return Int32(v * 8 + lane) }
      }
    }
    return -1
  }
}
