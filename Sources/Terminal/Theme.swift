/// What one ink looks like at each colour level; a nil leaves the terminal's own colour.
public struct ThemeColor: Hashable, Sendable {
  /// `0xRRGGBB`.
  public var rgb: UInt32?
  /// Index in the 256-colour palette.
  public var palette: UInt8?
  /// Index in the 16-colour palette, 8–15 the bright ones.
  public var ansi: UInt8?
  /// What stands for it without colour (and, for inks that say so, with it).
  public var mono: Attributes

  /// A colour; without arguments the terminal's own.
  public init(rgb: UInt32? = nil, palette: UInt8? = nil, ansi: UInt8? = nil, mono: Attributes = []) {
    self.rgb = rgb
    self.palette = palette
    self.ansi = ansi
    self.mono = mono
  }
}

/// The look of every ink.
///
/// Files in `themes/` are read by the room `Documents`.
public struct Theme: Hashable, Sendable {
  /// Name of the file without its ending.
  public var name: String
  /// One sentence for the list of themes.
  public var about: String
  /// The ground the theme is made for, `0xRRGGBB`; contrast is reckoned against it.
  ///
  /// It is painted where `Ink.none` has a colour, else it is taken for the terminal's own.
  public var assumedGround: UInt32
  /// By `Ink.rawValue`, `Ink.count` of them.
  public var colors: [ThemeColor]

  /// A theme; see the properties.
  ///
  /// - Precondition: one colour an ink.
  public init(name: String, about: String, assumedGround: UInt32, colors: [ThemeColor]) {
    precondition(colors.count == Ink.count, "one colour an ink")
    self.name = name
    self.about = about
    self.assumedGround = assumedGround
    self.colors = colors
  }

  /// The look of an ink.
  public subscript(ink: Ink) -> ThemeColor { colors[Int(ink.rawValue)] }
}
