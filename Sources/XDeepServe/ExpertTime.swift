/// What the experts of four dies take for the rows that they received.
///
/// With few rows most of a die's experts get none and are not streamed: rows / (rows + 1) of them are. One division
/// serves that and the overlap of `Roofline`: with c = k·r and s = S·r/(r+1), c·s/(c+s) is k·S·r / (k·(r+1) + S).
struct ExpertTime {
  private let one = Lanes.Vector(repeating: 1)
  private let perRow: Lanes.Vector
  /// Fixed time less one row's, since compute is worked out for a row more.
  private let rest: Lanes.Vector
  private let apart = Lanes.Vector(repeating: 1 - Roofline.overlap)

  /// Fixed time of a call and time of a row, microseconds.
  init(fixed: Float, perRow time: Float) {
    perRow = Lanes.Vector(repeating: time)
    rest = Lanes.Vector(repeating: fixed - time)
  }

  /// Microseconds for so many rows and the streaming time of the occupied slots.
  @inline(__always)
  func micros(rows: Lanes.Vector, slots: Lanes.Vector) -> Lanes.Vector {
    let more = rows + one
    let compute = perRow * more
    let streamed = slots * (rows / (more * (compute + slots)))
    return rest + compute + streamed * (slots + apart * compute)
  }
}
