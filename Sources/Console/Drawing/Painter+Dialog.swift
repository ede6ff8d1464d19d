import Terminal

extension String {
  /// The text in rows of a width, broken between words.
  func folded(to width: Int) -> [String] {
    var rows = [""]
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let row = rows[rows.count - 1]
      if row.isEmpty {
        rows[rows.count - 1] = String(word)
      } else if row.count + 1 + word.count <= width {
        rows[rows.count - 1] = "\(row) \(word)"
      } else {
        rows.append(String(word))
      }
    }
    return rows
  }
}

extension Painter {
  /// Takes the colours of all that is drawn so far: a dialog is to lie over it.
  mutating func recede() {
    clip = canvas.bounds
    for row in 0..<canvas.bounds.height {
      for column in 0..<canvas.bounds.width { restyle(column, row) { $0 = Style(.faint) } }
    }
  }

  /// Takes the colours of what lies under a dialog and clears its place; lines around it where its layout has them.
  mutating func dialog(_ layout: PreviewLayout) {
    let area = layout.area
    recede()
    clip = area
    fill(area, .dialog)
    ground = .dialog
    canvas(cursor: nil)
    guard layout.isFramed else { return }
    for column in area.column..<area.right {
      set(column, area.row, "─", Style(.dim))
      set(column, area.bottom - 1, "─", Style(.dim))
    }
    for row in area.row..<area.bottom {
      set(area.column, row, "│", Style(.dim))
      set(area.right - 1, row, "│", Style(.dim))
    }
    set(area.column, area.row, "┌", Style(.dim))
    set(area.right - 1, area.row, "┐", Style(.dim))
    set(area.column, area.bottom - 1, "└", Style(.dim))
    set(area.right - 1, area.bottom - 1, "┘", Style(.dim))
  }
}
