import Terminal

extension Painter {
  /// A panel's heading: a bold name, dim detail, and a hairline to its edge where panels stand side by side.
  mutating func heading(_ rectangle: Rectangle, _ name: String, _ detail: String = "", rule: Bool = true) {
    let row = rectangle.row
    var at = put(rectangle.column, row, name, Style(.strong, .bold), width: rectangle.width)
    if !detail.isEmpty, rectangle.right - at > 3 {
      at = put(at + 1, row, detail, Style(.dim), width: rectangle.right - at - 1)
    }
    guard rule, rectangle.right - at > 2 else { return }
    for column in (at + 1)..<rectangle.right { set(column, row, "─", Style(.faint)) }
  }

  /// A filled profile over time, one value a column, `height` rows upwards; a NaN leaves its column empty.
  mutating func profile(
    _ rectangle: Rectangle, _ values: [Float], low: Float, high: Float, over: Float = .infinity, ink: Ink = .area
  ) {
    let height = rectangle.height
    for (index, value) in values.prefix(rectangle.width).enumerated() where value.isFinite {
      let share = max(0, min(1, (value - low) / max(high - low, .leastNormalMagnitude)))
      let eighths = max(1, Int((share * Float(8 * height)).rounded()))
      let style = Style(value > over ? .high : ink)
      for row in 0..<height {
        let part = min(8, eighths - 8 * (height - 1 - row))
        if part > 0 { set(rectangle.column + index, rectangle.row + row, Glyphs.rising[part - 1], style) }
      }
    }
  }

  /// A thin bar of a value between nothing and all, to half a cell, with its track and perhaps a limit.
  mutating func valueBar(_ column: Int, _ row: Int, width: Int, share: Float, ink: Ink, tick: Float? = nil) {
    guard width > 0 else { return }
    let halves = share.isFinite ? Int((max(0, min(1, share)) * Float(2 * width)).rounded()) : 0
    for index in 0..<width {
      let part = halves - 2 * index
      if part >= 2 {
        set(column + index, row, "━", Style(ink))
      } else if part == 1 {
        set(column + index, row, "╸", Style(ink))
      } else {
        set(column + index, row, "─", Style(.faint))
      }
    }
    if let tick, tick.isFinite {
      set(column + min(width - 1, max(0, Int(tick * Float(width)))), row, "┃", Style(.strong))
    }
  }

  /// A bar of a Gantt.
  struct Bar {
    /// Begin and end in cells from the lane's left edge.
    var start: Float
    var end: Float
    /// Its kind of work.
    var ink: Ink
    /// Its name, where there is room.
    var label: String
  }

  /// One lane of a Gantt, bars to an eighth of a cell; a later bar lies over an earlier one.
  mutating func lane(_ column: Int, _ row: Int, width: Int, _ bars: [Bar], labels: Bool = true) {
    var eighths = [Ink](repeating: .none, count: width * 8)
    for bar in bars {
      let first = max(0, Int((bar.start * 8).rounded()))
      let last = min(eighths.count, Int((bar.end * 8).rounded()))
      if first < last { for index in first..<last { eighths[index] = bar.ink } }
    }
    for index in 0..<width {
      let part = eighths[(index * 8)..<(index * 8 + 8)]
      guard part.contains(where: { $0 != .none }) else { continue }
      if isGlyphic {
        let exposed = part.contains(.workExposed) || part.contains(.ghostExposed)
        let glyph: Unicode.Scalar = look.ascii ? (exposed ? "x" : "#") : exposed ? "▒" : "█"
        if part.count(where: { $0 != .none }) >= 4 || exposed { set(column + index, row, glyph, Style(.text)) }
        continue
      }
      let first = part[part.startIndex]
      var run = 1
      while run < 8, part[part.startIndex + run] == first { run += 1 }
      let second = part[part.endIndex - 1]
      if run == 8 {
        // A blank on a ground in palettes that have one; a block keeps sixteen colours free of bright grounds.
        if isColored {
          set(column + index, row, " ", Style(.none, on: first))
        } else {
          set(column + index, row, "█", Style(first))
        }
      } else if first == .none {
        set(column + index, row, Glyphs.growing[run - 1], Style(second, .reverse))
      } else {
        set(column + index, row, Glyphs.growing[run - 1], Style(first, on: second))
      }
    }
    guard labels, isColored else { return }
    for bar in bars where !bar.label.isEmpty {
      let first = Int(bar.start.rounded(.up))
      let room = Int(bar.end) - first
      let whole = bar.label.unicodeScalars.count
      guard let initial = bar.label.unicodeScalars.first, room > 0 else { continue }
      let light = bar.ink == .workMoE || bar.ink == .workExposed || bar.ink == .workAttention
      let style = Style(light ? .ink : .paper, on: bar.ink)
      if whole < room {
        put(column + first + (room - whole) / 2, row, bar.label, style)
      } else if room >= 2 {
        set(column + first + room / 2, row, Unicode.Scalar(initial.properties.uppercaseMapping) ?? initial, style)
      }
    }
  }

  /// A line over time in braille, two values a cell; a NaN breaks it.
  ///
  /// Without braille the newest value of a cell is a star.
  mutating func line(_ rectangle: Rectangle, _ values: [Float], low: Float, high: Float, ink: Ink) {
    let levels = rectangle.height * 4
    guard levels > 0, rectangle.width > 0 else { return }
    var dots = [UInt8](repeating: 0, count: rectangle.width * rectangle.height)
    var previous: Int?
    for (index, value) in values.prefix(rectangle.width * 2).enumerated() {
      guard value.isFinite else {
        previous = nil
        continue
      }
      let share = max(0, min(1, (value - low) / max(high - low, .leastNormalMagnitude)))
      let level = Int(((1 - share) * Float(levels - 1)).rounded())
      for dot in min(previous ?? level, level)...max(previous ?? level, level) {
        let bits: [UInt8] = index % 2 == 0 ? [0, 1, 2, 6] : [3, 4, 5, 7]
        dots[dot / 4 * rectangle.width + index / 2] |= 1 << bits[dot % 4]
      }
      previous = level
    }
    for (index, bits) in dots.enumerated() where bits != 0 {
      let glyph = Unicode.Scalar(0x2800 + UInt32(bits)) ?? "*"
      set(rectangle.column + index % rectangle.width, rectangle.row + index / rectangle.width, glyph, Style(ink))
    }
  }
}
