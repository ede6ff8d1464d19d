extension Canvas {
  /// Writes a text from `column` to the right and gives the columns used.
  ///
  /// Whatever falls outside the canvas or beyond `maxWidth` is cut; a wide glyph is cut whole. Control characters and
  /// those that reorder a line show as `?`; combining marks are left out, as a cell holds one scalar.
  /// - Parameter ellipsis: where the text does not fit in `maxWidth`, its last column says so.
  @discardableResult
  public mutating func put(
    _ text: String, column: Int, row: Int, style: Style = Style(), maxWidth: Int = Int.max, ellipsis: Bool = false
  ) -> Int {
    var limit = maxWidth
    var cut = false
    if ellipsis, maxWidth < Int.max, width(of: text, upTo: maxWidth) > maxWidth {
      guard maxWidth > 0 else { return 0 }
      limit = maxWidth - 1
      cut = true
    }
    var used = 0
    for scalar in text.unicodeScalars {
      var value = scalar.value
      if value >= 127 || value < 32 {
        if ScalarWidth.isControl(value) {
          value = 0x3F
        } else if ascii {
          if let replacement = Glyphs.asciiText(value) {
            for part in replacement.unicodeScalars where used < limit {
              set(part.value, column: column + used, row: row, style: style)
              used += 1
            }
            continue
          }
        }
      }
      let size = ScalarWidth.of(value)
      if size == 0 { continue }
      if used + size > limit { break }
      if size == 2 {
        putWide(value, column: column + used, row: row, style: style)
      } else {
        set(ascii ? Glyphs.ascii(value) : value, column: column + used, row: row, style: style)
      }
      used += size
    }
    if cut {
      set(ascii ? 0x2E : Glyphs.ellipsis.value, column: column + used, row: row, style: style)
      used += 1
    }
    return used
  }

  /// Writes a text that ends before the column `right`, keeping its head where it is too long, and gives the columns
  /// used.
  @discardableResult
  public mutating func putRight(
    _ text: String, right: Int, row: Int, style: Style = Style(), maxWidth: Int = Int.max
  ) -> Int {
    let size = min(width(of: text, upTo: maxWidth), maxWidth)
    return put(text, column: right - size, row: row, style: style, maxWidth: maxWidth, ellipsis: true)
  }

  /// Writes a text in the middle of `width` columns.
  @discardableResult
  public mutating func putCentred(
    _ text: String, column: Int, row: Int, width space: Int, style: Style = Style()
  ) -> Int {
    let size = min(width(of: text, upTo: space), space)
    return put(text, column: column + (space - size) / 2, row: row, style: style, maxWidth: space, ellipsis: true)
  }

  /// Columns that a text takes here, counted no further than just beyond `limit`.
  public func width(of text: String, upTo limit: Int = Int.max) -> Int {
    var used = 0
    for scalar in text.unicodeScalars {
      if ascii, scalar.value > 126, let replacement = Glyphs.asciiText(scalar.value) {
        used += replacement.utf8.count
      } else {
        used += ScalarWidth.of(scalar.value)
      }
      if used > limit { break }
    }
    return used
  }

  /// Writes one scalar of width one, tidying away the other half of a wide glyph that it overwrites.
  mutating func set(_ scalar: UInt32, column: Int, row: Int, style: Style) {
    guard column >= 0, column < width, row >= 0, row < height else { return }
    let place = row * width + column
    if cells[place].scalar == 0, column > 0 { cells[place - 1].scalar = 0x20 }
    if column + 1 < width, cells[place + 1].scalar == 0 { cells[place + 1].scalar = 0x20 }
    cells[place].scalar = scalar
    cells[place].style = style
  }

  private mutating func putWide(_ scalar: UInt32, column: Int, row: Int, style: Style) {
    guard column >= 0, column + 1 < width, !ascii else {
      set(ascii ? 0x3F : 0x20, column: column, row: row, style: style)
      set(ascii ? 0x3F : 0x20, column: column + 1, row: row, style: style)
      return
    }
    set(scalar, column: column, row: row, style: style)
    set(0x20, column: column + 1, row: row, style: style)
    if row >= 0, row < height { cells[row * width + column + 1].scalar = 0 }
  }
}
