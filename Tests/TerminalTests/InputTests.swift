import Terminal
import Testing

@Suite struct InputTests {
  static let sequences: [(String, [InputEvent])] = [
    ("a", [.key(.character("a"))]), ("é机", [.key(.character("é")), .key(.character("机"))]),
    ("\r", [.key(.enter)]), ("\t", [.key(.tab)]), ("\u{7F}", [.key(.backspace)]),
    ("\u{3}", [.key(.character("c"), .control)]), ("\u{1B}x", [.key(.character("x"), .alt)]),
    ("\u{1B}[A\u{1B}OB", [.key(.up), .key(.down)]), ("\u{1B}[1;5C", [.key(.right, .control)]),
    ("\u{1B}[1;2D", [.key(.left, .shift)]), ("\u{1B}[Z", [.key(.tab, .shift)]),
    ("\u{1B}[3~\u{1B}[5~\u{1B}[6~", [.key(.delete), .key(.pageUp), .key(.pageDown)]),
    (
      "\u{1B}OP\u{1B}[15~\u{1B}[24~\u{1B}[[A",
      [
        .key(.function(1)), .key(.function(5)), .key(.function(12)), .key(.function(1)),
      ]
    ),
    ("\u{1B}[H\u{1B}[4~", [.key(.home), .key(.end)]),
    (
      "\u{1B}[<0;11;6M\u{1B}[<0;11;6m",
      [
        .mousePress(.left, column: 10, row: 5, []), .mouseRelease(.left, column: 10, row: 5, []),
      ]
    ),
    ("\u{1B}[<65;1;1M", [.mousePress(.wheelDown, column: 0, row: 0, [])]),
    ("\u{1B}[<48;300;2M", [.mouseDrag(.left, column: 299, row: 1, .control)]),
    ("\u{1B}[I\u{1B}[O", [.focus(true), .focus(false)]), ("\u{1B}[0n", [.acknowledged]),
    ("\u{1B}[200~a\u{1B}[A\r\u{7}b\u{1B}[201~c", [.paste("a[A\nb"), .key(.character("c"))]),
    ("\u{1B}]11;rgb:1/2/3\u{1B}\\q", [.key(.character("q"))]),
    ("\u{1B}[?1;2cq", [.key(.character("q"))]), ("\u{1B}[99;99;99Xq", [.key(.character("q"))]),
  ]

  /// Whole, and byte by byte, as a slow line brings it.
  @Test(arguments: sequences)
  func bytesBecomeEvents(_ bytes: String, _ wanted: [InputEvent]) {
    var decoder = InputDecoder()
    let result1 = decoder.feed(bytes.utf8)
    #expect(result1 == wanted)
    #expect(!decoder.isWaiting)
    var slow = InputDecoder()
    let slowly = bytes.utf8.flatMap { slow.feed(CollectionOfOne($0)) }
    #expect(slowly == wanted)
  }

  @Test func aLoneEscapeIsAKeyAfterTheDelay() {
    var decoder = InputDecoder()
    let result2 = decoder.feed([0x1B])
    #expect(result2 == [])
    #expect(decoder.isWaiting)
    let result3 = decoder.timeout()
    #expect(result3 == [.key(.escape)])
    #expect(!decoder.isWaiting)
  }

  /// Whatever comes, in whatever pieces, the decoder goes on: a key pressed after a pause is read.
  @Test func garbageNeverStopsReading() {
    var dice = Dice(state: 3)
    let likely: [UInt8] = [0x1B, 0x5B, 0x3C, 0x4F, 0x5D, 0x32, 0x30, 0x7E, 0x3B, 0x4D, 0x80, 0xC3, 0xF0, 0x07, 0x50]
    for _ in 0..<4000 {
      var decoder = InputDecoder()
      for _ in 0..<dice.roll(6) {
        let bytes = (0..<dice.roll(40)).map { _ in
          dice.roll(4) == 0 ? UInt8(dice.roll(256)) : likely[dice.roll(likely.count)]
        }
        for case .key(.character(let scalar), _) in decoder.feed(bytes) {
          #expect(!ScalarWidth.isControl(scalar.value))
        }
      }
      _ = decoder.timeout()
      // A paste that was opened by chance is closed as a terminal would.
      let events = decoder.feed("\u{1B}[201~q".utf8)
      #expect(events.last == .key(.character("q")))
      #expect(!decoder.isWaiting)
    }
    var decoder = InputDecoder()
    _ = decoder.feed(Array(repeating: 0x31, count: 3) + [0x1B, 0x5B] + Array(repeating: 0x31, count: 5000))
    let result4 = decoder.feed([0x71])
    #expect(result4.last == .key(.character("q")))
  }
}
