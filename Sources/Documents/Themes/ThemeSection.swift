import Terminal

/// A part of a theme's file: a mapping whose keys are roles.
struct ThemeSection: Sendable {
  var key: String
  var roles: [(name: String, ink: Ink)]

  /// Every role that a theme gives a colour; the two ramps are lists beside them.
  static let all = [
    ThemeSection(
      key: "text",
      roles: [
        ("strong", .strong), ("text", .text), ("dim", .dim), ("faint", .faint), ("accent", .accent),
        ("urgent", .urgent), ("high", .high), ("low", .low), ("area", .area), ("ghost", .ghost), ("ink", .ink),
        ("paper", .paper),
      ]),
    ThemeSection(
      key: "grounds",
      roles: [
        ("bar", .bar), ("select", .select), ("dialog", .dialog), ("urgent", .urgentGround), ("high", .highGround),
        ("low", .lowGround), ("high_field", .highField), ("low_field", .lowField), ("accept", .acceptGround),
        ("band_with", .bandWith), ("band_without", .bandWithout),
      ]),
    ThemeSection(
      key: "work",
      roles: [
        ("attention", .workAttention), ("moe", .workMoE), ("communication", .workCommunication),
        ("other", .workOther), ("exposed", .workExposed),
      ]),
    ThemeSection(
      key: "ghosts",
      roles: [
        ("attention", .ghostAttention), ("moe", .ghostMoE), ("communication", .ghostCommunication),
        ("other", .ghostOther), ("exposed", .ghostExposed),
      ]),
  ]
}
