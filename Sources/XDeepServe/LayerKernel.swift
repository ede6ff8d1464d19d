/// One MoE layer of a lock-step engine: every die's attention, dispatch, experts and combine, in three short passes.
///
/// The only place of the model where each nanosecond counts.
///
/// Dispatch and combine are barriers: a die's call lasts its wait for the slowest plus its own wire time. Times are
/// microseconds after the layer's begin, so that single precision keeps its digits.
struct LayerKernel {
  // Swift's vector operations reach the optimiser lane by lane, and it puts them together again; the form below is the
  // one it does best with. Tried and slower: constants as whole vectors, two passes instead of three.

  /// What does not change from die to die.
  struct Constants {
    var attentionSpread: Float
    var expertSpread: Float
    /// Rows of the whole engine and their square root.
    var engineRows: Float
    var rootRows: Float
    var expertFixed: Float
    var expertPerRow: Float
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
  ///   - pull: Pulling one row in a dispatch.
  ///   - pace: How much longer each die's kernels take than a healthy die's, 1 where it is healthy.
  /// - Complexity: O(dies); no allocation.
  static func run(
    late: inout MutableSpan<Lanes.Vector>, arrive: inout MutableSpan<Lanes.Vector>,
    wait: inout MutableSpan<Lanes.Vector>, attention: Span<Lanes.Vector>, share: Span<Lanes.Vector>,
    root: Span<Lanes.Vector>, slots: Span<Lanes.Vector>, dispatchOut: Span<Lanes.Vector>,
    combineIn: Span<Lanes.Vector>, pull: Span<Lanes.Vector>, pace: Span<Lanes.Vector>, noise: Span<Lanes.Vector>,
    layerOffset: Int, constants c: Constants,
    dispatchCounts: inout MutableSpan<UInt32>, combineCounts: inout MutableSpan<UInt32>
  ) -> Result {
    let vectors = late.count
    // Checked once here, so that the loops need no check an element.
    precondition(arrive.count == vectors && wait.count == vectors && attention.count == vectors)
    precondition(dispatchOut.count == vectors && combineIn.count == vectors)
    precondition(pull.count == vectors && pace.count == vectors)
    precondition(layerOffset >= 0 && layerOffset + vectors <= share.count)
    precondition(root.count == share.count && slots.count == share.count)
    precondition(min(c.attentionNoise, c.rowNoise, c.expertNoise) >= 0)
    precondition(max(c.attentionNoise, c.rowNoise, c.expertNoise) + vectors <= noise.count)
    precondition(dispatchCounts.count == LogBuckets.places && combineCounts.count == LogBuckets.places)
    var result = Result()
    let one = Lanes.Vector(repeating: 1)

    var maximum = Lanes.Vector(repeating: 0)
    var sum = Lanes.Vector()
    for v in 0..<vectors {
      let spread = unsafe one + c.attentionSpread * noise[unchecked: c.attentionNoise &+ v]
      let time = unsafe late[unchecked: v] + attention[unchecked: v] * spread
      unsafe arrive[unchecked: v] = time
      maximum.replace(with: time, where: time .> maximum)
      sum += time
    }
    let barrier = Lanes.largest(maximum)
    result.attentionMaximum = barrier
    result.attentionMean = sum.sum() / Float(vectors * Lanes.count)
    result.slowestAttention = place(of: barrier, in: arrive)

    // Sums of waits and of expert times follow from those of arrivals and wires.
    let arrived = sum.sum()
    var wireSum = Lanes.Vector()
    var shortest = Lanes.Vector(repeating: .infinity)
    var longest = Lanes.Vector(repeating: 0)
    maximum = Lanes.Vector(repeating: 0)
    sum = Lanes.Vector()
    for v in 0..<vectors {
      let waiting = unsafe barrier - arrive[unchecked: v]
      let place = layerOffset &+ v
      let mean = unsafe share[unchecked: place] * c.engineRows
      let deviation = unsafe root[unchecked: place] * (c.rootRows * noise[unchecked: c.rowNoise &+ v])
      var rows = mean + deviation
      rows.replace(with: 0, where: rows .< 0)
      let wire = unsafe dispatchOut[unchecked: v] + pull[unchecked: v] * rows
      let call = waiting + wire
      count(call, into: &dispatchCounts)
      unsafe wait[unchecked: v] += waiting
      wireSum += wire
      shortest.replace(with: call, where: call .< shortest)
      longest.replace(with: call, where: call .> longest)
      // With few rows most of a die's experts get none and are not streamed: rows / (rows + 1) of them are. One
      // division serves that and the overlap: c·s/(c+s) with s = S·r/(r+1), c = k·r is k·S·r / (k·(r+1) + S).
      let full = unsafe slots[unchecked: place]
      let compute = c.expertPerRow * rows
      let more = rows + 1
      let scale = rows / (more * (c.expertPerRow * more + full))
      let streaming = full * (c.expertPerRow * more + full) * scale
      let shared = c.expertPerRow * full * more * scale
      let exact = c.expertFixed + compute + streaming - Roofline.overlap * shared
      let time = unsafe exact * (pace[unchecked: v] + c.expertSpread * noise[unchecked: c.expertNoise &+ v])
      let end = wire + time
      unsafe arrive[unchecked: v] = end
      sum += end
      maximum.replace(with: end, where: end .> maximum)
    }
    result.dispatchMinimum = Lanes.smallest(shortest)
    result.dispatchMaximum = Lanes.largest(longest)
    let number = Float(vectors * Lanes.count)
    result.dispatchWait = max(0, number * barrier - arrived)
    result.dispatchWire = wireSum.sum()
    var ended = sum.sum()
    result.experts = ended - result.dispatchWire
    if c.stalledDie >= 0 {
      arrive[c.stalledDie / Lanes.count][c.stalledDie % Lanes.count] += c.stall
      ended += c.stall
      maximum[0] = max(maximum[0], arrive[c.stalledDie / Lanes.count][c.stalledDie % Lanes.count])
    }
    let second = Lanes.largest(maximum)
    result.expertsMaximum = second
    result.expertsMean = ended / number
    result.slowestExperts = place(of: second, in: arrive)

    wireSum = Lanes.Vector()
    shortest = Lanes.Vector(repeating: .infinity)
    longest = Lanes.Vector(repeating: 0)
    for v in 0..<vectors {
      let waiting = unsafe second - arrive[unchecked: v]
      let out = unsafe (c.combinePerRowOut * c.engineRows) * share[unchecked: layerOffset &+ v]
      let wire = unsafe combineIn[unchecked: v] + out
      let call = waiting + wire
      count(call, into: &combineCounts)
      unsafe wait[unchecked: v] += waiting
      wireSum += wire
      shortest.replace(with: call, where: call .< shortest)
      longest.replace(with: call, where: call .> longest)
      unsafe late[unchecked: v] = wire
    }
    result.combineMinimum = Lanes.smallest(shortest)
    result.combineMaximum = Lanes.largest(longest)
    result.combineWait = max(0, number * second - ended)
    result.combineWire = wireSum.sum()
    return result
  }

  /// Counts four calls, each lane in a table of its own.
  @inline(__always)
  private static func count(_ call: Lanes.Vector, into counts: inout MutableSpan<UInt32>) {
    let bits = unsafe unsafeBitCast(call, to: SIMD4<UInt32>.self)
    // The mask keeps any bit pattern inside a table, so the places need no check; two lanes leave the vector at a time.
    let buckets = (bits &>> LogBuckets.shift) & LogBuckets.mask
    let pairs = unsafe unsafeBitCast(buckets, to: SIMD2<UInt64>.self)
    let (low, high) = (pairs[0], pairs[1])
    unsafe counts[unchecked: Int(low & 0xffff_ffff)] &+= 1
    unsafe counts[unchecked: LogBuckets.stride &+ Int(low &>> 32)] &+= 1
    unsafe counts[unchecked: 2 &* LogBuckets.stride &+ Int(high & 0xffff_ffff)] &+= 1
    unsafe counts[unchecked: 3 &* LogBuckets.stride &+ Int(high &>> 32)] &+= 1
  }

  @inline(__always)
  private static func place(of value: Float, in values: borrowing MutableSpan<Lanes.Vector>) -> Int32 {
    for v in 0..<values.count {
      let hit = unsafe values[unchecked: v] .== value
      if any(hit) {
        for lane in 0..<Lanes.count where hit[lane] { return Int32(v * Lanes.count + lane) }
      }
    }
    return -1
  }
}
