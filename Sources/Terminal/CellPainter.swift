import CNcurses

/// Turns styles into the colours and attributes of one colour level.
struct CellPainter {
  private let level: ColorLevel
  private var foregrounds: [Int32]
  private var monoAttributes: [UInt32]

  init(theme: Theme, level: ColorLevel) {
    self.level = level
    foregrounds = theme.colors.map { color in
      switch level {
      case .mono: -1
      case .sixteen: color.ansi.map { Int32($0) } ?? -1
      case .palette: color.palette.map { Int32($0) } ?? -1
      // Values 0 to 7 mean palette colours to ncurses; 0x010101 is as black to the eye.
      case .truecolor: color.rgb.map { $0 < 8 ? 0x010101 : Int32($0 & 0xFFFFFF) } ?? -1
      }
    }
    monoAttributes = theme.colors.map { UInt32($0.mono.rawValue) }
  }

  /// The look of one cell.
  ///
  /// The half of a pair that does not show stays at default, so that cells which look alike are alike to ncurses.
  func paint(_ cell: Cell) -> podium_cell {
    var attributes = UInt32(cell.style.attributes.rawValue)
    let ink = Int(cell.style.ink.rawValue)
    let ground = Int(cell.style.ground.rawValue)
    var front = foregrounds[ink]
    var back = foregrounds[ground]
    if level == .mono {
      attributes |= monoAttributes[ink] | (monoAttributes[ground] & UInt32(Attributes.reverse.rawValue))
    }
    if attributes & 6 == 0 {
      if cell.scalar == 0x20 { front = -1 }
      if cell.scalar == 0x2588 { back = -1 }
    }
    if cell.scalar > 0x2FF, ScalarWidth.of(cell.scalar) == 2 { attributes |= 8 }
    return podium_cell(scalar: cell.scalar, foreground: front, background: back, attributes: attributes)
  }
}
