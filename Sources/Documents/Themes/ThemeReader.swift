public import Terminal
import Words

/// Turns a theme's file into a `Theme`; the first thing that does not hold ends it with a sentence.
public struct ThemeReader {
  /// Names of the colours that every terminal with colour has, by their index.
  static let ansiNames = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "bright black", "bright red",
    "bright green", "bright yellow", "bright blue", "bright magenta", "bright cyan", "bright white",
  ]

  /// Reads a theme's text; `file` is its name in messages.
  public static func read(_ bytes: [UInt8], file: String) throws(DocumentProblem) -> Theme {
    let root = Field(name: "", node: try DocumentNode.parse(bytes, file: file))
    let sections = ThemeSection.all.map(\.key)
    let fields = try Fields(root, known: ["podium", "name", "about", "ground"] + sections + ["ramp", "difference"])
    try SchemaVersion.check(fields)
    let name = try fields.required("name", "the theme's name").text(accepted: "a name").printable(limit: 40)
    let about = try fields["about"].map { (field) throws(DocumentProblem) in try field.text(accepted: "a sentence") }
    var colors = [ThemeColor](repeating: ThemeColor(), count: Ink.count)
    let ground = try ground(
      try fields.required("ground", "the ground the theme is made for, such as `ground: \"#101014\"`"), into: &colors)
    for section in ThemeSection.all {
      let roles = try Fields(
        try fields.required(section.key, "a mapping of its roles to colours"), known: section.roles.map(\.name))
      for (role, ink) in section.roles {
        colors[Int(ink.rawValue)] = try color(try roles.required(role, "a colour such as `\(example)`"))
      }
    }
    try steps(fields, "ramp", (0..<Ink.rampSteps).map(Ink.ramp), into: &colors)
    try steps(fields, "difference", (-7...7).map(Ink.difference), into: &colors)
    return Theme(name: name, about: (about ?? "").printable(limit: 200), assumedGround: ground, colors: colors)
  }

  private static let example = "{rgb: \"#c9ced6\", 256: 251, 16: white, mono: bold}"

  /// A colour alone tells what the theme is made for; with its looks in palettes it is painted, everywhere.
  private static func ground(_ field: Field, into colors: inout [ThemeColor]) throws(DocumentProblem) -> UInt32 {
    guard case .mapping = field.node.content else { return try rgb(field) }
    let fields = try Fields(field, known: ["rgb", "256", "16"])
    let painted = try rgb(try fields.required("rgb", "the ground's colour, such as `rgb: \"#fbfbf9\"`"))
    colors[Int(Ink.none.rawValue)] = try color(field)
    return painted
  }

  private static func steps(
    _ fields: Fields, _ key: String, _ inks: [Ink], into colors: inout [ThemeColor]
  ) throws(DocumentProblem) {
    let field = try fields.required(key, "a list of \(inks.count) colours")
    let items = try field.list(of: "\(inks.count) colours")
    guard items.count == inks.count else { throw field.problem("must have \(inks.count) colours, not \(items.count)") }
    for (item, ink) in zip(items, inks) { colors[Int(ink.rawValue)] = try color(item) }
  }

  private static func color(_ field: Field) throws(DocumentProblem) -> ThemeColor {
    let fields = try Fields(field, known: ["rgb", "256", "16", "mono"])
    var color = ThemeColor()
    color.rgb = try fields["rgb"].map(rgb)
    color.palette = try fields["256"].map { (field) throws(DocumentProblem) in
      UInt8(try field.integer(in: 0...255, "an index of the 256-colour palette"))
    }
    color.ansi = try fields["16"].map { (field) throws(DocumentProblem) in
      let word = try field.choice(ansiNames)
      return UInt8(ansiNames.firstIndex(of: word) ?? 0)
    }
    if let mono = fields["mono"] { color.mono = try attributes(mono) }
    return color
  }

  private static func rgb(_ field: Field) throws(DocumentProblem) -> UInt32 {
    let accepted = "six hexadecimal digits in quotes, such as \"#c9ced6\""
    let text = try field.text(accepted: accepted)
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard digits.utf8.count == 6, digits.first != "+", let value = UInt32(digits, radix: 16) else {
      throw field.problem("must be \(accepted), not \(field.node.kind)")
    }
    return value
  }

  private static func attributes(_ field: Field) throws(DocumentProblem) -> Attributes {
    let words = try field.text(accepted: "plain, bold, underline, reverse or several of them")
    var attributes: Attributes = []
    for word in words.split(separator: " ") {
      let word = Field(name: field.name, node: .scalar(String(word), at: field.node.place))
      switch try word.choice(["plain", "bold", "underline", "reverse"]) {
      case "bold": attributes.insert(.bold)
      case "underline": attributes.insert(.underline)
      case "reverse": attributes.insert(.reverse)
      default: break
      }
    }
    return attributes
  }
}
