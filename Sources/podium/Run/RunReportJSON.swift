import Operations
import SuperPod
import Telemetry
import Words
import XDeepServe

/// A run's figures as the JSON object of docs/json.md, keys in its order, null for what does not apply.
struct RunReportJSON {
  /// The object.
  let value: JSONValue

  /// Arranges a report; `wallSeconds` is the one figure that depends on the machine, nil where it has none of its own.
  init(_ report: RunReport, wallSeconds: Double?) {
    value = .object([
      .init("schema", JSONValue(1)),
      .init("scenario", .string(report.scenario)),
      .init("note", report.workloadNote.map(JSONValue.string) ?? .null),
      .init("seed", JSONValue(report.seed)),
      .init("simulated_seconds", JSONValue(report.simulatedSeconds)),
      .init("wall_seconds", JSONValue(wallSeconds)),
      .init("ttft_ms", Self.latency(report.ttft)),
      .init("tpot_ms", Self.latency(report.tpot)),
      .init("iteration_ms", Self.latency(report.iteration)),
      .init("gap_ms", JSONValue(report.gapMilliseconds)),
      .init("tokens_per_step", JSONValue(report.tokensPerStep)),
      .init("output_tokens_per_s", JSONValue(report.outputTokensPerSecond)),
      .init("output_tokens_per_s_per_npu", JSONValue(report.outputTokensPerSecondPerNPU)),
      .init("prefill_tokens_per_s_per_npu", JSONValue(report.prefillTokensPerSecondPerNPU)),
      .init("prefix_hit_share", JSONValue(report.prefixHitShare)),
      .init("goodput", JSONValue(report.goodput)),
      .init("slo_share", JSONValue(report.sloShare)),
      .init("requests", Self.requests(report.requests)),
      .init("xccl", Self.primitives(report.primitives)),
      .init("shares", report.shares.map(Self.shares) ?? .null),
      .init(
        "experts",
        .object([
          .init("rank_max_over_mean", JSONValue(report.rankMaxOverMean)),
          .init("expert_max_over_mean", JSONValue(report.expertMaxOverMean)),
        ])),
      .init("preempted", JSONValue(report.requests.preempted)),
      .init("recomputed", JSONValue(report.requests.recomputed)),
      .init("faults", .list(report.incidents.map(Self.fault))),
      .init("changes", .list(report.changes.map(Self.change))),
      .init("actions", .list(report.operations.map(Self.action))),
      .init("digest", .string(report.digest)),
    ])
  }

  private static func action(_ progress: OperationProgress) -> JSONValue {
    .object([
      .init("number", JSONValue(progress.number)), .init("action", .string(progress.action)),
      .init("began_s", seconds(progress.began)),
      .init("phase", progress.phases.isEmpty ? .null : .string(progress.phases[progress.phase])),
      .init("since_s", seconds(progress.since)), .init("state", .string(progress.state.rawValue)),
      .init("note", .string(progress.note)),
    ])
  }

  private static func seconds(_ nanoseconds: Int64?) -> JSONValue {
    JSONValue(nanoseconds.map { Double($0) / 1e9 })
  }

  private static func fault(_ incident: Incident) -> JSONValue {
    .object([
      .init("fault", .string("\(incident.injection.fault)")),
      .init("place", incident.injection.place.map { .string("\($0)") } ?? .null),
      .init("began_s", seconds(incident.began)), .init("detected_s", seconds(incident.detected)),
      .init("recovered_s", seconds(incident.recovered)), .init("ended_s", seconds(incident.ended)),
      .init("stopped_s", JSONValue(incident.stoppedSeconds)), .init("recomputed", JSONValue(incident.recomputed)),
      .init("failed", JSONValue(incident.failed)),
    ])
  }

  private static func change(_ change: ServerChange) -> JSONValue {
    .object([
      .init("action", .string("\(change.action)")), .init("phase", .string(change.phase.rawValue)),
      .init("since_s", seconds(change.since)), .init("dies", JSONValue(change.dies.count)),
      .init("recomputed", JSONValue(change.recomputed)),
    ])
  }

  private static func latency(_ summary: LatencySummary) -> JSONValue {
    .object([
      .init("mean", JSONValue(summary.mean)), .init("p50", JSONValue(summary.p50)),
      .init("p90", JSONValue(summary.p90)), .init("p99", JSONValue(summary.p99)),
    ])
  }

  private static func requests(_ totals: RequestTotals) -> JSONValue {
    .object([
      .init("arrived", JSONValue(totals.arrived)), .init("waiting", JSONValue(totals.waiting)),
      .init("running", JSONValue(totals.running)), .init("finished", JSONValue(totals.finished)),
      .init("cancelled", JSONValue(totals.cancelled)), .init("timed_out", JSONValue(totals.timedOut)),
      .init("failed", JSONValue(totals.failed)),
    ])
  }

  private static func primitives(_ summaries: [PrimitiveSummary?]) -> JSONValue {
    .object(
      Primitive.allCases.map { primitive in
        guard let summary = summaries[primitive.index] else { return .init(primitive.rawValue, .null) }
        return .init(
          primitive.rawValue,
          .object([
            .init("calls", JSONValue(summary.calls)), .init("mean_us", JSONValue(summary.mean)),
            .init("min_us", JSONValue(summary.minimum)), .init("p50_us", JSONValue(summary.p50)),
            .init("p99_us", JSONValue(summary.p99)), .init("max_us", JSONValue(summary.maximum)),
            .init("wire_mean_us", JSONValue(summary.wireMean)), .init("wait_mean_us", JSONValue(summary.waitMean)),
          ]))
      })
  }

  private static func shares(_ shares: KernelShares) -> JSONValue {
    .object([
      .init("quantised_matmul", JSONValue(shares.quantisedMatmul)), .init("mla", JSONValue(shares.mla)),
      .init("mla_prologue", JSONValue(shares.mlaPrologue)), .init("dispatch", JSONValue(shares.dispatch)),
      .init("combine", JSONValue(shares.combine)), .init("others", JSONValue(shares.others)),
    ])
  }
}
