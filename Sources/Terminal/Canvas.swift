/// A grid of cells that panels draw into; whatever falls outside is cut.
public struct Canvas: Hashable, Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Row-major cells.
  public private(set) var cells: [Cell]
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
  public init(width: Int, height: Int) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: Cell(), count: self.width * self.height)
  }

  /// The whole of it.
  public var bounds: Rectangle { Rectangle(width: width, height: height) }

  /// One cell; writing outside does nothing, reading outside gives a blank.
  public subscript(column: Int, row: Int) -> Cell {
    get {
      guard column >= 0, column < width, row >= 0, row < height else { return Cell() }
      return cells[row * width + column]
    }
    set {
      guard column >= 0, column < width, row >= 0, row < height else { return }
      cells[row * width + column] = newValue
    }
  }
}
