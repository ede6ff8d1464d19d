/// A 128-bit fingerprint of a simulation's state, for comparing runs; not for security.
public struct StateDigest: Sendable {
  private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
  private var second: UInt64 = 0xc2b2_ae3d_27d4_eb4f

  /// An empty digest.
  public init() {}

  /// Takes in 64 bits.
  public mutating func add(_ word: UInt64) {
    first = (first ^ word) &* 0xff51_afd7_ed55_8ccd
    first ^= first >> 32
    second = ((second << 27) | (second >> 37)) &+ (first ^ word &* 0x9e37_79b9_7f4a_7c15)
  }

  mutating func add(_ value: Int) { add(UInt64(bitPattern: Int64(value))) }
  mutating func add(_ value: Int64) { add(UInt64(bitPattern: value)) }
  mutating func add(_ value: Double) { add(value.bitPattern) }
  mutating func add(_ value: Float) { add(UInt64(value.bitPattern)) }
  mutating func add(_ value: Bool) { add(UInt64(value ? 1 : 0)) }
  mutating func add(_ value: Lanes.Vector) {
    for lane in 0..<Lanes.count { add(value[lane]) }
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(UInt64(text.utf8.count))
  }

  mutating func add(_ stream: RandomStream) {
    add(stream.s0)
    add(stream.s1)
    add(stream.s2)
    add(stream.s3)
  }

  /// 32 hexadecimal digits.
  public var text: String {
    func hex(_ value: UInt64) -> String {
      let digits = String(value, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    return hex(first) + hex(second)
  }
}
