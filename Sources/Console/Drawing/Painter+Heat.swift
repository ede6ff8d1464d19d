import Telemetry
import Terminal

extension Painter {
  /// A step of the ramp as a glyph, for terminals without colours.
  private func glyph(_ step: Int8) -> Unicode.Scalar {
    let ramp = Glyphs.ramp(ascii: look.ascii)
    // Little is not nothing: only the lowest step is blank.
    return ramp[max(step < 1 ? 0 : 1, Int(step) * ramp.count / Ink.rampSteps)]
  }

  /// Text that can be read on a step of the ramp.
  private func ink(on step: Int8) -> Ink { step >= 10 ? .ink : .paper }

  /// A step of the ramp in sixteen colours: nil is the terminal's ground (below 6 % of the scale).
  private func grey(_ step: Int8) -> Ink? { step < 1 ? nil : step < 12 ? .ramp(2) : .ramp(step < 14 ? 12 : 15) }

  /// Half a step of the ramp in sixteen colours by glyph and three greys, finest where most dies are: twelve shades.
  ///
  /// Grounds are among the first eight colours, as the Linux console has no others.
  private func shade(_ half: Int8) -> (glyph: Unicode.Scalar, style: Style) {
    switch half {
    case ..<2: (" ", Style())
    case ..<7: ("░", Style(.ramp(2)))
    case ..<12: ("▒", Style(.ramp(2)))
    case ..<18: ("▓", Style(.ramp(2)))
    case ..<22: ("█", Style(.ramp(2)))
    case ..<24: ("▓", Style(.ramp(2), on: .ramp(12)))
    case ..<26: ("▒", Style(.ramp(2), on: .ramp(12)))
    case 26: ("░", Style(.ramp(2), on: .ramp(12)))
    case 27: ("█", Style(.ramp(12)))
    case 28: ("░", Style(.ramp(15), on: .ramp(12)))
    case 29: ("▒", Style(.ramp(15), on: .ramp(12)))
    default: ("█", Style(.ramp(15)))
    }
  }

  /// Two values in one cell, one above the other; a negative step is a missing value.
  ///
  /// Without colours the cell shows the worse of the two.
  ///
  /// - Parameter worse: The worse of the two in half steps, where it is known so finely.
  mutating func half(_ column: Int, _ row: Int, _ above: Int8, _ below: Int8, worse: Int8? = nil) {
    if above < 0 || below < 0 {
      let seen = max(above, below)
      if seen < 0 || isGlyphic || look.color == .sixteen { return set(column, row, "·", Style(.dim)) }
      return set(column, row, "·", Style(ink(on: seen), on: .ramp(Int(seen)), .bold))
    }
    if isGlyphic { return set(column, row, glyph(max(above, below)), Style(.text)) }
    if look.color == .sixteen {
      // Halves that look alike give the whole cell to the worse of the two, in a finer shade.
      if abs(above - below) < 2 || grey(above) == grey(below) {
        let shade = shade(worse ?? (2 * max(above, below) + 1))
        return set(column, row, shade.glyph, shade.style)
      }
      if above > below {
        set(column, row, "▀", Style(grey(above) ?? .none, on: grey(below) ?? .none))
      } else {
        set(column, row, "▄", Style(grey(below) ?? .none, on: grey(above) ?? .none))
      }
      return
    }
    if above == below { return set(column, row, " ", Style(.none, on: .ramp(Int(above)))) }
    // The lower step is always the ground: neighbours then share it, which halves the bytes of a field.
    if above > below { return set(column, row, "▀", Style(.ramp(Int(above)), on: .ramp(Int(below)))) }
    set(column, row, "▄", Style(.ramp(Int(below)), on: .ramp(Int(above))))
  }

  /// One value in one cell.
  mutating func tile(_ column: Int, _ row: Int, _ step: Int8, half: Int8? = nil) {
    if step < 0 { return set(column, row, "·", Style(.dim)) }
    if isGlyphic { return set(column, row, glyph(step), Style(.text)) }
    if look.color == .sixteen {
      let shade = shade(half ?? (2 * step + 1))
      return set(column, row, shade.glyph, shade.style)
    }
    set(column, row, " ", Style(.none, on: .ramp(Int(step))))
  }

  /// One value in three cells, with its number: right-aligned, a digit after the point where `decimal` says so.
  ///
  /// A hundred is 99 where that is `within` what the number may be off: three digits would touch their neighbour's.
  mutating func number(
    _ column: Int, _ row: Int, _ step: Int8, _ value: Float, decimal: Bool, within: Float = 0
  ) {
    guard step >= 0, value.isFinite else {
      set(column, row, " ", Style())
      set(column + 1, row, " ", Style())
      return set(column + 2, row, "·", Style(.dim))
    }
    let style =
      isColored
      ? Style(ink(on: step), on: .ramp(Int(step)))
      : Style(step >= 15 ? .strong : step >= 12 ? .text : .dim, step >= 12 ? .bold : [])
    let held = value >= 99.5 && value - 99 <= within ? 99 : value
    digits(column, row, held, decimal: decimal, style)
    // Nor does a share of one need its zero.
    if decimal, (-0.04..<0.95).contains(held) { set(column, row, " ", style) }
  }

  /// Three cells of digits, without making a string; below ten a `decimal` fills all three.
  mutating func digits(_ column: Int, _ row: Int, _ value: Float, decimal: Bool, _ style: Style) {
    func digit(_ value: Int) -> Unicode.Scalar { Unicode.Scalar(UInt8(48 + value % 10)) }
    let tenths = decimal && abs(value) < 9.95
    let whole = min(999, Int((tenths ? value * 10 : max(0, value)).rounded()))
    if tenths {
      set(column, row, digit(whole / 10), style)
      set(column + 1, row, ".", style)
    } else {
      set(column, row, whole >= 100 ? digit(whole / 100) : " ", style)
      set(column + 1, row, whole >= 10 ? digit(whole / 10) : " ", style)
    }
    set(column + 2, row, digit(whole), style)
  }

  /// The look of an alarm inside a field.
  static func field(_ priority: Priority) -> Style {
    switch priority {
    case .urgent: Style(.paper, on: .urgentGround, .bold)
    case .high: Style(.ink, on: .highField, .bold)
    case .low, .normal: Style(.paper, on: .lowField, .bold)
    }
  }

  /// The look of an alarm that nobody acknowledged yet, in lists and counts.
  static func badge(_ priority: Priority) -> Style {
    switch priority {
    case .urgent: Style(.paper, on: .urgentGround, .bold)
    case .high: Style(.high, on: .highGround, .bold)
    case .low: Style(.low, on: .lowGround, .bold)
    case .normal: Style(.dim)
    }
  }

  /// The look of an alarm that somebody acknowledged: its ground is gone.
  static func seen(_ priority: Priority) -> Style { Style(priority.ink, .bold) }

  /// The ramp's legend: low, steps, high with its unit; returns the column behind it.
  @discardableResult
  mutating func legend(_ column: Int, _ row: Int, low: String, high: String) -> Int {
    var at = put(column, row, low + " ", Style(.dim))
    if isGlyphic {
      for step in stride(from: 0, to: 16, by: 2) { set(at + step / 2, row, glyph(Int8(step)), Style(.text)) }
      at += 8
    } else if look.color == .sixteen {
      for (index, half) in [4, 9, 14, 20, 23, 25, 27, 31].enumerated() {
        let shade = shade(Int8(half))
        set(at + index, row, shade.glyph, shade.style)
      }
      at += 8
    } else {
      for step in stride(from: 0, to: 16, by: 2) {
        set(at + step / 2, row, "▌", Style(.ramp(step), on: .ramp(step + 1)))
      }
      at += 8
    }
    return put(at, row, " " + high, Style(.dim))
  }
}

extension Priority {
  /// The word that lists and flags show.
  var mark: String {
    switch self {
    case .normal: " "
    case .low: "i"
    case .high: "!"
    case .urgent: "!!"
    }
  }

  /// The same in one cell.
  var glyph: Unicode.Scalar { self == .low ? "i" : self == .normal ? " " : "!" }

  /// Its ink as text.
  var ink: Ink {
    switch self {
    case .normal: .dim
    case .low: .low
    case .high: .high
    case .urgent: .urgent
    }
  }
}
