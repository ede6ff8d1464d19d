extension Canvas {
  /// Fills a rectangle with one cell.
  public mutating func fill(_ area: Rectangle, with cell: Cell = Cell()) {
    let part = area.intersection(bounds)
    guard !part.isEmpty else { return }
    for row in part.row..<part.bottom {
      run(cell.scalar, column: part.column, row: row, count: part.width, style: cell.style)
    }
  }

  /// A glyph repeated to the right.
  public mutating func run(_ glyph: Unicode.Scalar, column: Int, row: Int, count: Int, style: Style = Style()) {
    run(glyph.value, column: column, row: row, count: count, style: style)
  }

  /// A glyph repeated downwards.
  public mutating func drop(_ glyph: Unicode.Scalar, column: Int, row: Int, count: Int, style: Style = Style()) {
    guard count > 0 else { return }
    let scalar = ascii ? Glyphs.ascii(glyph.value) : glyph.value
    for line in max(row, 0)..<max(min(row + count, height), max(row, 0)) {
      set(scalar, column: column, row: line, style: style)
    }
  }

  /// Changes the style of every cell in a rectangle and leaves its glyphs.
  public mutating func restyle(_ area: Rectangle, _ change: (inout Style) -> Void) {
    let part = area.intersection(bounds)
    guard !part.isEmpty else { return }
    for row in part.row..<part.bottom {
      for place in (row * width + part.column)..<(row * width + part.right) { change(&cells[place].style) }
    }
  }

  /// Copies another canvas into this one with its top left at a place.
  public mutating func draw(_ other: Canvas, column: Int, row: Int) {
    for line in 0..<other.height {
      for index in 0..<other.width {
        let cell = other.cells[line * other.width + index]
        let place = column + index
        guard place >= 0, place < width, row + line >= 0, row + line < height else { continue }
        set(cell.scalar, column: place, row: row + line, style: cell.style)
        if cell.scalar == 0, place == 0 { cells[(row + line) * width].scalar = 0x20 }
        if cell.scalar == 0, place > 0 {
          let left = (row + line) * width + place - 1
          if index > 0 { cells[left].scalar = other.cells[line * other.width + index - 1].scalar }
        }
      }
    }
    repairRightEdge()
  }

  private mutating func run(_ glyph: UInt32, column: Int, row: Int, count: Int, style: Style) {
    guard count > 0, row >= 0, row < height else { return }
    let first = max(column, 0)
    let end = min(column &+ min(count, width + abs(column)), width)
    guard first < end else { return }
    let scalar = ascii ? Glyphs.ascii(glyph) : glyph
    set(scalar, column: first, row: row, style: style)
    set(scalar, column: end - 1, row: row, style: style)
    for place in (row * width + first)..<(row * width + end) {
      cells[place].scalar = scalar
      cells[place].style = style
    }
  }

  /// A wide glyph whose right half fell off the edge becomes a blank.
  private mutating func repairRightEdge() {
    guard width > 0 else { return }
    for row in 0..<height {
      let place = row * width + width - 1
      if cells[place].scalar != 0, ScalarWidth.of(cells[place].scalar) == 2 { cells[place].scalar = 0x20 }
    }
  }
}

extension Rectangle {
  /// The part that both hold.
  public func intersection(_ other: Rectangle) -> Rectangle {
    let left = max(column, other.column)
    let top = max(row, other.row)
    return Rectangle(
      column: left, row: top, width: min(right, other.right) - left, height: min(bottom, other.bottom) - top)
  }
}
