import Foundation
import Testing
import Words
import XDeepServe

@testable import podium

@Suite struct CalibrateCommandTests {
  @Test func everyRowPassesAndTheDocumentShowsTheSameRows() throws {
    let outcome = try Program.run(["calibrate", "--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["pass"] as? Bool == true)
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.count > 40)
    for row in rows {
      #expect(row["pass"] as? Bool == true)
      #expect(row["model"] is Double && row["difference"] is Double && row["tolerance"] is String)
    }
    // What the document says of each row but the model's figures, which move within their tolerance.
    let document = try String(contentsOf: Program.root.appending(path: "docs/model.md"), encoding: .utf8)
    func frame(_ line: Substring) -> String {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      return cells.count == 7 ? [cells[0], cells[1], cells[2], cells[5], cells[6]].joined(separator: "|") : ""
    }
    let table = try #require(document.split(separator: "<!-- begin podium calibrate -->").last)
    let shown = table.split(separator: "<!-- end")[0].split(separator: "\n").filter { $0.hasPrefix("| K") }.map(frame)
    let printed = try Program.run(["calibrate", "--markdown"]).output.split(separator: "\n").filter {
      $0.hasPrefix("| K")
    }
    #expect(shown == printed.map(frame), "scripts/calibration-table writes the document's table")
  }

  @Test func aRowThatFailsIsNamedInEveryForm() {
    let rows = [
      CalibrationRow("K1", "TPOT, ms", 50, .share(0.03), model: 60),
      CalibrationRow("K2", "MLA, % of time", 21.8, .points(2), model: 22),
      CalibrationRow("K3", "combine max, µs", 2939, .factor(2), model: nil),
      CalibrationRow("K4", "forward, ms", 92.2...95.8, .range, model: 93),
    ]
    let table = CalibrationTable(rows, later: [])
    #expect(
      table.text == """
        row  figure              target  model  difference  tolerance  result
        K1   TPOT, ms              50.0   60.0     +20.0 %        3 %  FAIL
        K2   MLA, % of time        21.8   22.0        +0.2   2 points  pass
        K3   combine max, µs       2939      ·           ·         ×2  FAIL
        K4   forward, ms      92.2–95.8   93.0       0.0 %     within  pass

        2 of 4 figures pass
        """)
    #expect(table.markdown.hasPrefix("| row | figure |"))
    #expect(table.markdown.contains("| K1 | TPOT, ms | 50.0 | 60.0 | +20.0 % | 3 % | FAIL |"))
    #expect(table.json.text.contains("\"pass\": false"))
    #expect(table.json.text.contains("\"model\": null"))
  }

  @Test func twoFormsAtOnceAreRefused() throws {
    let outcome = try Program.run(["calibrate", "--json", "--markdown"])
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains("exclude each other"))
  }
}
