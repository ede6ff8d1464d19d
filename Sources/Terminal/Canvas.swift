/// A grid of cells that panels draw into; whatever falls outside is cut.
public struct Canvas: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row-major cells.
  public internal(set) var cells: [Cell]
  /// Whether every glyph is turned into ASCII as it is drawn (`Glyphs.ascii`).
  public let ascii: Bool
  /// Where the real cursor rests, nil to hide it.
  public var cursor: (column: Int, row: Int)? {
    get { cursorRow < 0 ? nil : (cursorColumn, cursorRow) }
    set {
      cursorColumn = newValue?.column ?? -1
      cursorRow = newValue?.row ?? -1
    }
  }
  private var cursorColumn = -1
  private var cursorRow = -1

  /// A canvas of blanks.
  public init(width: Int, height: Int, ascii: Bool = false) {
    self.ascii = ascii
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: Cell(), count: self.width * self.height)
  }

  /// The whole of it.
  public var bounds: Rectangle { Rectangle(width: width, height: height) }

  /// One cell; writing outside does nothing, reading outside gives a blank.
  ///
  /// What is written is a glyph of width one and no control character: text from elsewhere goes through `put`.
  public subscript(column: Int, row: Int) -> Cell {
    get {
      guard column >= 0, column < width, row >= 0, row < height else { return Cell() }
      return cells[row * width + column]
    }
    set {
      guard column >= 0, column < width, row >= 0, row < height else { return }
      cells[row * width + column] = newValue
      if ascii, newValue.scalar > 126 { cells[row * width + column].scalar = Glyphs.ascii(newValue.scalar) }
    }
  }
}
