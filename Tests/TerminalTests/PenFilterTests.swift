import TestSupport
import Testing

@testable import Terminal

/// What a terminal shows of a stream of bytes: glyphs with the pen they were written in.
private struct Shown: Equatable {
  struct Glyph: Equatable {
    var byte: UInt8
    var pen: Pen
  }

  var glyphs: [Glyph] = []
  var pen = Pen()
  var others: [String] = []

  /// Reads text, SGR sequences, designations of ASCII and sequences that end in another letter.
  mutating func read(_ bytes: [UInt8]) {
    var place = 0
    while place < bytes.count {
      guard bytes[place] == 0x1B else {
        // Of the pen, a blank shows its ground alone, unless it is underlined or reversed.
        let blank = bytes[place] == 0x20 && pen.hidesInk
        glyphs.append(Glyph(byte: bytes[place], pen: blank ? Pen(background: pen.background) : pen))
        place += 1
        continue
      }
      if bytes[place + 1] == UInt8(ascii: "(") {
        pen.charset = bytes[place + 2]
        place += 3
        continue
      }
      let end = bytes[place...].firstIndex { $0 != UInt8(ascii: "[") && (0x40...0x7E).contains($0) } ?? bytes.count - 1
      if bytes[end] == UInt8(ascii: "m") {
        _ = pen.take(Array(bytes[(place + 2)..<end]).span)
      } else {
        others.append(String(decoding: bytes[place...end], as: UTF8.self))
        // What erases takes the ground along.
        if bytes[end] == UInt8(ascii: "K") { glyphs.append(Glyph(byte: 0, pen: Pen(background: pen.background))) }
      }
      place = end + 1
    }
  }
}

@Suite struct PenFilterTests {
  @Test(arguments: [
    // One pair after another: what both share is said once, blanks change their ground alone.
    (
      "^[39;49m^[48;5;7m ^[38;5;9m^[48;5;7m28^[39;49m^[48;5;8m ^[38;5;9m^[48;5;8m28",
      "^[48;5;7m ^[38;5;9m28^[48;5;8m 28"
    ),
    // Taking an attribute away costs the colours, so they are said again.
    ("^[1m^[31mA^(B^[m^[31mB", "^[1;31mA^[0;31mB"), ("^[31mA^[3;4H^[31mB^[K", "^[31mA^[3;4HB^[K"),
    // Erasing takes the ground along; nothing parts a glyph from its repetition.
    ("^[44m^[K^[49m", "^[44m^[K"), ("^[31;44m ^[9b", "^[44m ^[9b"),
    ("^[7m ^[m ", "^[7m ^[0m "), ("^[97;104mA^[39;49mB", "^[97;104mA^[39;49mB"),
    // What is not known goes through, and nothing is taken for granted after it.
    ("A^[58;5;3mA", "A^[58;5;3m^(B^[0mA"),
    // Colours by the number of their pair; a number that nobody told of is the terminal's own.
    ("^[?1mA^[?2mB^[?1m ^[39;49mC^[?9mD", "^[31;48;5;7mA^[38;2;1;2;3;49mB^[48;5;7m ^[39;49mCD"),
    // `linux` says the first font with each attribute.
    ("^[0;10;7m^[?1mA^[0;10m^[?1mB", "^[7;31;48;5;7mA^[0;31;48;5;7mB"),
  ])
  func saysOnlyWhatShows(_ written: String, _ sent: String) {
    var filter = PenFilter()
    filter.learn(pair: 1, foreground: .ansi(1), background: .palette(7))
    filter.learn(pair: 2, foreground: .direct(0x010203), background: .own)
    _ = filter.filter(Array("A".utf8))
    let bytes = filter.filter(Array(written.replacing("^", with: "\u{1B}").utf8))
    #expect(String(decoding: bytes, as: UTF8.self).replacing("\u{1B}", with: "^") == sent)
  }

  @Test func showsTheSameAndNeverMore() {
    var random = SystemRandomNumberGenerator()
    let parts =
      ["A", "b", " ", "  ", "^[3;4H", "^[K", "^(B^[m", "^[0;1;4m", "^[1m", "^[7m", "^[22;27m", "^[39;49m"]
      + (0..<3).flatMap { ["^[3\($0)m", "^[4\($0)m", "^[38;2;1;2;\($0)m", "^[48;2;9;9;\($0)m", "^[9\($0);10\($0)m"] }
    for _ in 0..<200 {
      var filter = PenFilter()
      var wanted = Shown()
      var shown = Shown()
      for _ in 0..<4 {
        let written = (0..<40).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
        let bytes = Array(written.replacing("^", with: "\u{1B}").utf8)
        let sent = filter.filter(bytes)
        wanted.read(bytes)
        shown.read(sent)
        #expect(wanted.glyphs == shown.glyphs && wanted.others == shown.others, "\(written)")
      }
    }
  }
}

@Suite struct PaintedGroundTests {
  /// Under a theme that paints its ground no glyph stands on the terminal's own, and none has its colour.
  @Test(arguments: ["truecolor", "palette", "sixteen"])
  func nothingIsLeftToTheTerminalsOwnColours(_ level: String) throws {
    let path = try #require(BuiltProgram.path("TerminalDemo"))
    let program = try #require(PtyProcess(path, ["--still", "--painted", "--color", level]))
    #expect(program.reads("plain"))
    // A window's title and the modes of the keypad are no screen.
    let text = program.text.replacing(/\u{1B}\][^\u{1B}]*\u{1B}\\|\u{1B}[=>]/, with: "")
    var shown = Shown()
    shown.read(Array(text.utf8))
    let glyphs = shown.glyphs.filter { $0.byte >= 0x20 }
    #expect(glyphs.count > 2_000)
    #expect(glyphs.allSatisfy { $0.pen.background != .own && ($0.byte == 0x20 || $0.pen.foreground != .own) })
    program.type("q")
    #expect(program.ends() == .exit(0))
  }
}
