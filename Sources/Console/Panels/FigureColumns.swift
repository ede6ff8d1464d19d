import Terminal

/// The columns of a table of figures: a name with its unit, numbers, a verdict.
struct FigureColumns: Sendable {
  private let name: Int
  private let width: Int
  private let count: Int

  /// Columns for a width: a narrow table leaves out the noise, then the first number.
  init(width: Int) {
    name = width >= 90 ? 18 : width >= 60 ? 16 : 11
    self.width = width >= 90 ? 11 : width >= 60 ? 8 : 7
    count = width >= 60 ? 5 : min(5, max(1, (width - name) / self.width))
  }

  /// Where the verdict begins, nil where there is no room for one.
  func verdict(_ area: Rectangle) -> Int? {
    let start = area.column + name + 5 * width + (width > 8 ? 5 : 3)
    return area.right - start >= 10 ? start : nil
  }

  /// The row of heads.
  func heads(_ area: Rectangle, _ first: String, _ names: [String], _ last: String, _ painter: inout Painter) {
    painter.put(area.column, area.row, first, Style(.dim), width: name + width - 7)
    for (index, head) in names.prefix(count).enumerated() {
      let brief = ["without": "w/o", "predicted": "pred.", "difference": "diff."]
      let short =
        width >= 11 ? head : width >= 8 && head != "predicted" && head != "difference" ? head : brief[head] ?? head
      painter.right(end(area, index), area.row, short, Style(.dim))
    }
    if let start = verdict(area) { painter.put(start, area.row, last, Style(.dim)) }
  }

  /// A row of numbers.
  func row(
    _ area: Rectangle, _ row: Int, _ title: (name: String, unit: String), _ cells: [(String, Ink)],
    _ painter: inout Painter
  ) {
    let at = painter.put(area.column, row, title.name, Style(.text))
    if at + 1 + title.unit.count <= area.column + name { painter.put(at + 1, row, title.unit, Style(.dim)) }
    for (index, cell) in cells.prefix(count).enumerated() {
      painter.right(end(area, index), row, cell.0, Style(cell.1, cell.1 == .strong || cell.1 == .high ? .bold : []))
    }
  }

  private func end(_ area: Rectangle, _ index: Int) -> Int {
    area.column + name + (index + 1) * width + (width > 8 && index >= 3 ? 2 : 0)
  }
}
