import Telemetry
import Testing

@Suite struct SeriesCodecTests {
  enum Shape: String, CaseIterable, Sendable {
    case constant, absent, walk, noise, step, extremes, gaps, ramp, anything
  }

  private func series(_ shape: Shape, _ dice: inout Dice, _ count: Int) -> [Int32] {
    var level = Int32(dice.below(2001) - 1000)
    let limit = SeriesCodec.limit
    let start = level
    let turn = dice.below(count)
    return (0..<count).map { index in
      switch shape {
      case .constant: return start
      case .absent: return SeriesCodec.absent
      case .walk:
        level += Int32(dice.below(7) - 3)
        return level
      case .noise: return start + Int32(dice.below(16))
      case .step: return index < turn ? start : start + 100_000
      case .extremes: return dice.below(2) == 0 ? limit : -limit
      case .gaps: return dice.below(3) == 0 ? SeriesCodec.absent : start + Int32(dice.below(16))
      case .ramp: return start + Int32(index) * 37
      case .anything: return dice.below(9) == 0 ? SeriesCodec.absent : Int32(dice.below(2 * Int(limit))) - limit
      }
    }
  }

  @Test(arguments: Shape.allCases) func everySeriesComesBackAndNoneIsLargerThanRaw(_ shape: Shape) {
    var dice = Dice(UInt64(shape.rawValue.utf8.reduce(7) { $0 * 31 + Int($1) }))
    var bytes: [UInt8] = []
    var written: [[Int32]] = []
    for _ in 0..<200 {
      let codes = series(shape, &dice, 1 + dice.below(64))
      let before = bytes.count
      SeriesCodec.encode(codes.span, into: &bytes)
      #expect(bytes.count - before <= codes.count * 4 + SeriesCodec.overhead)
      if shape == .constant { #expect(bytes.count - before <= 4) }
      if shape == .absent { #expect(bytes.count - before == 1) }
      if shape == .noise { #expect(bytes.count - before <= 4 + (codes.count + 1) / 2) }
      written.append(codes)
    }
    var position = 0
    for codes in written {
      var read: [Int32] = []
      SeriesCodec.decode(bytes.span, at: &position, count: codes.count, into: &read)
      #expect(read == codes)
    }
    #expect(position == bytes.count)
  }

  @Test(
    arguments: [
      (Float.nan, SeriesCodec.absent), (.infinity, SeriesCodec.limit), (-.infinity, -SeriesCodec.limit), (0, 0),
      (0.24, 2), (0.26, 3), (-0.26, -3), (27.95, 280), (1_000_000, 10_000_000), (-0.0, 0),
    ] as [(Float, Int32)])
  func valuesGoToTheNearestStep(_ value: Float, _ code: Int32) {
    #expect(SeriesCodec.quantise(value, perUnit: 10) == code)
  }
}
