/// What a terminal can show, told from the environment and terminfo; pure, so every case is a test.
public struct TerminalAbilities: Hashable, Sendable {
  /// Colours to use.
  public var color: ColorLevel
  /// Whether the terminal understands window titles.
  public var hasTitle: Bool

  /// Judges by `TERM`, terminfo's number of colours, `COLORTERM`, `NO_COLOR` and the user's word, which wins.
  ///
  /// `COLORTERM` survives into GNU screen, which garbles 24-bit sequences: there it is not believed.
  public init(
    term: String, terminfoColors: Int, colorTerm: String?, noColor: String?, inTmux: Bool, wanted: ColorLevel? = nil
  ) {
    let natural: ColorLevel =
      terminfoColors >= 1 << 24
      ? .truecolor : terminfoColors >= 256 ? .palette : terminfoColors >= 8 ? .sixteen : .mono
    let claims = colorTerm == "truecolor" || colorTerm == "24bit"
    let believed = !term.hasPrefix("screen") || inTmux
    if let wanted {
      // A terminal without any colour has no sequences to build upon.
      color = natural == .mono ? .mono : wanted
    } else if let noColor, !noColor.isEmpty {
      color = .mono
    } else if claims, believed, natural >= .palette || (natural == .sixteen && term != "linux") {
      color = .truecolor
    } else {
      color = natural
    }
    let silent = ["linux", "vt", "ansi", "cons", "pcansi", "sun", "cygwin"]
    hasTitle = !silent.contains { term.hasPrefix($0) }
  }
}
