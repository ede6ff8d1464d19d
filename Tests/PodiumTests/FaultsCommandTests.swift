import Foundation
import Operations
import Testing
import Words
import XDeepServe

@testable import podium

@Suite struct FaultsCommandTests {
  /// Rows of the document's table of figures, and of that of sources, by fault.
  private static func shown() throws -> (figures: [String: String], sources: [String: String]) {
    let document = try String(contentsOf: Program.root.appending(path: "docs/model.md"), encoding: .utf8)
    let part = try #require(document.split(separator: "<!-- begin podium faults -->").last)
    var tables: [[String: String]] = [[:], [:]]
    for line in part.split(separator: "<!-- end")[0].split(separator: "\n") where line.hasPrefix("| `") {
      let word = line.dropFirst(3).prefix { $0 != "`" && $0 != " " }
      let cells = line.split(separator: "|").count
      tables[cells > 5 ? 0 : 1][String(word)] = String(line)
    }
    return (tables[0], tables[1])
  }

  /// A fault a way of going wrong in a plain run; all of them where tests may take long.
  private static let faults: [Fault] =
    ProcessInfo.processInfo.environment["PODIUM_LONG_TESTS"] != nil ? Fault.allCases : [.die, .linkFlap, .kvStall]

  @Test func theDocumentIsWhatTheCommandPrints() throws {
    let shown = try Self.shown()
    #expect(Set(shown.figures.keys) == Set(Fault.allCases.map(\.rawValue)))
    #expect(shown.sources.keys == shown.figures.keys)
    let outcome = try Program.run(["faults", "--markdown"] + Self.faults.map(\.rawValue))
    #expect(outcome.code == 0, "\(outcome.errors)")
    let rows = outcome.output.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
    #expect(rows.count == 2 * Self.faults.count)
    for (place, fault) in Self.faults.enumerated() {
      #expect(shown.figures[fault.rawValue] == rows[place], "scripts/fault-table writes the document's table")
      #expect(shown.sources[fault.rawValue] == rows[Self.faults.count + place])
    }
  }

  @Test func figuresAreNumbersInJSON() throws {
    let outcome = try Program.run(["faults", "hbm-ecc", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let row = try #require((object["faults"] as? [[String: Any]])?.first)
    #expect(row["do"] as? String == "inject hbm-ecc at n17.c3.d1")
    #expect(row["seen_s"] as? Double == 0.1)
    #expect(abs((row["recovered_s"] as? Double ?? 0) - 0.6) < 0.01)
    #expect(row["failed"] as? Int == 1 && row["recomputed"] as? Int == 0)
  }

  @Test func anUnknownFaultNamesTheKnownOnes() throws {
    let outcome = try Program.run(["faults", "dye"])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("`dye`") && outcome.errors.contains("die, npu, node"))
  }
}
