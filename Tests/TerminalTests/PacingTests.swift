import Testing

@testable import Terminal

@Suite struct PacingTests {
  /// A reader that answers never has two writes under way, and their size follows its speed.
  @Test(arguments: [10_000.0, 100_000, 1e9])
  func anAnsweringReaderIsNeverFarBehind(_ rate: Double) {
    var pacing = FramePacing()
    pacing.probed(at: 0)
    var now = 0.05
    pacing.acknowledged(at: now)
    var allowed = pacing.allowance(urgent: false, at: now)
    #expect(allowed == .max)
    for _ in 0..<20 {
      let bytes = min(30_000, allowed)
      pacing.sent(bytes: bytes, at: now)
      let second = pacing.allowance(urgent: true, at: now)
      #expect(second == 0)
      now += Double(bytes) / rate + 0.05
      pacing.acknowledged(at: now)
      allowed = pacing.allowance(urgent: false, at: now)
    }
    #expect(rate > 1e6 ? allowed == .max : abs(Double(allowed) / max(500, rate * FramePacing.share) - 1) < 0.1)
    // A screen that was cleared goes whole.
    pacing.restart()
    let cleared = pacing.allowance(urgent: false, at: now)
    #expect(cleared == .max)
    // An answer that is lost does not hold up what follows for good.
    pacing.sent(bytes: 500, at: now)
    let lost = pacing.allowance(urgent: false, at: now + FramePacing.patience + 1)
    #expect(lost > 0)
  }

  /// Small writes say nothing of a fast line's speed, and a slow answer once does not slow it down for good.
  @Test func aFastLineStaysFast() {
    var pacing = FramePacing()
    pacing.probed(at: 0)
    pacing.acknowledged(at: 0.001)
    var now = 1.0
    let writes = [(30_000, 0.02), (200, 0.02), (8_000, 0.9), (200, 0.001)]
    for (bytes, time) in writes + Array(repeating: (8_000, 0.002), count: 6) {
      pacing.sent(bytes: bytes, at: now)
      now += time
      pacing.acknowledged(at: now)
    }
    #expect(!pacing.isLimited)
  }

  /// A line that carries a kilobyte at once and crawls after it is not taken for a fast one.
  @Test func aKilobyteAtOnceDoesNotDeceive() {
    var pacing = FramePacing()
    pacing.probed(at: 0)
    pacing.acknowledged(at: 0.001)
    var (now, room, worst) = (1.0, 1_000.0, 0.0)
    for step in 0..<40 {
      let allowed = pacing.allowance(urgent: false, at: now)
      let bytes = step == 0 ? 30_000 : min(30_000, allowed)
      pacing.sent(bytes: bytes, at: now)
      let time = max(0.001, (Double(bytes) - room) / 10_000)
      room = max(0, room - Double(bytes))
      now += time
      pacing.acknowledged(at: now)
      if step > 0 { worst = max(worst, time) }
      // Between two ticks the line fills up again.
      now += 0.4
      room = 1_000
    }
    #expect(worst < 0.15)
  }

  /// One that does not answer gets the first screen whole, and then no more than the slowest line carries.
  @Test func aSilentReaderIsNeverFarBehind() {
    var pacing = FramePacing()
    let whole = pacing.allowance(urgent: false, at: 0)
    #expect(whole == .max)
    pacing.sent(bytes: 9_000, at: 0)
    let early = pacing.allowance(urgent: true, at: 0.5)
    #expect(early == 0)
    var behind = 0.0
    var now = 2.0
    for step in 0..<400 {
      now += 0.01
      behind = max(0, behind - 0.01 * FramePacing.assumedRate)
      let allowed = pacing.allowance(urgent: step % 10 == 0, at: now)
      if allowed > 0 {
        pacing.sent(bytes: allowed, at: now)
        behind += Double(allowed)
      }
      #expect(behind <= Double(2 * FramePacing.least) + 1)
    }
    #expect(behind > 0)
  }

  static func rows(_ texts: [String]) -> Canvas {
    var canvas = Canvas(width: 40, height: texts.count)
    for (row, text) in texts.enumerated() { canvas.put(text, column: 0, row: row, style: Style()) }
    return canvas
  }

  /// Sent in parts or whole, the same cells are sent; no wide glyph is cut, and every row has its turn.
  @Test func spansCoverWhatDiffers() {
    let shown = Self.rows(["same", "old old old", "机柜机柜机柜机柜机柜机柜机柜机柜机柜", "same"])
    let canvas = Self.rows(["same", "new new new", "柜机柜机柜机柜机柜机柜机柜机柜机柜机", "Same"])
    let whole = CellSpan.between(canvas, shown.cells, columns: 40, rows: 4)
    #expect(whole.map(\.row) == [1, 2, 3])
    let parts = CellSpan.between(canvas, shown.cells, columns: 40, rows: 4, longest: 7)
    #expect(parts.count > whole.count)
    var copy = shown.cells
    for span in CellSpan.turned(parts, from: 2) {
      #expect(span.differs(canvas, copy))
      for place in (span.row * 40 + span.first)..<(span.row * 40 + span.end) { copy[place] = canvas.cells[place] }
      #expect(!span.differs(canvas, copy))
      #expect(!canvas.cells[span.row * 40 + span.first].isContinuation)
      #expect(span.end == 40 || !canvas.cells[span.row * 40 + span.end].isContinuation)
    }
    #expect(copy == canvas.cells)
    let order = CellSpan.turned(parts, from: 2).map(\.row)
    #expect(order.first == 2 && order.last == 1)
  }
}
