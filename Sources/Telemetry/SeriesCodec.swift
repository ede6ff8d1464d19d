/// Packs one element's quantised samples of a chunk into bytes, without loss.
///
/// A series is a row of integers, `absent` where there was no data. Its bytes are
/// - a header: the width of a packed sample in bits (0 to 32), whether samples are differences to their predecessors or
///   heights above the lowest (whichever is narrower), whether some are absent; or one of two marks, `allAbsent` and
///   `same` (as the series before), which are all there is to such a series;
/// - with absent ones, one bit a sample: 1 where it is there;
/// - the base (the lowest sample; or the first one and the lowest difference), in zigzag and groups of seven bits;
/// - the samples there are, packed from the lowest bit up.
///
/// A steady series costs two or three bytes, none costs more than raw 32-bit integers and a header of 19 bytes.
public enum SeriesCodec {
  /// Stands for no data.
  public static let absent = Int32.min
  /// Codes lie within ±limit; what is farther away is pressed into it.
  public static let limit: Int32 = 1 << 30
  /// Most bytes that a series can need beyond four a sample (of up to 64).
  public static let overhead = 1 + 8 + 5 + 5

  static let allAbsent: UInt8 = 0x3E
  static let same: UInt8 = 0x3F
  private static let difference: UInt8 = 0x40
  private static let gaps: UInt8 = 0x80

  /// The integer nearest to a value in steps of `1 / perUnit`; infinities go to the limit, NaN to `absent`.
  @inlinable
  public static func quantise(_ value: Float, perUnit: Float) -> Int32 {
    // 1.5 × 2^23 pushes the fraction out of a float's mantissa: the nearest integer in one addition, far faster than
    // `rounded()`, for all but the largest values.
    let scaled = value * perUnit
    let magic: Float = 12_582_912
    if abs(scaled) < 4_194_304 { return Int32(truncatingIfNeeded: Int(((scaled + magic) - magic))) }
    if value.isNaN { return absent }
    let top = Float(limit)
    return Int32(max(-top, min(top, scaled)).rounded(.toNearestOrEven))
  }

  /// Appends the bytes of a series of up to 64 samples.
  public static func encode(_ codes: Span<Int32>, into bytes: inout [UInt8]) {
    precondition(codes.count <= 64, "presence is one word")
    var presence: UInt64 = 0
    var present = 0
    var first: Int32 = 0
    var last: Int32 = 0
    var lowest = Int32.max
    var highest = Int32.min
    var lowestStep = Int64.max
    var highestStep = Int64.min
    for index in codes.indices {
      let code = codes[index]
      if code == absent { continue }
      presence |= 1 << UInt64(index)
      lowest = min(lowest, code)
      highest = max(highest, code)
      if present == 0 {
        first = code
      } else {
        let step = Int64(code) - Int64(last)
        lowestStep = min(lowestStep, step)
        highestStep = max(highestStep, step)
      }
      last = code
      present += 1
    }
    guard present > 0 else {
      bytes.append(allAbsent)
      return
    }
    let height = width(Int64(highest) - Int64(lowest))
    let stepHeight = present > 1 ? width(highestStep - lowestStep) : 33
    // A difference costs a second base, so it must be narrower by enough bits to pay for it.
    let byDifference = stepHeight < 33 && (stepHeight + 1) * (present - 1) < height * present - 8
    let bits = byDifference ? stepHeight : height
    var header = UInt8(bits)
    if byDifference { header |= difference }
    if present < codes.count { header |= gaps }
    bytes.append(header)
    if present < codes.count {
      for byte in 0..<((codes.count + 7) / 8) { bytes.append(UInt8(truncatingIfNeeded: presence >> UInt64(byte * 8))) }
    }
    append(Int64(byDifference ? first : lowest), into: &bytes)
    if byDifference { append(lowestStep, into: &bytes) }
    guard bits > 0 else { return }
    var word: UInt64 = 0
    var filled: UInt64 = 0
    var previous = Int64(first)
    var skip = byDifference
    for index in codes.indices {
      let code = codes[index]
      if code == absent { continue }
      if skip {
        skip = false
        continue
      }
      let value = Int64(code) - (byDifference ? previous + lowestStep : Int64(lowest))
      previous = Int64(code)
      word |= UInt64(value) << filled
      filled += UInt64(bits)
      while filled >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
        filled -= 8
      }
    }
    if filled > 0 { bytes.append(UInt8(truncatingIfNeeded: word)) }
  }

  /// Appends the samples of a series that begins at `position`, and moves there behind it.
  ///
  /// - Precondition: The bytes came from `encode` and the series is not marked `same`.
  public static func decode(_ bytes: Span<UInt8>, at position: inout Int, count: Int, into codes: inout [Int32]) {
    let start = Start(bytes, at: position, count: count)
    position = start.end
    if start.present == 0 {
      for _ in 0..<count { codes.append(absent) }
      return
    }
    let bits = UInt64(start.bits)
    let mask = bits == 0 ? 0 : (UInt64(1) << bits) - 1
    var reading = start.data
    var word: UInt64 = 0
    var filled: UInt64 = 0
    var value = start.base
    var first = true
    for index in 0..<count {
      guard start.presence >> UInt64(index) & 1 == 1 else {
        codes.append(absent)
        continue
      }
      if start.byDifference && first {
        first = false
        codes.append(Int32(truncatingIfNeeded: value))
        continue
      }
      while filled < bits {
        word |= UInt64(bytes[reading]) << filled
        reading += 1
        filled += 8
      }
      let packed = Int64(word & mask)
      word >>= bits
      filled -= bits
      if start.byDifference { value += start.step + packed } else { value = start.base + packed }
      codes.append(Int32(truncatingIfNeeded: value))
    }
  }

  /// The position behind a series.
  static func skip(_ bytes: Span<UInt8>, at position: Int, count: Int) -> Int {
    Start(bytes, at: position, count: count).end
  }

  /// What stands before the packed samples, and where everything is.
  private struct Start {
    var bits = 0
    var byDifference = false
    var presence: UInt64 = 0
    var present = 0
    var base: Int64 = 0
    var step: Int64 = 0
    var data = 0
    var end = 0

    init(_ bytes: Span<UInt8>, at position: Int, count: Int) {
      var reading = position
      let header = bytes[reading]
      reading += 1
      guard header != SeriesCodec.allAbsent, header != SeriesCodec.same else {
        end = reading
        return
      }
      bits = Int(header & 0x3F)
      byDifference = header & SeriesCodec.difference != 0
      if header & SeriesCodec.gaps != 0 {
        for byte in 0..<((count + 7) / 8) {
          presence |= UInt64(bytes[reading]) << UInt64(byte * 8)
          reading += 1
        }
      } else {
        presence = count == 64 ? .max : (UInt64(1) << UInt64(count)) - 1
      }
      present = presence.nonzeroBitCount
      base = SeriesCodec.read(bytes, at: &reading)
      if byDifference { step = SeriesCodec.read(bytes, at: &reading) }
      data = reading
      let packed = byDifference ? present - 1 : present
      end = reading + (packed * bits + 7) / 8
    }
  }

  private static func width(_ height: Int64) -> Int { 64 - height.leadingZeroBitCount }

  private static func append(_ value: Int64, into bytes: inout [UInt8]) {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private static func read(_ bytes: Span<UInt8>, at position: inout Int) -> Int64 {
    var rest: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = bytes[position]
      position += 1
      rest |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { break }
      shift += 7
    }
    return Int64(bitPattern: rest >> 1) ^ -Int64(bitPattern: rest & 1)
  }
}
