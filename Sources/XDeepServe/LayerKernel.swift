/// One MoE layer of a lock-step engine: every die's attention, dispatch, experts and combine, in three short passes.
///
/// The only place of the model where each nanosecond counts.
///
/// Dispatch and combine are barriers: a die's call lasts its wait for the slowest plus its own wire time. Times are
/// microseconds after the layer's begin, so that single precision keeps its digits.
struct LayerKernel {
  // Swift's vector operations reach the optimiser lane by lane, and it puts them together again; the form below is the
  // one it does best with. What belongs together lies together: with a column for each figure it ran out of registers
  // for their addresses. Tried and slower: constants as scalars, two passes instead of three.

  /// What of a die does not change from layer to layer.
  struct DieColumn: Sendable {
    /// The part of the dispatch's wire time that follows from the die's own rows.
    var dispatchOut = Lanes.Vector()
    /// Pulling one row in a dispatch.
    var pull = Lanes.Vector()
    /// The part of the combine's wire time that follows from the die's own rows.
    var combineIn = Lanes.Vector()
    /// How much longer the die's kernels take than a healthy die's, 1 where it is healthy.
    var pace = Lanes.Vector(repeating: 1)
  }

  /// What one layer's experts bring to a die.
  struct ExpertColumn: Sendable {
    /// Square root of the rows that one row of the engine brings.
    var root = Lanes.Vector()
    /// Streaming of the occupied slots.
    var slots = Lanes.Vector()
  }

  /// What is the same for all dies.
  struct Constants {
    let attentionSpread: Lanes.Vector
    let expertSpread: Lanes.Vector
    /// Square root of the engine's rows.
    let rootRows: Lanes.Vector
    let experts: ExpertTime
    /// Wire time of a combine for a die that serves every row.
    let combineOut: Lanes.Vector

    init(attentionSpread: Float, expertSpread: Float, engineRows: Float, experts: ExpertTime, combinePerRow: Float) {
      self.attentionSpread = Lanes.Vector(repeating: attentionSpread)
      self.expertSpread = Lanes.Vector(repeating: expertSpread)
      rootRows = Lanes.Vector(repeating: engineRows.squareRoot())
      self.experts = experts
      combineOut = Lanes.Vector(repeating: combinePerRow * engineRows)
    }
  }

  /// What chance brings a layer.
  struct Chance {
    /// Offsets into the noise table, in vectors.
    var attention: Int
    var rows: Int
    var experts: Int
    /// A die that stalls in its experts, -1 for none, and for how long.
    var stalledDie: Int = -1
    var stall: Float = 0
  }

  /// The shortest and longest calls so far, lane by lane.
  struct Extremes: Sendable {
    var dispatchShortest = Lanes.Vector(repeating: .infinity)
    var dispatchLongest = Lanes.Vector()
    var combineShortest = Lanes.Vector(repeating: .infinity)
    var combineLongest = Lanes.Vector()
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
    var slowestAttention: Int32 = -1
    var slowestExperts: Int32 = -1
  }

  /// Runs the layer.
  ///
  /// - Parameters:
  ///   - late: How late each die begins the layer; on return how late it ends it, after the combine's barrier.
  ///   - arrive: Scratch, a vector for each four dies.
  ///   - wait: Sum of each die's waits, added to.
  ///   - attention: Each die's time up to the dispatch.
  ///   - shares: Rows that one row of the engine brings to each die, apart: the last pass needs nothing else of a layer.
  ///   - base: Where the layer begins in `experts` and `shares`.
  /// - Complexity: O(dies); no allocation.
  @inline(__always)
  static func run(
    late: inout MutableSpan<Lanes.Vector>, arrive: inout MutableSpan<Lanes.Vector>,
    wait: inout MutableSpan<Lanes.Vector>, attention: Span<Lanes.Vector>, columns: Span<DieColumn>,
    experts: Span<ExpertColumn>, shares: Span<Lanes.Vector>, base: Int, noise: Span<Lanes.Vector>,
    constants c: Constants, chance: Chance,
    extremes: inout Extremes, dispatchCounts: inout MutableSpan<UInt32>, combineCounts: inout MutableSpan<UInt32>
  ) -> Result {
    let vectors = late.count
    // Checked once here, so that the loops need no check an element.
    precondition(arrive.count == vectors && wait.count == vectors && attention.count == vectors)
    precondition(columns.count == vectors && base >= 0 && base + vectors <= experts.count)
    precondition(shares.count == experts.count)
    precondition(min(chance.attention, chance.rows, chance.experts) >= 0)
    precondition(max(chance.attention, chance.rows, chance.experts) + vectors <= noise.count)
    precondition(dispatchCounts.count == LogBuckets.places && combineCounts.count == LogBuckets.places)
    var result = Result()
    let one = Lanes.Vector(repeating: 1)

    var maximum = Lanes.Vector()
    var sum = Lanes.Vector()
    var v = 0
    while v < vectors {
      let spread = unsafe one + c.attentionSpread * noise[unchecked: chance.attention &+ v]
      let time = unsafe late[unchecked: v] + attention[unchecked: v] * spread
      unsafe arrive[unchecked: v] = time
      maximum = Lanes.larger(maximum, time)
      sum += time
      v &+= 1
    }
    let barrier = Lanes.largest(maximum)
    // Sums of waits and of expert times follow from those of arrivals and wires.
    let arrived = sum.sum()
    let number = Float(vectors * Lanes.count)
    result.attentionMaximum = barrier
    result.attentionMean = arrived / number
    result.slowestAttention = place(of: barrier, in: arrive)

    var wireSum = Lanes.Vector()
    var shortest = extremes.dispatchShortest
    var longest = extremes.dispatchLongest
    maximum = Lanes.Vector()
    sum = Lanes.Vector()
    let barriers = Lanes.Vector(repeating: barrier)
    v = 0
    while v < vectors {
      let place = base &+ v
      let waiting = unsafe barriers - arrive[unchecked: v]
      // Mean s·R and deviation √(s·R) times a normal number: with x = √s·√R both are x·(x + number).
      let rooted = unsafe experts[unchecked: place].root * c.rootRows
      var rows = unsafe rooted * (rooted + noise[unchecked: chance.rows &+ v])
      rows.replace(with: 0, where: rows .< 0)
      let wire = unsafe columns[unchecked: v].dispatchOut + columns[unchecked: v].pull * rows
      let call = waiting + wire
      count(call, into: &dispatchCounts)
      unsafe wait[unchecked: v] += waiting
      wireSum += wire
      shortest = Lanes.smaller(shortest, call)
      longest = Lanes.larger(longest, call)
      let exact = unsafe c.experts.micros(rows: rows, slots: experts[unchecked: place].slots)
      let time = unsafe exact * (columns[unchecked: v].pace + c.expertSpread * noise[unchecked: chance.experts &+ v])
      let end = wire + time
      unsafe arrive[unchecked: v] = end
      sum += end
      maximum = Lanes.larger(maximum, end)
      v &+= 1
    }
    extremes.dispatchShortest = shortest
    extremes.dispatchLongest = longest
    result.dispatchWait = max(0, number * barrier - arrived)
    result.dispatchWire = wireSum.sum()
    var ended = sum.sum()
    result.experts = ended - result.dispatchWire
    if chance.stalledDie >= 0 {
      arrive[chance.stalledDie / Lanes.count][chance.stalledDie % Lanes.count] += chance.stall
      ended += chance.stall
      maximum[0] = max(maximum[0], arrive[chance.stalledDie / Lanes.count][chance.stalledDie % Lanes.count])
    }
    let second = Lanes.largest(maximum)
    result.expertsMaximum = second
    result.expertsMean = ended / number
    result.slowestExperts = place(of: second, in: arrive)

    wireSum = Lanes.Vector()
    shortest = extremes.combineShortest
    longest = extremes.combineLongest
    let seconds = Lanes.Vector(repeating: second)
    v = 0
    while v < vectors {
      let waiting = unsafe seconds - arrive[unchecked: v]
      let wire = unsafe columns[unchecked: v].combineIn + c.combineOut * shares[unchecked: base &+ v]
      let call = waiting + wire
      count(call, into: &combineCounts)
      unsafe wait[unchecked: v] += waiting
      wireSum += wire
      shortest = Lanes.smaller(shortest, call)
      longest = Lanes.larger(longest, call)
      unsafe late[unchecked: v] = wire
      v &+= 1
    }
    extremes.combineShortest = shortest
    extremes.combineLongest = longest
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

  /// The last rank with a value that some rank has.
  ///
  /// Four vectors at a time, and no branch on what is found: a branch for each lane was guessed wrong at every layer.
  @inline(__always)
  private static func place(of value: Float, in values: borrowing MutableSpan<Lanes.Vector>) -> Int32 {
    let wanted = Lanes.Vector(repeating: value)
    let vectors = values.count
    var found = SIMD4<Int32>(repeating: -1)
    var ranks = SIMD4<Int32>(0, 1, 2, 3)
    let step = SIMD4<Int32>(repeating: Int32(truncatingIfNeeded: Lanes.count))
    var v = 0
    while v &+ 4 <= vectors {
      let first = unsafe values[unchecked: v] .== wanted
      let second = unsafe values[unchecked: v &+ 1] .== wanted
      let third = unsafe values[unchecked: v &+ 2] .== wanted
      let fourth = unsafe values[unchecked: v &+ 3] .== wanted
      if any(first .| second .| (third .| fourth)) {
        found.replace(with: ranks, where: first)
        found.replace(with: ranks &+ step, where: second)
        found.replace(with: ranks &+ step &* 2, where: third)
        found.replace(with: ranks &+ step &* 3, where: fourth)
        return found.max()
      }
      ranks &+= step &* 4
      v &+= 4
    }
    while v < vectors {
      unsafe found.replace(with: ranks, where: values[unchecked: v] .== wanted)
      ranks &+= step
      v &+= 1
    }
    return found.max()
  }
}
