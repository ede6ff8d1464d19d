extension String {
  /// The text as it may stand on a terminal: control and format characters gone, at most so many characters.
  ///
  /// Whatever files, names and arguments say passes through here before it is shown. C0 and C1 controls, DEL, line and
  /// paragraph separators, and the invisible characters that reorder text (Unicode category Cf) are dropped.
  public func printable(limit: Int = 120) -> String {
    var kept = String.UnicodeScalarView()
    var count = 0
    for scalar in unicodeScalars {
      guard scalar.isPrintable else { continue }
      guard count < limit else {
        kept.append("…")
        break
      }
      kept.append(scalar)
      count += 1
    }
    return String(kept)
  }
}

extension Unicode.Scalar {
  /// Whether the scalar draws something, or is a plain space.
  var isPrintable: Bool {
    if value < 0x7f { return value >= 0x20 }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
    default: return true
    }
  }
}
