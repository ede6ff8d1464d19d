extension Ink {
  /// The name of the ink in golden files and messages, as themes spell it.
  public var name: String {
    let index = Int(rawValue)
    if index < Self.roleNames.count { return Self.roleNames[index] }
    if index < 50 { return "ramp\(index - 34)" }
    if index < Self.count { return "difference\(index - 57)" }
    return "ink\(index)"
  }

  private static let roleNames = [
    "none", "strong", "text", "dim", "faint", "accent", "urgent", "high", "low", "area", "ghost", "ink", "paper", "bar",
    "select", "dialog", "urgentGround", "highGround", "lowGround", "highField", "lowField", "acceptGround", "bandWith",
    "bandWithout", "workAttention", "workMoE", "workCommunication", "workOther", "workExposed", "ghostAttention",
    "ghostMoE", "ghostCommunication", "ghostOther", "ghostExposed",
  ]
}
