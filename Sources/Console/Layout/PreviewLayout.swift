import Telemetry
import Terminal

/// Where the parts of a preview stand, and of what came of it, as a function of the screen's size and the pod alone.
///
/// A large screen keeps its edges in sight; a small one gives the dialog everything but the footer. What does not fit is
/// left out: roles first, then the second row of charts, costs, charts, table, sentence; the buttons go last.
struct PreviewLayout: Hashable, Sendable {
  /// The whole dialog.
  private(set) var area: Rectangle
  /// Whether lines are drawn around it.
  private(set) var isFramed = false
  /// Name, action and how far the futures are.
  private(set) var heading: Rectangle?
  /// What is done, in words; or why it cannot be.
  private(set) var sentence: Rectangle?
  /// Charts of measures, in their order: none, the first two, or all.
  private(set) var charts: [Rectangle] = []
  /// Before, without, with.
  private(set) var table: Rectangle?
  /// What it costs and what could go wrong.
  private(set) var costs: Rectangle?
  /// Who changes what it does.
  private(set) var roles: Rectangle?
  /// What Enter presses.
  private(set) var buttons: Rectangle?

  /// Every part that is there, by name.
  var parts: [(name: String, place: Rectangle)] {
    let single: [(String, Rectangle?)] = [
      ("heading", heading), ("sentence", sentence), ("table", table), ("costs", costs), ("roles", roles),
      ("buttons", buttons),
    ]
    return single.compactMap { name, place in place.map { (name, $0) } }
      + charts.enumerated().map { ("chart \($0.offset)", $0.element) }
  }

  /// Whether a chart has times below it: one that stands over another leaves them to that one.
  func hasAxis(chart index: Int) -> Bool {
    !charts.contains { $0.column == charts[index].column && $0.row > charts[index].row }
  }

  /// Rows of the pod map where a chip has a cell, with its caption and its ruler.
  static func tallRoles(chips: Int) -> Int { chips + 2 }

  /// The layout for a size.
  ///
  /// - Parameters:
  ///   - nodeColumns: Columns that a map of the nodes takes, gaps between racks among them.
  ///   - chips: Chips of a node.
  ///   - isRefused: Whether there is nothing to show but a reason.
  init(width: Int, height: Int, nodeColumns: Int, chips: Int, isRefused: Bool = false) {
    let isLarge = width >= 118 && height >= 34
    if isLarge {
      let size = (width: min(width - 8, isRefused ? 100 : 152), height: isRefused ? 9 : min(height - 5, 50))
      area = Rectangle(
        column: (width - size.width) / 2, row: max(2, (height - 3 - size.height) / 2 + 1), width: size.width,
        height: size.height)
    } else {
      area = Rectangle(column: 0, row: 0, width: width, height: height > 2 ? height - 1 : height)
    }
    isFramed = isLarge
    guard area.width > 0, area.height > 0 else { return }
    let margin = isFramed ? 2 : area.width >= 40 ? 1 : 0
    var inner = Rectangle(
      column: area.column + margin, row: area.row + 1, width: area.width - 2 * margin,
      height: area.height - (isFramed ? 2 : 1))
    if area.height == 1 {
      inner.row = area.row
      inner.height = 1
    } else {
      heading = Rectangle(column: area.column, row: area.row, width: area.width, height: 1)
    }
    guard inner.width > 0, inner.height > 0 else { return }
    guard !isRefused else {
      buttons = Rectangle(column: inner.column, row: inner.bottom - 1, width: inner.width, height: 1)
      let gap = isFramed ? 1 : 0
      if inner.height > 1 + gap {
        sentence = Rectangle(
          column: inner.column, row: inner.row + gap, width: inner.width, height: inner.height - 1 - gap)
      }
      return
    }
    place(in: inner, nodeColumns: nodeColumns, chips: chips)
  }

  private mutating func place(in inner: Rectangle, nodeColumns: Int, chips: Int) {
    var left = inner.height
    func take(_ rows: Int, if fits: Bool = true) -> Int {
      guard fits, rows <= left else { return 0 }
      left -= rows
      return rows
    }
    let buttonRows = take(1)
    var sentenceRows = take(1)
    var tableRows = take(5, if: inner.width >= 34)
    let chartRow = 5
    let twoAcross = inner.width >= 70
    let hasCharts = inner.width >= 34
    var firstCharts = take(chartRow, if: hasCharts)
    var costRows = take(1)
    var secondCharts = take(chartRow, if: twoAcross && firstCharts > 0)
    var roleRows = take(2, if: inner.width >= nodeColumns + 20)
    costRows += costRows > 0 ? take(1) : 0
    let tableGrows = tableRows > 0 && isFramed ? take(Futures.Measure.mostRows - 4) : 0
    costRows += costRows > 1 ? take(1) : 0
    tableRows += tableGrows
    // A blank row between parts, then what is long grows, then the charts.
    let present = [sentenceRows, firstCharts, tableRows, costRows, roleRows, buttonRows].count { $0 > 0 }
    var gaps = min(left, max(0, present - 1))
    left -= gaps
    if isFramed, left > 0 { left -= 1 }
    let topGap = isFramed && inner.height - left > 10 ? 1 : 0
    if tableRows > 0, tableGrows == 0, !isFramed { tableRows += take(min(left / 2, Futures.Measure.mostRows - 4)) }
    let tall = Self.tallRoles(chips: chips)
    if roleRows > 0, inner.width >= 2 * nodeColumns + 24, left >= tall + 4 { roleRows += take(tall - 2) }
    costRows += costRows > 0 ? take(1) : 0
    if sentenceRows > 0, inner.width < 100 { sentenceRows += take(1) }
    if firstCharts > 0 {
      let rows = secondCharts > 0 ? 2 : 1
      firstCharts += left / rows
      if secondCharts > 0 { secondCharts += left / rows }
      left -= left / rows * rows
    }

    var row = inner.row + topGap
    func next(_ rows: Int) -> Rectangle? {
      guard rows > 0 else { return nil }
      let place = Rectangle(
        column: inner.column, row: row, width: inner.width, height: max(0, min(rows, inner.bottom - 1 - row)))
      row += rows
      if gaps > 0 {
        row += 1
        gaps -= 1
      }
      return place.height > 0 ? place : nil
    }
    sentence = next(sentenceRows)
    for rows in [firstCharts, secondCharts] where rows > 0 {
      let isLast = rows == secondCharts && secondCharts > 0 && !charts.isEmpty
      let kept = gaps
      if secondCharts > 0, !isLast { gaps = 0 }
      guard let place = next(rows) else { continue }
      gaps = secondCharts > 0 && !isLast ? kept : gaps
      if twoAcross {
        let half = (place.width - 3) / 2
        charts.append(Rectangle(column: place.column, row: place.row, width: half, height: place.height))
        charts.append(
          Rectangle(
            column: place.column + half + 3, row: place.row, width: place.width - half - 3, height: place.height))
      } else {
        charts.append(place)
      }
    }
    table = next(tableRows)
    costs = next(costRows)
    roles = next(roleRows)
    buttons = Rectangle(column: inner.column, row: inner.bottom - 1, width: inner.width, height: buttonRows)
  }
}
