import Words
import XDeepServe

/// What differs between runs of one scenario under several seeds: mean, least and most of each figure.
struct SeedTable {
  private let reports: [RunReport]
  private let wallSeconds: Double

  /// A table of at least one report.
  init(_ reports: [RunReport], wallSeconds: Double) {
    self.reports = reports
    self.wallSeconds = wallSeconds
  }

  private struct Row: Sendable {
    var name: String
    var key: String
    var decimals: Int
    var value: @Sendable (RunReport) -> Double?
  }

  private static let rows = [
    Row(name: "TTFT ms, mean", key: "ttft_ms", decimals: 0) { $0.ttft.mean },
    Row(name: "TTFT ms, p99", key: "ttft_p99_ms", decimals: 0) { $0.ttft.p99 },
    Row(name: "TPOT ms, mean", key: "tpot_ms", decimals: 2) { $0.tpot.mean },
    Row(name: "TPOT ms, p99", key: "tpot_p99_ms", decimals: 2) { $0.tpot.p99 },
    Row(name: "tokens/s out", key: "output_tokens_per_s", decimals: 0) { $0.outputTokensPerSecond },
    Row(name: "goodput req/s", key: "goodput", decimals: 2) { $0.goodput },
    Row(name: "SLO met %", key: "slo_share", decimals: 1) { $0.sloShare },
  ]

  /// Figures as text, seed by seed and in all.
  var text: String {
    let simulated = reports.reduce(0) { $0 + $1.simulatedSeconds }
    let seeds = reports.map { String($0.seed) }.joined(separator: ", ")
    var lines = [
      "\(reports[0].scenario)  seeds \(seeds)  \(Decimals.text(simulated, 1)) s simulated in "
        + "\(Decimals.text(wallSeconds, 1)) s (\(Decimals.text(simulated / max(wallSeconds, 1e-9), 0))× real time)", "",
      "                    " + ["mean", "least", "most"].map { pad($0) }.joined(),
    ]
    for row in Self.rows {
      guard let figure = figure(row) else { continue }
      let scale = row.key == "slo_share" ? 100.0 : 1
      let cells = [figure.mean, figure.least, figure.most].map { pad(Decimals.text($0 * scale, row.decimals)) }
      lines.append(row.name + String(repeating: " ", count: 20 - row.name.count) + cells.joined())
    }
    lines.append("")
    for report in reports { lines.append("seed \(report.seed)  digest \(report.digest)") }
    return lines.joined(separator: "\n")
  }

  /// The object of docs/json.md: what differs, and the runs' own objects.
  var json: JSONValue {
    let summary = Self.rows.compactMap { row in
      figure(row).map { figure in
        JSONValue.Member(
          row.key,
          .object([
            .init("mean", JSONValue(figure.mean)), .init("min", JSONValue(figure.least)),
            .init("max", JSONValue(figure.most)),
          ]))
      }
    }
    return .object([
      .init("schema", JSONValue(1)), .init("scenario", .string(reports[0].scenario)),
      .init("wall_seconds", JSONValue(wallSeconds)), .init("summary", .object(summary)),
      .init("runs", .list(reports.map { RunReportJSON($0, wallSeconds: nil).value })),
    ])
  }

  private func figure(_ row: Row) -> (mean: Double, least: Double, most: Double)? {
    let values = reports.compactMap(row.value)
    guard let least = values.min(), let most = values.max() else { return nil }
    return (values.reduce(0, +) / Double(values.count), least, most)
  }

  private func pad(_ text: String) -> String { String(repeating: " ", count: max(0, 11 - text.count)) + text }
}
