/// How many colours a terminal takes.
public enum ColorLevel: UInt8, Comparable, CaseIterable, Sendable {
  /// No colour: bold, underline and reverse only.
  case mono
  /// The 16 colours that a terminal's own settings define.
  case sixteen
  /// The 256-colour palette.
  case palette
  /// 24 bits.
  case truecolor

  /// By number of colours.
  public static func < (left: ColorLevel, right: ColorLevel) -> Bool { left.rawValue < right.rawValue }
}

/// What a panel must know of the terminal to choose its glyphs: nothing else of it reaches a panel.
public struct Appearance: Hashable, Sendable {
  /// Colours at hand; a panel shows values by glyphs where it is mono.
  public var color: ColorLevel
  /// Whether only ASCII may be drawn.
  public var ascii: Bool

  /// An appearance.
  public init(color: ColorLevel = .truecolor, ascii: Bool = false) {
    self.color = color
    self.ascii = ascii
  }
}
