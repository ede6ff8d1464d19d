/// A colour by its meaning; a theme says what it looks like at each colour level. The raw value indexes theme tables.
///
/// Roles and steps are those of `themes/*.yaml`; their meanings stand in docs/themes.md.
public struct Ink: RawRepresentable, Hashable, Sendable {
  /// Index in a theme's tables.
  public var rawValue: UInt8
  /// An ink by index.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The terminal's own foreground or ground.
  public static let none = Ink(rawValue: 0)
  // Text roles.
  public static let strong = Ink(rawValue: 1)
  public static let text = Ink(rawValue: 2)
  public static let dim = Ink(rawValue: 3)
  public static let faint = Ink(rawValue: 4)
  public static let accent = Ink(rawValue: 5)
  public static let urgent = Ink(rawValue: 6)
  public static let high = Ink(rawValue: 7)
  public static let low = Ink(rawValue: 8)
  public static let area = Ink(rawValue: 9)
  public static let ghost = Ink(rawValue: 10)
  public static let ink = Ink(rawValue: 11)
  public static let paper = Ink(rawValue: 12)
  // Grounds.
  public static let bar = Ink(rawValue: 13)
  public static let select = Ink(rawValue: 14)
  public static let dialog = Ink(rawValue: 15)
  public static let urgentGround = Ink(rawValue: 16)
  public static let highGround = Ink(rawValue: 17)
  public static let lowGround = Ink(rawValue: 18)
  public static let highField = Ink(rawValue: 19)
  public static let lowField = Ink(rawValue: 20)
  public static let acceptGround = Ink(rawValue: 21)
  public static let bandWith = Ink(rawValue: 22)
  public static let bandWithout = Ink(rawValue: 23)
  // Kinds of work in a Gantt, then the same as ghosts of a p99 iteration.
  public static let workAttention = Ink(rawValue: 24)
  public static let workMoE = Ink(rawValue: 25)
  public static let workCommunication = Ink(rawValue: 26)
  public static let workOther = Ink(rawValue: 27)
  public static let workExposed = Ink(rawValue: 28)
  public static let ghostAttention = Ink(rawValue: 29)
  public static let ghostMoE = Ink(rawValue: 30)
  public static let ghostCommunication = Ink(rawValue: 31)
  public static let ghostOther = Ink(rawValue: 32)
  public static let ghostExposed = Ink(rawValue: 33)

  /// Steps of the utilisation ramp.
  public static let rampSteps = 16
  /// Utilisation, 0 (lowest) to 15.
  public static func ramp(_ step: Int) -> Ink { Ink(rawValue: UInt8(34 + max(0, min(15, step)))) }
  /// Difference, -7 (much less) to 7 (much more).
  public static func difference(_ step: Int) -> Ink { Ink(rawValue: UInt8(57 + max(-7, min(7, step)))) }
  /// Number of inks, the length of a theme's tables.
  public static let count = 65
}
