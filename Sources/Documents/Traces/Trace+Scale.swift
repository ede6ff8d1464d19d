import XDeepServe

extension Trace {
  /// Half the width of the window in which copies of a request arrive, nanoseconds.
  ///
  /// Assumption: wide enough that copies do not arrive in step, narrow enough that bursts of a minute keep their shape.
  static let spread: Int64 = 5_000_000_000

  /// The trace with every request so many times.
  ///
  /// The first copy stays where it was, every other one moves by a draw of its own from ±5 s, mirrored at both ends of
  /// the trace. Lengths stay in pairs as they were recorded. Copies are other clients: the blocks of each series of
  /// copies have names of their own, so that it hits what the recorded ones hit.
  ///
  /// Whole-number arithmetic only: the same seed gives the same trace on any machine.
  ///
  /// - Precondition: `copies` is at least 1.
  public func scaled(by copies: Int, seed: UInt64) -> Trace {
    precondition(copies >= 1, "a trace is scaled by at least one")
    guard copies > 1, let last = requests.last?.arrival else { return self }
    var state = seed ^ 0x7472_6163_652d_7363  // the stream's name, "trace-sc"
    var scaled: [TraceRequest] = []
    scaled.reserveCapacity(requests.count * copies)
    let names = (hashBlocks.max() ?? 0) &+ 1
    for request in requests {
      scaled.append(request)
      for copy in 1..<copies {
        let offset = Int64(Self.draw(&state) % UInt64(2 * Self.spread + 1)) - Self.spread
        var arrival = request.arrival + offset
        if arrival < 0 { arrival = -arrival }
        if arrival > last { arrival = max(0, 2 * last - arrival) }
        var blocks = request.blocks
        blocks.shift = names &* Int32(copy)
        scaled.append(
          TraceRequest(
            arrival: min(arrival, last), prompt: request.prompt, output: request.output, blocks: blocks))
      }
    }
    var trace = self
    trace.requests = scaled
    trace.sort()
    return trace
  }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  private static func draw(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
