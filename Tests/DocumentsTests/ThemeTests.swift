import Documents
import Foundation
import Terminal
import Testing

@Suite struct ThemeTests {
  static let library = ThemeLibrary(environment: [:])

  /// Words and the grounds they stand on (docs/themes.md); lines and fills carry no words.
  static let words: [(Ink, [Ink])] =
    [Ink.strong, .text, .dim, .accent, .urgent, .high, .low].map { ($0, [.none, .bar, .select, .dialog]) } + [
      (.ghost, [.none, .dialog]), (.paper, [.urgentGround, .lowField]), (.high, [.highGround]), (.low, [.lowGround]),
      (.ink, [.highField, .acceptGround]), (.text, [.bandWith, .bandWithout]),
    ]

  @Test(arguments: library.builtInNames)
  func wordsHaveContrastWithTheGroundTheyStandOn(_ name: String) throws {
    let theme = try Self.library.theme(named: name)
    for (ink, grounds) in Self.words {
      for ground in grounds {
        let contrast = Light.contrast(try rgb(theme, ink), try rgb(theme, ground))
        #expect(contrast >= 4.5, "ink \(ink.rawValue) on \(ground.rawValue): \(contrast)")
      }
    }
    // A value in a field is written in paper or ink, whichever is readable.
    for step in 0..<Ink.rampSteps {
      let ground = try rgb(theme, .ramp(step))
      let best = max(Light.contrast(try rgb(theme, .paper), ground), Light.contrast(try rgb(theme, .ink), ground))
      #expect(best >= 4.5, "step \(step): \(best)")
    }
  }

  @Test(arguments: library.builtInNames)
  func rampsAreEvenInLightness(_ name: String) throws {
    let theme = try Self.library.theme(named: name)
    let ramp = try (0..<Ink.rampSteps).map { Light.okLabLightness(try rgb(theme, .ramp($0))) }
    let mean = (ramp[15] - ramp[0]) / 15
    #expect(abs(mean) > 0.025)
    for (low, high) in zip(ramp, ramp.dropFirst()) { #expect(abs(high - low - mean) < abs(mean) * 0.15) }
    for size in 1...7 {
      let less = Light.okLabLightness(try rgb(theme, .difference(-size)))
      let more = Light.okLabLightness(try rgb(theme, .difference(size)))
      #expect(abs(less - more) < 0.01, "size \(size)")
    }
  }

  @Test(arguments: library.builtInNames)
  func everyInkHasALookAtEveryLevel(_ name: String) throws {
    let theme = try Self.library.theme(named: name)
    #expect(theme.name == name)
    #expect(!theme.about.isEmpty)
    for raw in 1..<UInt8(Ink.count) {
      let ink = Ink(rawValue: raw)
      #expect(theme[ink].rgb != nil && theme[ink].palette != nil, "ink \(raw)")
      if raw <= Ink.paper.rawValue { #expect(theme[ink].ansi != nil, "ink \(raw)") }
    }
    let painted = theme[.none]
    #expect(
      painted == ThemeColor() || painted.rgb == theme.assumedGround && painted.palette != nil && painted.ansi != nil)
  }

  /// Which themes bring their ground along; the default is a guest on the terminal's own.
  @Test func themesThatNeedTheirGroundPaintIt() throws {
    let painting = try Self.library.builtInNames.filter { try Self.library.theme(named: $0)[.none] != ThemeColor() }
    #expect(painting == ["light", "contrast", "vivid"])
    #expect(try Self.library.theme(named: "light")[.none] == ThemeColor(rgb: 0xfbfbf9, palette: 231, ansi: 15))
  }

  @Test(arguments: ["light", "contrast", "vivid"])
  func wordsHaveContrastWithThePaintedGroundIn256ColoursToo(_ name: String) throws {
    let theme = try Self.library.theme(named: name)
    for (ink, grounds) in Self.words {
      for ground in grounds {
        let pair = (try #require(theme[ink].palette), try #require(theme[ground].palette))
        let contrast = Light.contrast(Light.palette(pair.0), Light.palette(pair.1))
        #expect(contrast >= 4.5, "\(pair.0) on \(pair.1), ink \(ink.rawValue) on \(ground.rawValue): \(contrast)")
      }
    }
  }

  /// Sixteen colours leave little choice: 3 to 1, as for large letters.
  @Test(arguments: ["light", "contrast", "vivid"])
  func wordsCanBeReadOnThePaintedGroundInSixteenColours(_ name: String) throws {
    let theme = try Self.library.theme(named: name)
    for (ink, grounds) in Self.words {
      for ground in grounds where ground != .select || name == "light" {
        guard let word = theme[ink].ansi, let place = theme[ground].ansi ?? theme[.none].ansi else { continue }
        let contrast = Light.contrast(Light.sixteen[Int(word)], Light.sixteen[Int(place)])
        #expect(contrast >= 3, "\(word) on \(place), ink \(ink.rawValue) on \(ground.rawValue): \(contrast)")
      }
    }
  }

  @Test func theCalmThemeIsThePalette() throws {
    let theme = try Self.library.theme(named: "calm")
    #expect(theme.assumedGround == 0x101014)
    #expect(theme[.strong] == ThemeColor(rgb: 0xf4f6f9, palette: 255, ansi: 15, mono: .bold))
    #expect(theme[.select] == ThemeColor(rgb: 0x283144, palette: 238, ansi: 4, mono: .reverse))
    #expect(theme[.ramp(15)] == ThemeColor(rgb: 0x95bac7, palette: 249, ansi: 15))
    #expect(theme[.difference(-7)].rgb == 0x70abdc)
    #expect(theme[.ghostExposed].rgb == 0x966b27)
  }

  @Test(arguments: [
    ("  strong: {rgb: \"#f4f6f9\", 256: 255, 16: bright white, mono: bold}", "  strong: {rgb: red}", "six hexadecimal"),
    ("  strong: {rgb: \"#f4f6f9\", 256: 255, 16: bright white, mono: bold}", "  strong: {256: 256}", "from 0 to 255"),
    (
      "  strong: {rgb: \"#f4f6f9\", 256: 255, 16: bright white, mono: bold}", "  strong: {16: pink}",
      "must be black, red"
    ),
    ("  strong: {rgb: \"#f4f6f9\", 256: 255, 16: bright white, mono: bold}", "  strong: {mono: loud}", "must be plain"),
    ("  strong:", "  strnog:", "the nearest is `strong`"),
    ("  paper:", "  #", "lacks `text.paper`"),
    ("work:", "wrok:", "the nearest is `work`"),
    ("ramp:", "ramp: []\n#", "is not YAML"),
    ("  - {rgb: \"#1a1e2e\", 256: 234}\n", "", "must have 16 colours, not 15"),
    ("ground:", "#", "lacks `ground`"),
    ("ground: \"#101014\"", "ground: {256: 233}", "lacks `ground.rgb`"),
    ("ground: \"#101014\"", "ground: {rgb: \"#101014\", mono: bold}", "mono"),
  ])
  func aBrokenThemeSaysWhereAndWhatIsAccepted(_ old: String, _ new: String, _ sentence: String) throws {
    // The file as written, with runs of blanks made one so that the test does not depend on columns.
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../themes/calm.yaml")
    let text = try String(contentsOf: source, encoding: .utf8).replacing("strong:   ", with: "strong: ")
    #expect(text.contains(old))
    let problem = try #require(throws: DocumentProblem.self) {
      _ = try ThemeReader.read(Array(text.replacing(old, with: new, maxReplacements: 1).utf8), file: "my.yaml")
    }
    #expect(problem.description.hasPrefix("my.yaml:"))
    #expect(problem.description.contains(sentence), "\(problem)")
  }

  @Test func aThemeIsFoundByPathThenInTheUsersFolderThenBuiltIn() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "podium-themes-\(UUID().uuidString)")
    let themes = folder.appending(path: "podium/themes")
    try FileManager.default.createDirectory(at: themes, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../themes/calm.yaml")
    let text = try String(contentsOf: source, encoding: .utf8)
    let own = themes.appending(path: "calm.yaml")
    try text.replacing("about: Grey", with: "about: Mine").write(to: own, atomically: true, encoding: .utf8)
    let library = ThemeLibrary(environment: ["XDG_CONFIG_HOME": folder.path])
    #expect(try library.theme(named: "calm").about.hasPrefix("Mine"))
    #expect(library.file(of: "calm") == own.path)
    #expect(try Self.library.theme(named: own.path).about.hasPrefix("Mine"))
    #expect(try Self.library.theme(named: "calm").about.hasPrefix("Grey"))
    let problem = try #require(throws: DocumentProblem.self) { _ = try library.theme(named: "clam") }
    #expect(problem.message.contains("the nearest is `calm`"))
  }

  private func rgb(_ theme: Theme, _ ink: Ink) throws -> UInt32 {
    ink == .none ? theme.assumedGround : try #require(theme[ink].rgb)
  }
}
