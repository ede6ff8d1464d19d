import Operations
import Words
import XDeepServe

/// What faults cost the default pod, as a table for people, as Markdown, or as JSON.
struct FaultTable {
  private let trials: [FaultTrial]

  init(_ trials: [FaultTrial]) { self.trials = trials }

  private static let heads = [
    "fault", "seen, s", "still, s", "again, s", "output", "TPOT", "TTFT", "back, s", "recomputed", "failed", "resent",
    "missed",
  ]

  /// Lines with aligned columns, and what each column is.
  var text: String {
    let cells = [Self.heads] + trials.map { Self.cells($0, code: "") }
    let widths = Self.heads.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    let lines = cells.map { row in
      row.indices.map { column in
        let pad = String(repeating: " ", count: widths[column] - row[column].count)
        return column == 0 ? row[column] + pad : pad + row[column]
      }.joined(separator: "  ")
    }
    return (lines + ["", Self.legend]).joined(separator: "\n")
  }

  /// Two tables for docs/model.md: the figures, and where they come from.
  var markdown: String {
    let figures = Self.table(Self.heads, trials.map { Self.cells($0, code: "`") })
    let sources = Self.table(
      ["fault", "seen by", "mended by"],
      trials.map { trial in
        let handling = trial.injection.fault.handling
        return ["`\(trial.injection.fault)`", handling.seenBy, handling.mendedBy]
      })
    return "\(figures)\n\n\(Self.legend)\n\n\(sources)"
  }

  /// Figures as numbers, null where there is none.
  var json: JSONValue {
    .object([
      .init("schema", JSONValue(1)),
      .init(
        "faults",
        .list(
          trials.map { trial in
            let handling = trial.injection.fault.handling
            return .object([
              .init("fault", .string(trial.injection.fault.rawValue)),
              .init("do", .string("\(Action.inject(trial.injection))")),
              .init("seen_s", JSONValue(trial.detected)), .init("seen_by", .string(handling.seenBy)),
              .init("stopped_s", JSONValue(trial.stopped)), .init("recovered_s", JSONValue(trial.recovered)),
              .init("mended_by", .string(handling.mendedBy)), .init("lowest_output", JSONValue(trial.lowestOutput)),
              .init("worst_tpot", JSONValue(trial.worstTPOT)), .init("worst_ttft", JSONValue(trial.worstTTFT)),
              .init("back_s", JSONValue(trial.back)), .init("recomputed", JSONValue(trial.recomputed)),
              .init("failed", JSONValue(trial.failed)), .init("resent", JSONValue(trial.retried)),
              .init("missed", JSONValue(trial.missed)),
            ])
          })),
    ])
  }

  private static let legend = """
    Times count from the fault's begin: seen by the system; engines' standstill, summed; what stopped serves again. \
    Output, TPOT and TTFT are those of the worst ten seconds over the same seconds without the fault; back is when \
    output is. Requests that begin again, that fail, transfers sent anew, requests that miss their targets and would not \
    have.
    """

  private static func cells(_ trial: FaultTrial, code: String) -> [String] {
    let text = "\(Action.inject(trial.injection))".dropFirst("inject ".count)
    return [
      "\(code)\(text)\(code)", Decimals.text(trial.detected, 1), Decimals.text(trial.stopped, 1),
      Decimals.text(trial.recovered, 1), "\(Decimals.text(trial.lowestOutput * 100, 0)) %",
      "×\(Decimals.text(trial.worstTPOT, 2))", "×\(Decimals.text(trial.worstTTFT, 1))", Decimals.text(trial.back, 0),
      "\(trial.recomputed)", "\(trial.failed)", "\(trial.retried)", "\(trial.missed)",
    ]
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
  }
}
