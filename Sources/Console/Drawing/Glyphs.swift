/// What may be drawn: glyphs of one cell, and their stand-ins where only ASCII may be.
enum Glyphs {
  /// Eighths of a cell from below, as scalars; zero is blank.
  static let rising: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// Eighths of a cell from the left.
  static let growing: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  /// The ramp without colour.
  static let shades: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]
  /// The ramp in ASCII.
  static let letters: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]

  /// Whether a scalar takes exactly one cell and means no harm to a terminal.
  ///
  /// Text from outside may hold anything: control characters, marks that reorder or combine, wide letters. Only what
  /// is known to be narrow passes.
  static func isNarrow(_ value: UInt32) -> Bool {
    if value < 0x300 { return value >= 0x20 && (value < 0x7f || value >= 0xa0) && value != 0xad }
    if value < 0x2000 { return value >= 0x370 && value < 0x483 }
    if value < 0x2c00 {
      return !(value < 0x2010 || (value >= 0x2028 && value < 0x2030) || (value >= 0x205f && value < 0x2070)
        || (value >= 0x20d0 && value < 0x2100) || (value >= 0x231a && value < 0x231c) || value == 0x2329
        || value == 0x232a || (value >= 0x23e9 && value < 0x23f4) || (value >= 0x25fd && value < 0x2800
          && value != 0x2713))
    }
    return false
  }

  /// Whether a scalar is to be left out rather than replaced by a question mark.
  static func isDropped(_ value: UInt32) -> Bool {
    value < 0x20 || (value >= 0x7f && value < 0xa0) || value == 0xad || (value >= 0x200b && value < 0x2010)
      || (value >= 0x2028 && value < 0x2030) || (value >= 0x2060 && value < 0x2070) || value == 0xfeff
  }

  /// The stand-in of a glyph in ASCII, nil where it falls away.
  static func ascii(_ value: UInt32) -> Unicode.Scalar? {
    if value < 0x80 { return Unicode.Scalar(value) }
    if value >= 0x2800 && value < 0x2900 { return "*" }
    return Unicode.Scalar(value).flatMap { table[$0] ?? "?" }
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = [
    "─": "-", "│": "|", "├": "|", "┤": "|", "┼": "+", "╌": "-", "┊": ":", "━": "=", "╸": "=", "╺": "=", "┃": "|",
    "·": "?", "●": "*", "○": "o", "▲": "^", "▼": "v", "▴": "^", "▾": "v", "◂": "<", "▸": ">", "▮": "|", "°": " ",
    "µ": "u", "×": "x", "→": ">", "←": "<", "↑": "^", "↓": "v", "›": ">", "±": "~", "–": "-", "—": "-", "≥": ">",
    "≤": "<", "…": "~", "−": "-", "✓": "v", "▁": "_", "▂": ".", "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "#",
    "█": "@", "▏": "|", "▎": "|", "▍": "=", "▌": "=", "▋": "#", "▊": "#", "▉": "#", "▐": "=", "▀": "\"", "░": ".",
    "▒": ":", "▓": "#", "’": "'", "“": "\"", "”": "\"", "↵": ">", "∞": "~", "σ": "s", "┌": ".", "┐": ".", "└": "`",
    "┘": "'", "╰": "`",
  ]
}
