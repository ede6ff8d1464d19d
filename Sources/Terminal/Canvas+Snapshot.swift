extension Canvas {
  /// The glyphs as lines, blanks at the ends left out: the text half of a golden screen.
  public var text: String {
    var lines = ""
    for row in 0..<height {
      var line = ""
      for column in 0..<width {
        let scalar = cells[row * width + column].scalar
        if scalar != 0, let known = Unicode.Scalar(scalar) { line.unicodeScalars.append(known) }
      }
      while line.unicodeScalars.last == " " { line.unicodeScalars.removeLast() }
      lines += line + "\n"
    }
    return lines
  }

  /// The styles as runs, one line a row: the style half of a golden screen.
  ///
  /// A run is `count×ink`, with `/ground` where it has one and `+b`, `+u`, `+r` for attributes, so `12×dim/bar+b` is
  /// twelve cells of bold dim on bar. Plain cells at the end of a row are left out. The last line says where the real
  /// cursor rests.
  public var styleText: String {
    var lines = ""
    for row in 0..<height {
      var runs: [(style: Style, count: Int)] = []
      for cell in cells[(row * width)..<(row * width + width)] {
        if let last = runs.last, last.style == cell.style {
          runs[runs.count - 1].count += 1
        } else {
          runs.append((cell.style, 1))
        }
      }
      if let last = runs.last, last.style == Style() { runs.removeLast() }
      let words = runs.map { "\($0.count)×\(Self.word($0.style))" }
      lines += words.joined(separator: " ") + "\n"
    }
    if let cursor { lines += "cursor \(cursor.column),\(cursor.row)\n" }
    return lines
  }

  private static func word(_ style: Style) -> String {
    var word = style.ink.name
    if style.ground != .none { word += "/\(style.ground.name)" }
    if style.attributes.contains(.bold) { word += "+b" }
    if style.attributes.contains(.underline) { word += "+u" }
    if style.attributes.contains(.reverse) { word += "+r" }
    return word
  }
}
