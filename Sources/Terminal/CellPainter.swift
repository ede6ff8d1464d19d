import CNcurses

/// Turns styles into the colours and attributes of one colour level, and hands cells to ncurses.
struct CellPainter {
  private let level: ColorLevel
  private let inks: [Int32]
  private let grounds: [Int32]
  private let monoAttributes: [UInt32]
  private let keepsPairs = podium_screen_keeps_pairs() == 1
  /// Numbers of pairs by ink and ground, -1 for those not met yet.
  private var pairs = [Int32](repeating: -1, count: Ink.count * Ink.count)
  private var line: [podium_cell] = []

  init(theme: Theme, level: ColorLevel) {
    self.level = level
    let colors: [Int32] = theme.colors.map { color in
      switch level {
      case .mono: -1
      case .sixteen: color.ansi.map { Int32($0) } ?? -1
      case .palette: color.palette.map { Int32($0) } ?? -1
      // Values 0 to 7 mean palette colours to ncurses; 0x010101 is as black to the eye.
      case .truecolor: color.rgb.map { $0 < 8 ? 0x010101 : Int32($0 & 0xFFFFFF) } ?? -1
      }
    }
    // Where the theme paints its ground, nothing is left to the terminal's own colours: they may be light on light.
    let ground = colors[Int(Ink.none.rawValue)]
    let own = ground < 0 ? ground : colors[Int(Ink.text.rawValue)]
    inks = [own] + colors.dropFirst().map { $0 < 0 ? own : $0 }
    grounds = colors.map { $0 < 0 ? ground : $0 }
    monoAttributes = theme.colors.map { UInt32($0.mono.rawValue) }
  }

  /// Puts a span of a canvas on the screen of ncurses, and into `shown`, which has the canvas's shape.
  mutating func put(
    _ span: CellSpan, of canvas: Canvas, ascii: Bool, shown: inout [Cell], pens: inout PenFilter
  ) {
    let start = span.row * canvas.width
    let cells = canvas.cells.span
    line.removeAll(keepingCapacity: true)
    for place in (start + span.first)..<(start + span.end) {
      var cell = cells[place]
      shown[place] = cell
      if cell.isContinuation { continue }
      if ascii { cell.scalar = Glyphs.ascii(cell.scalar) }
      line.append(paint(cell, &pens))
    }
    unsafe podium_screen_put(Int32(span.row), Int32(span.first), line, Int32(line.count))
  }

  /// The look of one cell; `pens` learns of a pair that is new.
  ///
  /// The half of a pair that does not show is always the same, so that cells which look alike are alike to ncurses.
  private mutating func paint(_ cell: Cell, _ pens: inout PenFilter) -> podium_cell {
    var attributes = UInt32(cell.style.attributes.rawValue)
    var ink = Int(cell.style.ink.rawValue)
    var ground = Int(cell.style.ground.rawValue)
    if level == .mono {
      attributes |= monoAttributes[ink] | (monoAttributes[ground] & UInt32(Attributes.reverse.rawValue))
    }
    if attributes & 6 == 0 {
      if cell.scalar == 0x20 { ink = 0 }
      if cell.scalar == 0x2588 { ground = 0 }
    }
    if cell.scalar > 0x2FF, ScalarWidth.of(cell.scalar) == 2 { attributes |= 8 }
    var pair = pairs[ink * Ink.count + ground]
    if pair < 0 {
      pair = podium_screen_pair(inks[ink], grounds[ground])
      pens.learn(pair: Int(pair), foreground: pen(inks[ink]), background: pen(grounds[ground]))
      if keepsPairs { pairs[ink * Ink.count + ground] = pair }
    }
    return podium_cell(scalar: cell.scalar, pair: pair, attributes: attributes)
  }

  private func pen(_ color: Int32) -> Pen.Color {
    guard color >= 0 else { return .own }
    switch level {
    case .mono: return .own
    case .sixteen: return .ansi(UInt8(color))
    case .palette: return .palette(UInt8(color))
    case .truecolor: return .direct(UInt32(color))
    }
  }
}
