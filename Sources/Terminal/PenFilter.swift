/// Leaves out of what ncurses writes every change of colour that shows nothing.
///
/// ncurses sets both colours of a pair where one differs, goes back to the terminal's own between any two, and changes
/// ink for blanks. In a field of shaded cells that is two thirds of all bytes. Here a sequence only says what is wanted;
/// what differs from what the terminal has goes out before the next glyph, and before a blank only its ground.
struct PenFilter {
  /// What the terminal has, nil while nobody knows.
  private var actual: Pen?
  /// What ncurses asked for last.
  private var wanted = Pen()
  private var output: [UInt8] = []

  /// What the terminal has is not known any more.
  mutating func forget() {
    actual = nil
    wanted = Pen()
  }

  /// The bytes that show the same as those given.
  ///
  /// - Parameter bytes: Whole sequences, as ncurses writes them.
  mutating func filter(_ bytes: [UInt8]) -> [UInt8] {
    output.removeAll(keepingCapacity: true)
    output.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      let byte = bytes[place]
      if byte == 0x1B {
        let end = Self.end(ofSequenceAt: place, in: bytes)
        sequence(bytes[place..<end])
        place = end
        continue
      }
      if byte == 0x20 { shade() } else if byte > 0x20 { settle() }
      output.append(byte)
      place += 1
    }
    return output
  }

  private static func end(ofSequenceAt place: Int, in bytes: [UInt8]) -> Int {
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

  private mutating func sequence(_ bytes: ArraySlice<UInt8>) {
    let body = bytes.dropFirst(2)
    guard bytes.count > 2, let last = bytes.last else { return through(bytes) }
    switch bytes[bytes.startIndex + 1] {
    case UInt8(ascii: "(") where last < 0x7F: wanted.charset = last
    case UInt8(ascii: "[") where last == UInt8(ascii: "m"):
      var next = wanted
      guard next.take(body.dropLast()) else {
        through(bytes)
        actual = nil
        return
      }
      wanted = next
    case UInt8(ascii: "[") where Self.moves.contains(last): output += bytes
    default: through(bytes)
    }
  }

  /// Final bytes of sequences that move the cursor or set modes, and look the same in any pen; and of the one that
  /// repeats the glyph just written, which nothing may part from it.
  private static let moves = Set("ABCDEFGHabdefhlr`".utf8)

  /// Anything else may take over the pen, as erasing does its ground.
  private mutating func through(_ bytes: ArraySlice<UInt8>) {
    settle()
    output += bytes
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
    if actual == nil || known.charset != wanted.charset { output += [0x1B, UInt8(ascii: "("), wanted.charset] }
    known.charset = wanted.charset
    let fresh = actual == nil || known.flags & ~wanted.flags != 0
    if fresh { (known.foreground, known.background, known.flags) = (.own, .own, 0) }
    if fresh || known != wanted {
      begin()
      if fresh { output += "0;".utf8 }
      for flag in 0..<8 where (wanted.flags & ~known.flags) >> UInt8(flag) & 1 == 1 { put(flag + 1) }
      if known.foreground != wanted.foreground { put(wanted.foreground, base: 30) }
      if known.background != wanted.background { put(wanted.background, base: 40) }
      end()
    }
    actual = wanted
  }

  private mutating func begin() { output += [0x1B, UInt8(ascii: "[")] }

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
      for shift in [16, 8, 0] as [UInt32] { put(Int(rgb >> shift & 0xFF)) }
    }
  }

  private mutating func put(_ number: Int) {
    output += "\(number);".utf8
  }
}
