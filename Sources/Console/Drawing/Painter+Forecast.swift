import Terminal

/// A chart of what was and of what may come, one value a second.
struct ForecastChart: Sendable {
  /// A course after the present moment.
  struct Course: Sendable {
    /// By second from now on; shorter than the horizon while it is worked out.
    var values: [Float]
    /// The least of the band around it, by second; empty without a band.
    var low: [Float] = []
    /// The most of it.
    var high: [Float] = []
    /// Of the line.
    var ink: Ink
    /// Of the band, `none` without one.
    var band = Ink.none
    /// The line where only ASCII may be drawn.
    var glyph: Unicode.Scalar
  }

  /// Name and unit.
  var title: (name: String, unit: String)
  /// Words and inks of the lines, right of the title.
  var legend: [(String, Ink)]
  /// Ends of the scale.
  var scale: ClosedRange<Float>
  /// A target, drawn where the scale holds it.
  var target: Float?
  /// Digits of the labels.
  var digits: Int
  /// What was, ending now.
  var past: [Float]
  /// Its ink, and the ink of what lies over the target.
  var pastInk = Ink.text
  /// Seconds ahead.
  var horizon: Int
  /// What the axis calls the moment between both.
  var moment = "now"
  /// Whether times stand below it.
  var hasAxis = true
  /// What may come; a later one lies over an earlier one.
  var courses: [Course]
}

extension Painter {
  /// Draws a chart: a title row, the plot, and a row of times below it.
  mutating func forecast(_ area: Rectangle, _ chart: ForecastChart) {
    let at = put(area.column, area.row, chart.title.name, Style(.strong, .bold))
    let free = put(at + 1, area.row, chart.title.unit, Style(.dim))
    var end = area.right
    for (word, ink) in chart.legend.reversed() where end - word.count - 4 > free {
      end = right(end, area.row, word, Style(ink == .ghost ? .dim : ink))
      let sign = look.ascii ? (ink == .accent ? "##" : ink == .text ? "**" : "--") : "⠒⠒"
      end = right(end - 1, area.row, sign, Style(ink)) - 2
    }
    if let target = chart.target, chart.scale.contains(target), end - 10 > free {
      end = right(end, area.row, "target", Style(.dim))
      right(end - 1, area.row, look.ascii ? "-" : "╌", Style(.dim))
    }
    let label = 6
    let axis = chart.hasAxis && area.height >= 4 ? 1 : 0
    let plot = Rectangle(
      column: area.column + label, row: area.row + 1, width: area.width - label, height: area.height - 1 - axis)
    guard plot.width > 3, plot.height > 0 else { return }
    let seconds = min(60, max(1, chart.horizon), max(chart.past.count, 1))
    let before = max(1, plot.width / 6, plot.width * seconds / (seconds + chart.horizon))
    labels(chart, plot)
    targetLine(chart, plot)
    for row in plot.row..<plot.bottom { set(plot.column + before, row, Glyphs.now, Style(.dim)) }
    curves(chart, plot, before: before, seconds: seconds)
    guard axis > 0 else { return }
    let row = plot.bottom
    let first = put(plot.column, row, "−\(seconds) s", Style(.dim))
    let last = "+\(chart.horizon) s"
    if plot.column + before - 1 > first { put(plot.column + before - 1, row, chart.moment, Style(.text)) }
    if plot.right - last.count > plot.column + before + 3 { right(plot.right, row, last, Style(.dim)) }
  }

  private func level(_ value: Float, _ chart: ForecastChart, of steps: Int) -> Int {
    let span = max(chart.scale.upperBound - chart.scale.lowerBound, .leastNormalMagnitude)
    let share = max(0, min(1, (value - chart.scale.lowerBound) / span))
    return min(steps - 1, max(0, Int(((1 - share) * Float(steps)).rounded(.down))))
  }

  private mutating func labels(_ chart: ForecastChart, _ plot: Rectangle) {
    let targetRow = chart.target.flatMap { chart.scale.contains($0) ? level($0, chart, of: plot.height) : nil }
    for (row, value) in [(0, chart.scale.upperBound), (plot.height - 1, chart.scale.lowerBound)] {
      guard targetRow != row else { continue }
      right(plot.column - 1, plot.row + row, Decimal.text(value, chart.digits), Style(.dim))
    }
    if let targetRow, let target = chart.target {
      let digits = target == target.rounded() ? 0 : chart.digits
      right(plot.column - 1, plot.row + targetRow, Decimal.text(target, digits), Style(.strong, .bold))
    }
  }

  private mutating func targetLine(_ chart: ForecastChart, _ plot: Rectangle) {
    guard let target = chart.target, chart.scale.contains(target) else { return }
    let row = plot.row + level(target, chart, of: plot.height)
    for column in stride(from: plot.column, to: plot.right, by: 2) { set(column, row, Glyphs.target, Style(.dim)) }
  }

  private mutating func curves(_ chart: ForecastChart, _ plot: Rectangle, before: Int, seconds: Int) {
    let (width, height) = (plot.width, plot.height)
    let after = max(1, width - before)
    var dots = [UInt8](repeating: 0, count: width * height)
    var owner = [Int](repeating: -1, count: width * height)
    var bands = [Int](repeating: -1, count: width * height * 2)
    func second(_ dot: Int) -> Int { (dot - 2 * before) * chart.horizon / (2 * after) }
    func trace(_ dots: inout [UInt8], _ owner: inout [Int], _ index: Int, _ range: Range<Int>, _ value: (Int) -> Float)
    {
      var previous: Int?
      for dot in range {
        let value = value(dot)
        guard value.isFinite else {
          previous = nil
          continue
        }
        let level = level(value, chart, of: height * 4)
        let bits: [UInt8] = dot % 2 == 0 ? [0, 1, 2, 6] : [3, 4, 5, 7]
        for step in min(previous ?? level, level)...max(previous ?? level, level) {
          let cell = step / 4 * width + dot / 2
          // The later line has the cell.
          dots[cell] |= 1 << bits[step % 4]
          owner[cell] = index
        }
        previous = level
      }
    }
    for (index, course) in chart.courses.enumerated() {
      if course.band != .none {
        for column in before..<width {
          let from = min(second(2 * column), course.low.count)
          let to = min(max(from + 1, second(2 * column + 2)), course.low.count)
          let lows = course.low[from..<max(from, to)].filter(\.isFinite)
          let highs = course.high[from..<max(from, to)].filter(\.isFinite)
          guard let low = lows.min(), let high = highs.max() else { continue }
          let top = level(high, chart, of: 2 * height)
          for half in top...max(top, level(low, chart, of: 2 * height)) { bands[half * width + column] = index }
        }
      }
      trace(&dots, &owner, index, (2 * before)..<(2 * width)) { dot in
        let at = second(dot)
        return at < course.values.count ? course.values[at] : .nan
      }
    }
    let skipped = chart.past.count - seconds
    trace(&dots, &owner, chart.courses.count, 0..<(2 * before)) { dot in
      let at = skipped + dot * seconds / (2 * before)
      return at >= 0 && at < chart.past.count ? chart.past[at] : .nan
    }
    // Above the target's row what was is drawn as what passed it.
    let targetRow = chart.target.map { chart.scale.lowerBound <= $0 ? level($0, chart, of: height) : 0 } ?? 0
    for row in 0..<height {
      for column in 0..<width {
        let cell = row * width + column
        let halves = (bands[2 * row * width + column], bands[(2 * row + 1) * width + column])
        cellOf(chart, plot.column + column, plot.row + row, dots[cell], owner[cell], halves, row < targetRow)
      }
    }
  }

  /// Whether bands have no colour: sixteen have none to spare for them.
  private var hasNoGrounds: Bool { isGlyphic || look.color == .sixteen }

  private mutating func cellOf(
    _ chart: ForecastChart, _ column: Int, _ row: Int, _ dots: UInt8, _ owner: Int, _ halves: (Int, Int),
    _ isOver: Bool
  ) {
    func band(_ index: Int) -> Ink { index < 0 ? .none : chart.courses[index].band }
    let (above, below) = (band(halves.0), band(halves.1))
    if dots != 0 {
      let isPast = owner >= chart.courses.count
      var ink = isPast ? chart.pastInk : chart.courses[owner].ink
      if isPast, isOver { ink = .high }
      let glyph = look.ascii ? (isPast ? "*" : chart.courses[owner].glyph) : Glyphs.braille(dots)
      let ground = hasNoGrounds ? Ink.none : above != .none ? above : below
      return set(column, row, glyph, Style(ink, on: ground, isGlyphic && ink == .accent ? .bold : []))
    }
    guard above != .none || below != .none else { return }
    if hasNoGrounds {
      // Without grounds of their own only the band of the last course is drawn.
      let last = chart.courses.count - 1
      if halves.0 == last || halves.1 == last { set(column, row, "░", Style(isGlyphic ? .dim : .faint)) }
    } else if above == below {
      set(column, row, " ", Style(.text, on: above))
    } else if above == .none {
      set(column, row, "▄", Style(below))
    } else if below == .none {
      set(column, row, "▀", Style(above))
    } else {
      set(column, row, "▀", Style(above, on: below))
    }
  }
}
