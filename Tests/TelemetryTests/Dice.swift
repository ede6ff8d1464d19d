/// A small generator with a seed, so that a failing property can be tried again.
struct Dice {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func below(_ bound: Int) -> Int { Int(next() >> 11) % bound }

  /// Between -1 and 1.
  mutating func unit() -> Float { Float(Int64(bitPattern: next()) >> 40) / Float(1 << 23) }

  /// Near enough to a normal deviate.
  mutating func normal() -> Float { (unit() + unit() + unit() + unit()) * 0.866 }
}
