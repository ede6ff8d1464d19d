/// A stretch of cells of one row.
struct CellSpan: Hashable {
  var row: Int
  var first: Int
  var end: Int

  /// The spans in which a canvas differs from what is shown, row by row.
  ///
  /// - Parameters:
  ///   - shown: Cells of the same shape; of any other shape, all differ.
  ///   - columns: Columns and rows that the terminal has.
  ///   - longest: Cells after which a span ends, that it can be sent alone.
  static func between(
    _ canvas: Canvas, _ shown: [Cell], columns: Int, rows: Int, longest: Int = .max
  ) -> [CellSpan] {
    var spans: [CellSpan] = []
    let complete = shown.count == canvas.cells.count
    let columns = min(canvas.width, columns)
    let (drawn, shown) = (canvas.cells.span, shown.span)
    for row in 0..<min(canvas.height, rows) {
      let start = row * canvas.width
      var column = 0
      while column < columns {
        if complete, shown[start + column] == drawn[start + column] {
          column += 1
          continue
        }
        var first = column
        while first > 0, drawn[start + first].isContinuation { first -= 1 }
        var end = column + 1
        var same = 0
        // Short stretches that did not change are cheaper put again than skipped.
        while end < columns, same < 8, end - first < longest {
          same = complete && shown[start + end] == drawn[start + end] ? same + 1 : 0
          end += 1
        }
        while end < columns, drawn[start + end].isContinuation { end += 1 }
        spans.append(CellSpan(row: row, first: first, end: end))
        column = end
      }
    }
    return spans
  }

  /// Whether a canvas differs within the span from what is shown.
  func differs(_ canvas: Canvas, _ shown: [Cell]) -> Bool {
    let start = row * canvas.width
    return canvas.cells[(start + first)..<(start + end)] != shown[(start + first)..<(start + end)]
  }

  /// Spans in rows from one onwards and round, that no row starves where there is never time for all.
  static func turned(_ spans: [CellSpan], from row: Int) -> [CellSpan] {
    spans.filter { $0.row >= row } + spans.filter { $0.row < row }
  }
}
