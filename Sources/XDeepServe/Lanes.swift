/// The vectors in which per-die columns are stored: as wide as the registers that every x86-64 and ARM has.
///
/// Wider ones were slower: the portable build splits them, and the kernel then runs out of registers.
enum Lanes {
  typealias Vector = SIMD4<Float>
  static let count = 4
}
