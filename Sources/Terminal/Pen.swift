/// The look in which a terminal writes, as SGR sequences set it.
struct Pen: Hashable, Sendable {
  /// A colour as SGR counts them.
  enum Color: Hashable, Sendable {
    /// The terminal's own.
    case own
    /// One of the sixteen, 0 to 15.
    case ansi(UInt8)
    /// One of 256.
    case palette(UInt8)
    /// `0xRRGGBB`.
    case direct(UInt32)
  }

  /// Colour of glyphs.
  var foreground = Color.own
  /// Colour behind them.
  var background = Color.own
  /// Attributes 1 to 8 (bold, faint, italic, underline, blink, fast blink, reverse, hidden), one bit each.
  var flags: UInt8 = 0
  /// Final byte of the designation of G0, `B` for ASCII.
  var charset = UInt8(ascii: "B")

  /// Whether a blank shows nothing of the glyph's colour and weight.
  var hidesInk: Bool { flags & Self.seenOnBlanks == 0 }
  /// Underline and reverse, and with them blinking.
  static let seenOnBlanks: UInt8 = 0b0111_1000

  /// Takes the parameters of one SGR sequence; false for any that is not known here.
  mutating func take(_ parameters: Span<UInt8>) -> Bool {
    var numbers = InlineArray<16, Int>(repeating: 0)
    var count = 1
    for place in parameters.indices {
      let byte = parameters[place]
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        numbers[count - 1] = min(9999, numbers[count - 1] * 10 + Int(byte) - 48)
      case UInt8(ascii: ";") where count < numbers.count: count += 1
      default: return false
      }
    }
    var place = 0
    while place < count {
      let number = numbers[place]
      place += 1
      switch number {
      case 0: (foreground, background, flags) = (.own, .own, 0)
      case 1...8: flags |= 1 << UInt8(number - 1)
      // The first font, which is never left.
      case 10: break
      case 22: flags &= ~0b11
      case 23...25: flags &= ~(1 << UInt8(number - 21))
      case 27, 28: flags &= ~(1 << UInt8(number - 21))
      case 30...37: foreground = .ansi(UInt8(number - 30))
      case 39: foreground = .own
      case 40...47: background = .ansi(UInt8(number - 40))
      case 49: background = .own
      case 90...97: foreground = .ansi(UInt8(number - 82))
      case 100...107: background = .ansi(UInt8(number - 92))
      case 38, 48:
        guard let color = Self.color(numbers.span.extracting(place..<count)) else { return false }
        place += color.taken
        if number == 38 { foreground = color.color } else { background = color.color }
      default: return false
      }
    }
    return true
  }

  private static func color(_ numbers: Span<Int>) -> (color: Color, taken: Int)? {
    if numbers.count >= 2, numbers[0] == 5, numbers[1] < 256 { return (.palette(UInt8(numbers[1])), 2) }
    guard numbers.count >= 4, numbers[0] == 2 else { return nil }
    var rgb: UInt32 = 0
    for place in 1...3 {
      guard numbers[place] < 256 else { return nil }
      rgb = rgb << 8 | UInt32(numbers[place])
    }
    return (.direct(rgb), 4)
  }
}
