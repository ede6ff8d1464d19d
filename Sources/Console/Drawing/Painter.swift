import Terminal

/// Draws into a part of a canvas, in the glyphs that the terminal can show; what falls outside the part is cut.
struct Painter {
  /// What is drawn into.
  private(set) var canvas: Canvas
  /// What the terminal can show.
  let look: Appearance
  /// Where drawing has an effect.
  var clip: Rectangle
  /// Ground of text whose style names none: the bar of the first and last line, a dialog, a chosen row.
  var ground = Ink.none

  /// A painter of an empty canvas.
  init(width: Int, height: Int, look: Appearance) {
    canvas = Canvas(width: width, height: height, ascii: look.ascii)
    clip = canvas.bounds
    self.look = look
  }

  /// Whether colours tell values apart: 256 or more of them, and glyphs to carry them.
  var isColored: Bool { look.color >= .palette && !look.ascii }
  /// Whether glyphs alone must tell values apart.
  var isGlyphic: Bool { look.color == .mono || look.ascii }

  /// One cell.
  mutating func set(_ column: Int, _ row: Int, _ scalar: Unicode.Scalar, _ style: Style) {
    guard clip.contains(column: column, row: row) else { return }
    var style = style
    if style.ground == .none { style.ground = ground }
    canvas[column, row] = Cell(scalar, style)
  }

  /// The style of a cell changed, its glyph kept.
  mutating func restyle(_ column: Int, _ row: Int, _ change: (inout Style) -> Void) {
    guard clip.contains(column: column, row: row) else { return }
    var cell = canvas[column, row]
    change(&cell.style)
    canvas[column, row] = cell
  }

  /// Text from a column on, cut at `width`; returns the column behind it.
  ///
  /// Control characters fall away and wide glyphs become a question mark, so that text from
  /// outside can neither move the cursor nor shift a column.
  @discardableResult
  mutating func put(_ column: Int, _ row: Int, _ text: String, _ style: Style, width: Int = .max) -> Int {
    guard row >= clip.row, row < clip.bottom, width > 0 else { return column }
    var style = style
    if style.ground == .none { style.ground = ground }
    var at = column
    let end = width == .max ? Int.max : column + width
    for scalar in text.unicodeScalars {
      var value = scalar.value
      if value < 0x20 || value > 0x7e {
        let size = ScalarWidth.isControl(value) ? 0 : ScalarWidth.of(value)
        if size == 0 { continue }
        if size > 1 { value = 0x3f }
      }
      if at >= end {
        if clip.contains(column: at - 1, row: row) {
          canvas[at - 1, row] = Cell(Glyphs.ellipsis, style)
        }
        return at
      }
      if at >= clip.column, at < clip.right {
        canvas[at, row] = Cell(Unicode.Scalar(value) ?? "?", style)
      }
      at += 1
    }
    return at
  }

  /// Text that ends before a column; returns the column where it begins.
  @discardableResult
  mutating func right(_ end: Int, _ row: Int, _ text: String, _ style: Style) -> Int {
    let start = end - text.unicodeScalars.count
    put(start, row, text, style)
    return start
  }

  /// A sentence in which numbers stand out; cut where it does not fit.
  mutating func figures(_ area: Rectangle, _ sentence: String, _ ink: Ink) {
    guard ink == .text else {
      put(area.column, area.row, sentence, Style(ink), width: area.width)
      return
    }
    guard sentence.unicodeScalars.count <= area.width else {
      put(area.column, area.row, sentence, Style(.text), width: area.width)
      return
    }
    var at = area.column
    for word in sentence.split(separator: " ", omittingEmptySubsequences: false) {
      let isNumber = word.unicodeScalars.contains { ("0"..."9").contains($0) }
      let end = word.last == ";" || word.last == ","
      at = put(
        at, area.row, String(end ? word.dropLast() : word), Style(isNumber ? .text : .dim, isNumber ? .bold : []))
      if end { at = put(at, area.row, String(word.suffix(1)), Style(.dim)) }
      at += 1
    }
  }

  /// Words in turn, each in its own ink; returns the column behind the last.
  @discardableResult
  mutating func words(_ column: Int, _ row: Int, _ parts: [(String, Ink)], bold: Ink = .none) -> Int {
    var at = column
    for (text, ink) in parts {
      at = put(at, row, text, ink == bold ? Style(ink, .bold) : Style(ink))
    }
    return at
  }

  /// Blanks on a ground.
  mutating func fill(_ rectangle: Rectangle, _ ground: Ink) {
    let style = Style(.text, on: ground)
    for row in max(rectangle.row, clip.row)..<max(rectangle.row, clip.row, min(rectangle.bottom, clip.bottom)) {
      let first = max(rectangle.column, clip.column)
      for column in first..<max(first, min(rectangle.right, clip.right)) { canvas[column, row] = Cell(" ", style) }
    }
  }

  /// Where the real cursor rests.
  mutating func rest(_ column: Int, _ row: Int) {
    if clip.contains(column: column, row: row) { canvas.cursor = (column, row) }
  }
}

extension Style {
  /// An ink with attributes on the ground that is there.
  init(_ ink: Ink, _ attributes: Attributes) { self.init(ink, on: .none, attributes) }
}

extension Painter {
  /// Sets or hides the real cursor.
  mutating func canvas(cursor: (column: Int, row: Int)?) { canvas.cursor = cursor }
}
