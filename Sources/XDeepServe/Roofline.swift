/// Time of a kernel on one die from its arithmetic and its memory traffic.
///
/// Compute and streaming overlap in part: `c + s − κ·c·s/(c+s)`. κ = 0 would be no overlap at all, κ = 2 nearly a
/// perfect one. κ = 0.72 gives 1.64 of either where both are equal, as a p-norm of 1.4 does, with one division and no
/// power function. (Assumption; it is what one colocated layer of [XDS] needs, see docs/model.md.)
enum Roofline {
  /// Share of the harmonic overlap.
  static let overlap: Float = 0.72

  /// Microseconds for `compute` and `streaming` microseconds that overlap in part.
  static func microseconds(compute: Float, streaming: Float) -> Float {
    let sum = compute + streaming
    guard sum > 0 else { return 0 }
    return sum - overlap * compute * streaming / sum
  }

  /// The same for four dies; what is next to nothing stands for the check of zero.
  @inline(__always)
  static func microseconds(compute: Lanes.Vector, streaming: Lanes.Vector) -> Lanes.Vector {
    let sum = compute + streaming + 1e-6
    return sum - overlap * compute * streaming / sum
  }
}
