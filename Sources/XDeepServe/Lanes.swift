/// The vectors in which per-die columns are stored: as wide as the registers that every x86-64 and ARM has.
///
/// Wider ones were slower: the portable build splits them, and the kernel then runs out of registers.
enum Lanes {
  typealias Vector = SIMD4<Float>
  static let count = 4

  /// What is left of a time beside work, never below zero.
  static func idle(of whole: Float, work: Vector) -> Vector {
    let rest = Vector(repeating: whole) - work
    var idle = Vector()
    idle.replace(with: rest, where: rest .> 0)
    return idle
  }

  // The kept value stands first in the comparison: the processor's instruction then leaves it where it is.

  /// The larger of two values, lane by lane.
  @inline(__always)
  static func larger(_ kept: Vector, _ value: Vector) -> Vector { value.replacing(with: kept, where: kept .> value) }

  /// The smaller of two values, lane by lane.
  @inline(__always)
  static func smaller(_ kept: Vector, _ value: Vector) -> Vector { value.replacing(with: kept, where: kept .< value) }

  /// Largest of a vector.
  @inline(never)
  static func largest(_ value: Vector) -> Float {
    max(max(value[0], value[1]), max(value[2], value[3]))
  }

  /// Smallest of a vector.
  @inline(never)
  static func smallest(_ value: Vector) -> Float {
    min(min(value[0], value[1]), min(value[2], value[3]))
  }
}
