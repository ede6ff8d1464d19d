/// The glyphs that panels draw with, each named once, and what stands for each where only ASCII may be drawn.
///
/// A panel always names the Unicode glyph; a canvas made with `ascii: true` turns it into ASCII as it is drawn.
public enum Glyphs {
  /// Two values in a cell: ink above, ground below.
  public static let upperHalf: Unicode.Scalar = "▀"
  /// A whole cell of ink.
  public static let full: Unicode.Scalar = "█"
  /// No data.
  public static let missing: Unicode.Scalar = "·"
  /// Where a text was cut.
  public static let ellipsis: Unicode.Scalar = "…"
  /// A profile over time, one eighth to eight eighths high.
  public static let rising: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  /// A bar to the right, one eighth to eight eighths long.
  public static let growing: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"]
  /// A value bar's full cell, its half cell, and its track.
  public static let valueBar: (full: Unicode.Scalar, half: Unicode.Scalar, track: Unicode.Scalar) = ("━", "╸", "─")
  /// A limit or target on a value bar.
  public static let limit: Unicode.Scalar = "┃"
  /// A target line across a chart.
  public static let target: Unicode.Scalar = "╌"
  /// Now, or the moment of taking over.
  public static let now: Unicode.Scalar = "┊"
  /// The crosshair at a node's left edge.
  public static let crosshair: Unicode.Scalar = "▏"
  /// The hairline after a heading.
  public static let rule: Unicode.Scalar = "─"
  /// Live.
  public static let live: Unicode.Scalar = "●"
  /// Half of the sign for paused.
  public static let paused: Unicode.Scalar = "▮"
  /// Replaying, and forward on the time bar.
  public static let forward: Unicode.Scalar = "▸"
  /// Back on the time bar.
  public static let back: Unicode.Scalar = "◂"

  /// The ramp without colour, least first.
  public static func ramp(ascii: Bool) -> [Unicode.Scalar] { ascii ? asciiRamp : monoRamp }

  /// The ramp's glyph of a share between 0 and 1 without colour; the lowest step is blank.
  public static func ramp(_ share: Double, ascii: Bool) -> Unicode.Scalar {
    let steps = ramp(ascii: ascii)
    guard share > 0 else { return steps[0] }
    return steps[min(steps.count - 1, Int(min(share, 1) * Double(steps.count)))]
  }

  /// A braille cell with the given dots, bit 0 the top left and bit 7 the bottom right as Unicode numbers them.
  public static func braille(_ dots: UInt8) -> Unicode.Scalar { Unicode.Scalar(0x2800 + UInt32(dots)) ?? "*" }

  /// One ASCII scalar for one scalar of any kind; `?` where nothing like it exists.
  public static func ascii(_ scalar: UInt32) -> UInt32 {
    if scalar < 127 { return scalar }
    if let known = table[scalar] { return known }
    if scalar >= 0x2801 && scalar <= 0x28FF { return 0x2A }
    return scalar == 0x2800 ? 0x20 : 0x3F
  }

  /// What a scalar becomes inside a text, where it may take more than one column or none.
  static func asciiText(_ scalar: UInt32) -> String? {
    switch scalar {
    case 0xBD: "1/2"
    case 0xB0: ""
    case 0x2264: "<="
    case 0x2265: ">="
    case 0x2026: "..."
    default: nil
    }
  }

  private static let monoRamp: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]
  private static let asciiRamp: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]

  private static let table: [UInt32: UInt32] = {
    var table: [UInt32: UInt32] = [:]
    // Pairs: the glyph, then what stands for it.
    let pairs = Array(
      ("·?▀#▄#█#░.▒x▓%▁_▂.▃-▅+▆*▇#▏|▎#▍#▌#▋#▊#▉#▐#━=╸=╺=─-┃|╌-┊:│|├|┤|┬+┴+┼+┌+┐+└+┘+"
        + "╭+╮+╰`╯+●*○o▮|▸>◂<▾v▴^▲^▼v✓v›>‹<→>←<↑^↓v×x±~−-–-—-½~° µuμu≤<≥>≈~….“\"”\"‘'’'•*  ").unicodeScalars)
    for index in stride(from: 0, to: pairs.count, by: 2) { table[pairs[index].value] = pairs[index + 1].value }
    return table
  }()
}
