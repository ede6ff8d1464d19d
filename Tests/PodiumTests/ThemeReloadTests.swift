import Foundation
import TestSupport
import Testing

@Suite struct ThemeReloadTests {
  @Test func aThemeFileIsReadAgainWhenItChangesAndABrokenOneKeepsTheOldColours() throws {
    let calm = try String(contentsOf: Program.root.appending(path: "themes/calm.yaml"), encoding: .utf8)
    let old = "{rgb: \"#f4f6f9\""
    #expect(calm.contains(old))
    try Program.withFile("own.yaml", calm) { path in
      let program = try #require(
        PtyProcess(
          Program.binary.path, ["--theme", path, "--fps", "20"],
          environment: ["TERM=xterm-256color", "LANG=C.UTF-8", "COLORTERM=truecolor"], columns: 160, rows: 50))
      #expect(program.reads("244;246;249", seconds: 30))
      #expect(program.reads("quit"))
      try Data(calm.replacing(old, with: "{rgb: \"#010203\"").utf8).write(to: URL(filePath: path))
      #expect(program.reads("38;2;1;2;3"))
      #expect(program.reads("read again"))
      // Any key takes the sentence away; of the next one only what differs would be sent otherwise.
      program.type("x")
      #expect(program.reads("metric", after: program.output.count))
      let mark = program.output.count
      try Data(calm.replacing("  strong: ", with: "  stronk: ").utf8).write(to: URL(filePath: path))
      #expect(program.reads("own.yaml:", after: mark))
      #expect(program.reads("stronk", after: mark))
      program.type("q")
      #expect(program.ends() == .exit(0))
    }
  }
}
