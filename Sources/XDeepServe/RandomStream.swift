/// A seeded source of random numbers with a name; two streams of one seed are independent (xoshiro256**).
///
/// Each subsystem draws from its own, so that one more draw in one of them moves nothing in another.
@frozen
public struct RandomStream: Hashable, Sendable {
  @usableFromInline var s0: UInt64
  @usableFromInline var s1: UInt64
  @usableFromInline var s2: UInt64
  @usableFromInline var s3: UInt64

  /// The stream of a name under a seed; `index` tells apart those of one kind.
  public init(seed: UInt64, name: StaticString, index: Int = 0) {
    // FNV-1a over the name, then SplitMix64, as the authors of xoshiro advise for seeding.
    var mix: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.description.utf8 { mix = (mix ^ UInt64(byte)) &* 0x100_0000_01b3 }
    mix ^= seed &* 0x9e37_79b9_7f4a_7c15
    mix &+= UInt64(truncatingIfNeeded: index) &* 0xd1b5_4a32_d192_ed03
    func next() -> UInt64 {
      mix &+= 0x9e37_79b9_7f4a_7c15
      var z = mix
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
    s0 = next()
    s1 = next()
    s2 = next()
    s3 = next() | 1
  }

  /// 64 random bits.
  @inlinable
  public mutating func bits() -> UInt64 {
    let five = s1 &* 5
    let result = ((five << 7) | (five >> 57)) &* 9
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// Uniform in the open interval (0, 1).
  @inlinable
  public mutating func unit() -> Double {
    (Double(bits() >> 12) + 0.5) * 0x1p-52
  }

  /// Uniform in `0..<count`.
  @inlinable
  public mutating func index(below count: Int) -> Int {
    Int(truncatingIfNeeded: bits().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Exponential with mean one.
  mutating func exponential() -> Double {
    -PortableMath.ln(unit())
  }

  /// Standard normal.
  mutating func normal() -> Double {
    PortableMath.normalQuantile(unit())
  }
}
