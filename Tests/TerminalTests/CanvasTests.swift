import Terminal
import Testing

/// A small generator with a fixed seed, so that a failure can be seen again.
struct Dice {
  var state: UInt64
  mutating func roll(_ sides: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(sides))
  }
}

@Suite struct CanvasTests {
  /// What is drawn, and the row and columns used that must come of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var ascii = false
    var used: Int
    var row: String
    var draw: @Sendable (inout Canvas) -> Int
  }

  static let cases: [Case] = [
    Case(testDescription: "plain", used: 3, row: "abc") { $0.put("abc", column: 0, row: 0) },
    Case(testDescription: "cut at the right edge", used: 12, row: "0123456789") {
      $0.put("0123456789ab", column: 0, row: 0)
    },
    Case(testDescription: "cut at the left edge", used: 4, row: "cd") { $0.put("abcd", column: -2, row: 0) },
    Case(testDescription: "another row", used: 3, row: "") { $0.put("abc", column: 0, row: 7) },
    Case(testDescription: "ellipsis", used: 4, row: "abc…") {
      $0.put("abcdef", column: 0, row: 0, maxWidth: 4, ellipsis: true)
    },
    Case(testDescription: "no ellipsis where it fits", used: 4, row: "abcd") {
      $0.put("abcd", column: 0, row: 0, maxWidth: 4, ellipsis: true)
    },
    Case(testDescription: "controls show as a mark", used: 6, row: "a?b?c?") {
      $0.put("a\u{1B}b\u{9B}c\u{202E}", column: 0, row: 0)
    },
    Case(testDescription: "combining marks take nothing", used: 2, row: "ex") {
      $0.put("e\u{301}x", column: 0, row: 0)
    },
    Case(testDescription: "wide glyphs", used: 5, row: "a机柜") { $0.put("a机柜", column: 0, row: 0) },
    Case(testDescription: "a wide glyph is cut whole by its room", used: 3, row: "a机") {
      $0.put("a机柜", column: 0, row: 0, maxWidth: 4)
    },
    Case(testDescription: "a wide glyph is never split by the edge", used: 4, row: "        机") {
      $0.put("机柜", column: 8, row: 0)
    },
    Case(testDescription: "half a wide glyph overwritten", used: 1, row: " x") {
      $0.put("机", column: 0, row: 0)
      return $0.put("x", column: 1, row: 0)
    },
    Case(testDescription: "flush right", used: 3, row: "       abc") { $0.putRight("abc", right: 10, row: 0) },
    Case(testDescription: "centred", used: 2, row: "   ab") { $0.putCentred("ab", column: 0, row: 0, width: 9) },
    Case(testDescription: "ASCII glyphs", ascii: true, used: 7, row: "#.1/2<=") {
      $0.put("█░½≤", column: 0, row: 0)
    },
    Case(testDescription: "ASCII drops the degree", ascii: true, used: 3, row: "97C") {
      $0.put("97°C", column: 0, row: 0)
    },
    Case(testDescription: "ASCII of what has none", ascii: true, used: 3, row: "???") {
      $0.put("机é", column: 0, row: 0)
    },
    Case(testDescription: "fixed point", used: 5, row: "     -1.25") {
      $0.putRight(-1.25, decimals: 2, right: 10, row: 0)
    },
    Case(testDescription: "rounds away from zero", used: 3, row: "       0.1") {
      $0.putRight(0.05, decimals: 1, right: 10, row: 0)
    },
    Case(testDescription: "no negative zero", used: 3, row: "       0.0") {
      $0.putRight(-0.01, decimals: 1, right: 10, row: 0)
    },
    Case(testDescription: "no number", used: 1, row: "         ·") { $0.putRight(nil, right: 10, row: 0) },
    Case(testDescription: "not a number", used: 1, row: "         ·") { $0.putRight(Double.nan, right: 10, row: 0) },
    Case(testDescription: "a number too long is never cut", used: 3, row: "       ###") {
      $0.putRight(12345, right: 10, row: 0, maxWidth: 3)
    },
    Case(testDescription: "flush left", used: 3, row: "700") { $0.put(700, column: 0, row: 0) },
    Case(testDescription: "a run", used: 0, row: "  ──") {
      $0.run(Glyphs.rule, column: 2, row: 0, count: 2)
      return 0
    },
  ]

  @Test(arguments: cases)
  func drawingFillsTheRightCells(_ example: Case) {
    var canvas = Canvas(width: 10, height: 1, ascii: example.ascii)
    let used = example.draw(&canvas)
    #expect(canvas.text == example.row + "\n")
    #expect(used == example.used)
  }

  /// After any drawing no control character, no half of a wide glyph and, in ASCII, nothing else is in a canvas.
  @Test(arguments: [false, true])
  func anyDrawingLeavesASoundCanvas(ascii: Bool) {
    var dice = Dice(state: 7)
    let pieces: [Unicode.Scalar] = ["a", "\u{1B}", "\u{7}", "机", "█", "\u{301}", "\u{9C}", "½", "\u{200B}", "😀", "é"]
    for _ in 0..<2000 {
      var canvas = Canvas(width: dice.roll(9), height: dice.roll(3), ascii: ascii)
      for _ in 0..<8 {
        var text = ""
        for _ in 0..<dice.roll(7) { text.unicodeScalars.append(pieces[dice.roll(pieces.count)]) }
        let column = dice.roll(14) - 4
        let row = dice.roll(4) - 1
        switch dice.roll(5) {
        case 0: canvas.put(text, column: column, row: row, maxWidth: dice.roll(8), ellipsis: dice.roll(2) == 0)
        case 1: canvas.putRight(text, right: column, row: row)
        case 2: canvas.run("─", column: column, row: row, count: dice.roll(6))
        case 3: canvas.fill(Rectangle(column: column, row: row, width: dice.roll(5), height: dice.roll(3)))
        default:
          var small = Canvas(width: dice.roll(5), height: 1, ascii: ascii)
          small.put(text, column: dice.roll(3) - 1, row: 0)
          canvas.draw(small, column: column, row: row)
        }
      }
      for row in 0..<canvas.height {
        for column in 0..<canvas.width {
          let scalar = canvas[column, row].scalar
          let next = column + 1 < canvas.width ? canvas[column + 1, row].scalar : 1
          let left = column > 0 ? canvas[column - 1, row].scalar : 0x20
          #expect(!ScalarWidth.isControl(scalar) || scalar == 0)
          #expect((ScalarWidth.of(scalar) == 2) == (next == 0))
          #expect(scalar != 0 || ScalarWidth.of(left) == 2)
          #expect(!ascii || (scalar >= 32 && scalar < 127))
        }
      }
    }
  }

  @Test func stylesReadAsRuns() {
    var canvas = Canvas(width: 8, height: 2)
    canvas.put("abc", column: 1, row: 0, style: Style(.dim, on: .bar, .bold))
    canvas.put("x", column: 0, row: 1, style: Style(.ramp(3), on: .difference(-2), .reverse))
    canvas.restyle(Rectangle(column: 3, row: 0, width: 1, height: 1)) { $0.ink = .strong }
    canvas.cursor = (2, 1)
    #expect(
      canvas.styleText == """
        1×none 2×dim/bar+b 1×strong/bar+b
        1×ramp3/difference-2+r
        cursor 2,1

        """)
  }

  /// Parts keep order, stay inside, never overlap, and fill the side where one can stretch.
  @Test func layoutPartsFillTheSideAtEverySize() {
    var dice = Dice(state: 11)
    for _ in 0..<3000 {
      let area = Rectangle(column: dice.roll(5), row: dice.roll(5), width: dice.roll(130), height: dice.roll(50))
      let gap = dice.roll(3)
      let shares: [Share] = (0..<(1 + dice.roll(5))).map { _ in
        dice.roll(2) == 0 ? .fixed(dice.roll(30)) : .flexible(1 + dice.roll(4), minimum: dice.roll(20))
      }
      let across = dice.roll(2) == 0
      let parts = across ? area.columns(shares, gap: gap) : area.rows(shares, gap: gap)
      var edge = across ? area.column : area.row
      let end = across ? area.right : area.bottom
      for part in parts {
        let first = across ? part.column : part.row
        #expect(first >= min(edge, end))
        edge = across ? part.right : part.bottom
        #expect(edge <= end)
      }
      #expect(parts.count == shares.count)
      let stretches = shares.contains { if case .flexible = $0 { true } else { false } }
      if stretches, area.width > 10, area.height > 10 { #expect(edge == end || gap > 0) }
    }
    let halves = Rectangle(width: 11, height: 2).columns([.flexible(1), .fixed(4), .flexible(2, minimum: 5)])
    #expect(halves.map(\.width) == [2, 4, 5])
  }
}
