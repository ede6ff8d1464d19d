/// A colour by its meaning; a theme says what it looks like at each colour level.
///
/// The raw value indexes theme tables. Roles and steps are those of `themes/*.yaml`; their meanings stand in docs/themes.md.
public struct Ink: RawRepresentable, Hashable, Sendable {
  /// Index in a theme's tables.
  public var rawValue: UInt8
  /// An ink by index.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The terminal's own foreground or ground.
  public static let none = Ink(rawValue: 0)
  // Text roles.
  /// The number that matters, the selected thing, titles.
  public static let strong = Ink(rawValue: 1)
  /// Values and names.
  public static let text = Ink(rawValue: 2)
  /// Labels, units, details of headings, normal events.
  public static let dim = Ink(rawValue: 3)
  /// Rules, axes, empty tracks: lines, never words.
  public static let faint = Ink(rawValue: 4)
  /// What a hand can touch: keys, focus, crosshair, cursor.
  public static let accent = Ink(rawValue: 5)
  /// An alarm `!!` as text.
  public static let urgent = Ink(rawValue: 6)
  /// An alarm `!` as text; exposed communication.
  public static let high = Ink(rawValue: 7)
  /// An alarm `i` as text.
  public static let low = Ink(rawValue: 8)
  /// Filled profile of a normal series.
  public static let area = Ink(rawValue: 9)
  /// A line that did not happen: the original under a take-over, “without the action”.
  public static let ghost = Ink(rawValue: 10)
  /// Text on light ground.
  public static let ink = Ink(rawValue: 11)
  /// Text on dark or red ground.
  public static let paper = Ink(rawValue: 12)
  // Grounds.
  /// Ground of title and footer.
  public static let bar = Ink(rawValue: 13)
  /// Ground of a selected row, a chosen tab, a focused field.
  public static let select = Ink(rawValue: 14)
  /// Ground of a dialog.
  public static let dialog = Ink(rawValue: 15)
  /// `!!` not yet acknowledged; an alarmed cell in a field.
  public static let urgentGround = Ink(rawValue: 16)
  /// `!` not yet acknowledged.
  public static let highGround = Ink(rawValue: 17)
  /// `i` not yet acknowledged.
  public static let lowGround = Ink(rawValue: 18)
  /// `!` inside a field.
  public static let highField = Ink(rawValue: 19)
  /// `i` inside a field.
  public static let lowField = Ink(rawValue: 20)
  /// A focused button.
  public static let acceptGround = Ink(rawValue: 21)
  /// Band around “with the action”.
  public static let bandWith = Ink(rawValue: 22)
  /// Band around “without the action” and the p50–p99 range.
  public static let bandWithout = Ink(rawValue: 23)
  // Kinds of work in a Gantt, then the same as ghosts of a p99 iteration.
  /// Attention in a Gantt.
  public static let workAttention = Ink(rawValue: 24)
  /// Experts in a Gantt.
  public static let workMoE = Ink(rawValue: 25)
  /// Covered communication in a Gantt.
  public static let workCommunication = Ink(rawValue: 26)
  /// Drafting, sampling and gaps in a Gantt.
  public static let workOther = Ink(rawValue: 27)
  /// Exposed communication in a Gantt.
  public static let workExposed = Ink(rawValue: 28)
  /// Attention of the p99 iteration.
  public static let ghostAttention = Ink(rawValue: 29)
  /// Experts of the p99 iteration.
  public static let ghostMoE = Ink(rawValue: 30)
  /// Covered communication of the p99 iteration.
  public static let ghostCommunication = Ink(rawValue: 31)
  /// Drafting, sampling and gaps of the p99 iteration.
  public static let ghostOther = Ink(rawValue: 32)
  /// Exposed communication of the p99 iteration.
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
