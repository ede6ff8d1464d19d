import Telemetry
import XDeepServe

/// A run's figures as a table for people; `·` is what does not apply.
struct RunReportTable {
  private(set) var lines: [String] = []

  /// The table, without a newline at its end.
  var text: String { lines.joined(separator: "\n") }

  /// Writes a report.
  init(_ report: RunReport, wallSeconds: Double) {
    let speed = wallSeconds > 0 ? report.simulatedSeconds / wallSeconds : nil
    lines.append(
      "\(report.scenario)  seed \(report.seed)  \(Decimals.text(report.simulatedSeconds, 1)) s simulated in "
        + "\(Decimals.text(wallSeconds, 1)) s (\(Decimals.text(speed, 0))× real time)  digest \(report.digest)")
    if let note = report.workloadNote { lines.append(note) }
    latencies(report)
    rates(report)
    requests(report.requests)
    primitives(report.primitives)
    shares(report.shares)
    experts(report)
  }

  private mutating func latencies(_ report: RunReport) {
    row("", ["mean", "p50", "p90", "p99"], blankBefore: true)
    for (name, summary, decimals) in [
      ("TTFT ms", report.ttft, 0), ("TPOT ms", report.tpot, 1), ("iteration ms", report.iteration, 1),
    ] {
      row(name, [summary.mean, summary.p50, summary.p90, summary.p99].map { Decimals.text($0, decimals) })
    }
    row("gap ms", [Decimals.text(report.gapMilliseconds, 1)])
  }

  private mutating func rates(_ report: RunReport) {
    row("tokens/s out", [Decimals.text(report.outputTokensPerSecond, 0)], blankBefore: true)
    row("  a decode NPU", [Decimals.text(report.outputTokensPerSecondPerNPU, 0)])
    row("in, a prefill NPU", [Decimals.text(report.prefillTokensPerSecondPerNPU, 0)])
    row("prefix hits %", [Decimals.text(report.prefixHitShare.map { $0 * 100 }, 1)])
    row("tokens a step", [Decimals.text(report.tokensPerStep, 2)])
    row("goodput req/s", [Decimals.text(report.goodput, 1)])
    row("SLO met %", [Decimals.text(report.sloShare.map { $0 * 100 }, 1)])
  }

  private mutating func requests(_ totals: RequestTotals) {
    row(
      "requests", ["arrived", "waiting", "running", "finished", "cancelled", "timed out", "failed"], blankBefore: true)
    row(
      "",
      [
        totals.arrived, totals.waiting, totals.running, totals.finished, totals.cancelled, totals.timedOut,
        totals.failed,
      ].map(String.init))
  }

  private mutating func primitives(_ summaries: [PrimitiveSummary?]) {
    row("XCCL µs", ["mean", "min", "p50", "p99", "max", "wire", "wait", "calls"], blankBefore: true)
    for primitive in Primitive.allCases {
      guard let summary = summaries[primitive.index] else { continue }
      let times = [
        summary.mean, summary.minimum, summary.p50, summary.p99, summary.maximum, summary.wireMean, summary.waitMean,
      ]
      row(primitive.rawValue, times.map { Decimals.text($0, 0) } + ["\(summary.calls)"])
    }
  }

  private mutating func shares(_ shares: KernelShares?) {
    guard let shares else { return }
    row(
      "decode time %", ["matmul", "MLA", "prologue", "dispatch", "combine", "others"], blankBefore: true)
    row(
      "",
      [
        shares.quantisedMatmul, shares.mla, shares.mlaPrologue, shares.dispatch, shares.combine, shares.others,
      ].map { Decimals.text($0 * 100, 1) })
  }

  private mutating func experts(_ report: RunReport) {
    row("max over mean", ["rank", "expert"], blankBefore: true)
    row("", [Decimals.text(report.rankMaxOverMean, 2), Decimals.text(report.expertMaxOverMean, 1)])
  }

  /// A line: its name left, its values right-aligned in columns of ten.
  private mutating func row(_ name: String, _ values: [String], blankBefore: Bool = false) {
    if blankBefore { lines.append("") }
    let columns = values.map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
    lines.append(name + String(repeating: " ", count: max(0, 18 - name.count)) + columns.joined())
  }
}
