import Telemetry
import Testing

@Suite struct MetricCatalogueTests {
  @Test func everyMetricHasItsRow() {
    #expect(MetricCatalogue.rows.count == MetricID.allCases.count)
    for id in MetricID.allCases {
      #expect(spelling(of: id) == id.metric.name, "the row of \(id) stands elsewhere")
      #expect(MetricCatalogue.id(named: id.metric.name) == id)
    }
    #expect(MetricCatalogue.id(named: "die_bussy") == nil)
  }

  @Test func rowsCanBeShownRecordedAndExposed() {
    let names = Set(MetricCatalogue.rows.map(\.name))
    let exposed = Set(MetricCatalogue.rows.map(\.prometheusName))
    #expect(names.count == MetricCatalogue.rows.count && exposed.count == MetricCatalogue.rows.count)
    for row in MetricCatalogue.rows {
      #expect(row.quantum > 0 && row.range.upperBound / row.quantum <= 160_000, "\(row.name) would not pack")
      #expect(row.range.lowerBound < row.range.upperBound)
      #expect(row.help.hasSuffix(".") && row.help.count < 120)
      #expect(row.prometheusName.wholeMatch(of: /podium(_[a-z0-9]+)+/) != nil)
      // The base unit ends the exposition name, as its conventions ask.
      let suffix =
        switch row.unit {
        case "%", "×": "_ratio"
        case "ms", "µs": "_seconds"
        case "GB": "_bytes"
        case "GB/s", "TB/s": "_bytes_per_second"
        case "W": "_watts"
        case "°C": "_celsius"
        case "req/s", "tok/s", "calls/s": "_per_second"
        case "requests": "_requests"
        case "tok": "_tokens_per_step"
        case "": "_health"
        default: "no suffix known for \(row.unit)"
        }
      #expect(row.prometheusName.hasSuffix(suffix))
    }
  }

  /// The name that a case should have in files: `dieHBMUsed` is `die_hbm_used`, `podKV` is `pod_kv`.
  private func spelling(of id: MetricID) -> String {
    var words: [String] = []
    var previousUpper = false
    let letters = Array("\(id)")
    for (index, letter) in letters.enumerated() {
      let nextLower = index + 1 < letters.count && letters[index + 1].isLowercase
      let begins = letter.isUppercase && (!previousUpper || nextLower)
      if words.isEmpty || begins { words.append("") }
      words[words.count - 1] += letter.lowercased()
      previousUpper = letter.isUppercase
    }
    return words.joined(separator: "_")
  }
}
