import ArgumentParser
import Foundation
import Operations
import Testing

@testable import Documents
@testable import podium

/// What code names is in the documents, what they name is in code, and their links lead somewhere.
@Suite struct DocumentationTests {
  private static let files =
    ["README.md"]
    + [
      "actions", "architecture", "decisions", "json", "model", "operating", "performance",
      "scenarios", "themes",
    ].map { "docs/\($0).md" }

  private static func text(_ file: String) throws -> String {
    try String(contentsOf: Program.root.appending(path: file), encoding: .utf8)
  }

  /// Subcommands by name, without those that help.
  private static let commands = Set(Podium.configuration.subcommands.compactMap { $0.configuration.commandName })

  @Test func everyDocumentIsChecked() throws {
    let found = try FileManager.default.contentsOfDirectory(atPath: Program.root.appending(path: "docs").path)
    #expect(Set(found.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" } + ["README.md"]) == Set(Self.files))
  }

  @Test func everyCommandIsInTheREADMEAndEveryNamedOneExists() throws {
    let readme = try Self.text("README.md")
    for command in Self.commands { #expect(readme.contains("`podium \(command)"), "podium \(command)") }
    for file in Self.files {
      // Command lines in code, not in running text: `podium NAME` and lines that begin with it.
      for match in try Self.text(file).matches(of: /(?:`|\$ |^)podium ([a-z][a-z-]*)/.anchorsMatchLineEndings()) {
        let name = String(match.1)
        #expect(Self.commands.contains(name), "\(file) names podium \(name)")
      }
    }
  }

  @Test func everyScenarioIsDescribedAndEveryDescribedOneExists() throws {
    let part = try #require(try Self.text("docs/scenarios.md").components(separatedBy: "## Built in\n").last)
    let table = part.components(separatedBy: "\n## ")[0].split(separator: "\n").filter { $0.hasPrefix("| `") }
    let named = table.flatMap { line in
      line.split(separator: "|")[0].matches(of: /`([^`]+)`/).map { String($0.1) }
    }
    let built = BuiltInScenario.all.map(\.name)
    #expect(named.sorted() == built.sorted())
    // Every row says what it is for and what holds it to that.
    for line in table {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells.count == 3 && !cells.contains(""), "\(line)")
    }
  }

  @Test func everyKeyOfAScenarioIsDescribed() throws {
    let document = try Self.text("docs/scenarios.md")
    let described = Set(
      document.matches(of: /^\| (?:… )?([^|]+)\|/.anchorsMatchLineEndings()).flatMap { line in
        line.1.matches(of: /`([a-z_]+)/).map { String($0.1) }
      })
    for key in ScenarioReader.keys { #expect(described.contains(key), "\(key)") }
  }

  @Test func everyFaultHasItsFiguresAndItsHandlingAndEveryActionItsRow() throws {
    let (actions, model) = (try Self.text("docs/actions.md"), try Self.text("docs/model.md"))
    let figures = try #require(model.components(separatedBy: "<!-- begin podium faults -->").last)
      .components(separatedBy: "| fault | seen by | mended by |")
    try #require(figures.count == 2)
    for action in ActionName.allCases { #expect(actions.contains("| `\(action.rawValue)"), "\(action)") }
    for fault in Fault.allCases {
      #expect(actions.contains("| `\(fault)` |"), "\(fault)")
      #expect(figures[0].contains("| `\(fault) ") || figures[0].contains("| `\(fault)` |"), "\(fault)")
      #expect(figures[1].contains("| `\(fault)` |"), "\(fault)")
    }
  }

  @Test(arguments: files)
  func linksLeadSomewhere(file: String) throws {
    let text = try Self.text(file)
    let folder = Program.root.appending(path: file).deletingLastPathComponent()
    for match in text.matches(of: /\]\(([^)\s]+)\)/) {
      let target = String(match.1)
      guard !target.hasPrefix("http"), !target.hasPrefix("#") else { continue }
      let path = target.split(separator: "#")[0]
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: String(path)).path), "\(file): \(target)")
    }
    // Files that running text names in code.
    for match in text.matches(of: /`((?:scripts|docs|scenarios|traces|themes)\/[A-Za-z0-9._\/-]+)`/) {
      let path = Program.root.appending(path: String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(file): \(match.1)")
    }
  }
}
