/// Attributes of a cell beside its colours.
public struct Attributes: OptionSet, Hashable, Sendable {
  /// Bits.
  public let rawValue: UInt8
  /// Attributes by their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Heavier glyphs.
  public static let bold = Attributes(rawValue: 1)
  /// A line under the glyph.
  public static let underline = Attributes(rawValue: 2)
  /// Ink and ground change places.
  public static let reverse = Attributes(rawValue: 4)
}

/// How a run of cells looks, in words of the theme.
public struct Style: Hashable, Sendable {
  /// Colour of the glyph.
  public var ink: Ink
  /// Colour behind it.
  public var ground: Ink
  /// Bold and the like.
  public var attributes: Attributes

  /// A style; without arguments the terminal's own.
  public init(_ ink: Ink = .none, on ground: Ink = .none, _ attributes: Attributes = []) {
    self.ink = ink
    self.ground = ground
    self.attributes = attributes
  }
}

/// One place of a screen: a scalar of width one, or the left half of a wide one followed by a continuation.
public struct Cell: Hashable, Sendable {
  /// The glyph; zero marks the right half of a wide one.
  public var scalar: UInt32
  /// Its look.
  public var style: Style

  /// A cell; without arguments a blank of the terminal's own colours.
  public init(_ scalar: Unicode.Scalar = " ", _ style: Style = Style()) {
    self.scalar = scalar.value
    self.style = style
  }

  /// Marks the right half of a wide glyph.
  public var isContinuation: Bool { scalar == 0 }
}
