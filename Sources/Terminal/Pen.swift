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
  mutating func take(_ parameters: ArraySlice<UInt8>) -> Bool {
    var numbers: [Int] = [0]
    for byte in parameters {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        numbers[numbers.count - 1] = min(9999, numbers[numbers.count - 1] * 10 + Int(byte) - 48)
      case UInt8(ascii: ";"): numbers.append(0)
      default: return false
      }
    }
    var place = 0
    while place < numbers.count {
      let number = numbers[place]
      place += 1
      switch number {
      case 0: (foreground, background, flags) = (.own, .own, 0)
      case 1...8: flags |= 1 << UInt8(number - 1)
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
        guard let color = Self.color(numbers[place...]) else { return false }
        place += color.taken
        if number == 38 { foreground = color.color } else { background = color.color }
      default: return false
      }
    }
    return true
  }

  private static func color(_ numbers: ArraySlice<Int>) -> (color: Color, taken: Int)? {
    let first = numbers.startIndex
    if numbers.count >= 2, numbers[first] == 5, numbers[first + 1] < 256 {
      return (.palette(UInt8(numbers[first + 1])), 2)
    }
    guard numbers.count >= 4, numbers[first] == 2 else { return nil }
    let parts = numbers[(first + 1)...(first + 3)]
    guard parts.allSatisfy({ $0 < 256 }) else { return nil }
    return (.direct(parts.reduce(0) { $0 << 8 | UInt32($1) }), 4)
  }
}
