/// Leaves out of what ncurses writes every change of colour that shows nothing.
///
/// ncurses sets both colours of a pair where one differs, goes back to the terminal's own between any two, and changes
/// ink for blanks. In a field of shaded cells that is two thirds of all bytes. Here a sequence only says what is wanted;
/// what differs from what the terminal has goes out before the next glyph, and before a blank only its ground.
struct PenFilter {
  /// The sequence that asks for a pair of colours by its number, as `PrivateTerminfo` has ncurses write it.
  static func pairSequence(_ number: String, escape: String = "\u{1B}") -> String { "\(escape)[?\(number)m" }

  /// What the terminal has, nil while nobody knows.
  private var actual: Pen?
  /// What ncurses asked for last.
  private var wanted = Pen()
  private var output: [UInt8] = []
  /// Colours by number of a pair.
  private var pairs: [(foreground: Pen.Color, background: Pen.Color)] = []

  /// What the terminal has is not known any more.
  mutating func forget() {
    actual = nil
    wanted = Pen()
  }

  /// The colours of a pair, before ncurses writes of it; number 0 is the terminal's own.
  mutating func learn(pair: Int, foreground: Pen.Color, background: Pen.Color) {
    guard pair > 0 else { return }
    while pairs.count <= pair { pairs.append((.own, .own)) }
    pairs[pair] = (foreground, background)
  }

  /// The bytes that show the same as those given.
  ///
  /// - Parameter bytes: Whole sequences, as ncurses writes them.
  mutating func filter(_ bytes: [UInt8]) -> [UInt8] {
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(bytes.count)
    let bytes = bytes.span
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte == 0x1B {
        let end = Self.end(ofSequenceAt: place, in: bytes)
        sequence(bytes.extracting(place..<end))
        place = end
        continue
      }
      if byte == 0x20 { shade() } else if byte > 0x20 { settle() }
      output.append(byte)
      place += 1
    }
    return output
  }

  private static func end(ofSequenceAt place: Int, in bytes: Span<UInt8>) -> Int {
    guard place + 1 < bytes.count else { return bytes.count }
    var end = place + 2
    switch bytes[place + 1] {
    case UInt8(ascii: "["):
      while end < bytes.count, !(0x40...0x7E).contains(bytes[end]) { end += 1 }
      return min(bytes.count, end + 1)
    case UInt8(ascii: "("), UInt8(ascii: ")"): return min(bytes.count, end + 1)
    default: return end
    }
  }

  private mutating func sequence(_ bytes: Span<UInt8>) {
    guard bytes.count > 2 else { return through(bytes) }
    let last = bytes[bytes.count - 1]
    switch bytes[1] {
    case UInt8(ascii: "(") where last < 0x7F: wanted.charset = last
    case UInt8(ascii: "[") where last == UInt8(ascii: "m"):
      let body = bytes.extracting(2..<(bytes.count - 1))
      if body.count > 0, body[0] == UInt8(ascii: "?") { return take(pair: body.extracting(1...)) }
      var next = wanted
      guard next.take(body) else {
        through(bytes)
        actual = nil
        return
      }
      wanted = next
    case UInt8(ascii: "[") where Self.isMove(last): append(bytes)
    default: through(bytes)
    }
  }

  private mutating func take(pair digits: Span<UInt8>) {
    var number = 0
    for place in digits.indices { number = number * 10 + Int(digits[place]) - 48 }
    let isKnown = number < pairs.count
    wanted.foreground = isKnown ? pairs[number].foreground : .own
    wanted.background = isKnown ? pairs[number].background : .own
  }

  /// Whether a sequence with this final byte moves the cursor or sets modes, and looks the same in any pen; or repeats
  /// the glyph just written, from which nothing may part it.
  private static func isMove(_ last: UInt8) -> Bool {
    switch last {
    case UInt8(ascii: "A")...UInt8(ascii: "H"), UInt8(ascii: "`"), UInt8(ascii: "a"), UInt8(ascii: "b"),
      UInt8(ascii: "d"), UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "h"), UInt8(ascii: "l"), UInt8(ascii: "r"):
      true
    default: false
    }
  }

  private mutating func append(_ bytes: Span<UInt8>) {
    for place in bytes.indices { output.append(bytes[place]) }
  }

  /// Anything else may take over the pen, as erasing does its ground.
  private mutating func through(_ bytes: Span<UInt8>) {
    settle()
    append(bytes)
  }

  /// Brings the terminal to what is wanted, as far as a blank shows it.
  private mutating func shade() {
    guard let known = actual, wanted.hidesInk, known.hidesInk else { return settle() }
    guard known.background != wanted.background else { return }
    begin()
    put(wanted.background, base: 40)
    end()
    actual?.background = wanted.background
  }

  /// Brings the terminal to what is wanted.
  private mutating func settle() {
    guard actual != wanted else { return }
    var known = actual ?? Pen()
    if actual == nil || known.charset != wanted.charset {
      output.append(0x1B)
      output.append(UInt8(ascii: "("))
      output.append(wanted.charset)
    }
    known.charset = wanted.charset
    let fresh = actual == nil || known.flags & ~wanted.flags != 0
    if fresh { (known.foreground, known.background, known.flags) = (.own, .own, 0) }
    if fresh || known != wanted {
      begin()
      if fresh { put(0) }
      let added = wanted.flags & ~known.flags
      if added != 0 { for flag in 0..<8 where added >> UInt8(flag) & 1 == 1 { put(flag + 1) } }
      if known.foreground != wanted.foreground { put(wanted.foreground, base: 30) }
      if known.background != wanted.background { put(wanted.background, base: 40) }
      end()
    }
    actual = wanted
  }

  private mutating func begin() {
    output.append(0x1B)
    output.append(UInt8(ascii: "["))
  }

  /// Puts the final byte in place of the last separator.
  private mutating func end() { output[output.count - 1] = UInt8(ascii: "m") }

  private mutating func put(_ color: Pen.Color, base: Int) {
    switch color {
    case .own: put(base + 9)
    case .ansi(let index): put(index < 8 ? base + Int(index) : base + 52 + Int(index))
    case .palette(let index):
      put(base + 8)
      put(5)
      put(Int(index))
    case .direct(let rgb):
      put(base + 8)
      put(2)
      put(Int(rgb >> 16 & 0xFF))
      put(Int(rgb >> 8 & 0xFF))
      put(Int(rgb & 0xFF))
    }
  }

  /// A number below a thousand and a separator.
  private mutating func put(_ number: Int) {
    if number >= 100 { output.append(UInt8(48 + number / 100)) }
    if number >= 10 { output.append(UInt8(48 + number / 10 % 10)) }
    output.append(UInt8(48 + number % 10))
    output.append(UInt8(ascii: ";"))
  }
}
