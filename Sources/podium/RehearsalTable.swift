import Operations
import Telemetry
import Words
import XDeepServe

/// A rehearsal as a table: before, predicted, difference, noise or not; over all of the time and at its end.
struct RehearsalTable {
  /// The table.
  let text: String

  init(_ rehearsal: Rehearsal) {
    var lines = ["\(rehearsal.action), \(rehearsal.horizon) s ahead, \(rehearsal.seeds) futures", ""]
    for (title, seconds) in Self.stretches(rehearsal) {
      lines.append(
        Self.row([title, "without", "with", "90 % of futures", "difference", ""]))
      for measure in Rehearsal.Measure.allCases {
        guard let figure = rehearsal.figure(measure, seconds: seconds) else { continue }
        lines.append(
          Self.row([
            Self.name(measure), Self.number(figure.without), Self.number(figure.with),
            "\(Self.number(figure.low)) – \(Self.number(figure.high))", Self.signed(figure.difference),
            figure.isNoise ? "within noise" : "",
          ]))
      }
      lines.append("")
    }
    lines += rehearsal.costs.isEmpty ? ["costs nothing that is counted"] : rehearsal.costs.map { "cost: \($0)" }
    text = lines.joined(separator: "\n")
  }

  /// All of the horizon, and its last 30 seconds, when the action is through.
  static func stretches(_ rehearsal: Rehearsal) -> [(String, Range<Int>)] {
    let all = ("all of it", 0..<rehearsal.horizon)
    guard rehearsal.horizon > 60 else { return [all] }
    return [all, ("its last 30 s", (rehearsal.horizon - 30)..<rehearsal.horizon)]
  }

  private static func name(_ measure: Rehearsal.Measure) -> String {
    switch measure {
    case .ttftP99: "TTFT p99, ms"
    case .ttftP50: "TTFT p50, ms"
    case .tpotP99: "TPOT p99, ms"
    case .tpotP50: "TPOT p50, ms"
    case .waiting: "waiting"
    case .ttft: "TTFT mean, ms"
    case .tpot: "TPOT mean, ms"
    case .throughput: "tokens/s"
    case .goodput: "goodput, /s"
    }
  }

  private static func row(_ cells: [String]) -> String {
    let widths = [15, 10, 10, 19, 11]
    var line = ""
    for (index, cell) in cells.enumerated() {
      guard index < widths.count else {
        line += "  " + cell
        continue
      }
      let pad = String(repeating: " ", count: max(0, widths[index] - cell.count))
      line += index == 0 ? cell + pad : " " + pad + cell
    }
    while line.last == " " { line.removeLast() }
    return line
  }

  private static func number(_ value: Double) -> String { Decimals.text(value, value < 100 ? 2 : value < 1000 ? 1 : 0) }
  private static func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + number(abs(value)) }
}

/// A rehearsal as JSON.
struct RehearsalJSON {
  /// The object.
  let value: JSONValue

  init(_ rehearsal: Rehearsal) {
    func figures(_ seconds: Range<Int>) -> JSONValue {
      .object(
        Rehearsal.Measure.allCases.map { measure in
          guard let figure = rehearsal.figure(measure, seconds: seconds) else { return .init(measure.rawValue, .null) }
          return .init(
            measure.rawValue,
            .object([
              .init("without", JSONValue(figure.without)), .init("with", JSONValue(figure.with)),
              .init("low", JSONValue(figure.low)), .init("high", JSONValue(figure.high)),
              .init("difference", JSONValue(figure.difference)), .init("noise", .bool(figure.isNoise)),
            ]))
        })
    }
    let stretches = RehearsalTable.stretches(rehearsal)
    value = .object([
      .init("schema", JSONValue(1)), .init("action", .string("\(rehearsal.action)")),
      .init("horizon_seconds", JSONValue(rehearsal.horizon)), .init("seeds", JSONValue(rehearsal.seeds)),
      .init("all", figures(stretches[0].1)),
      .init("end", stretches.count > 1 ? figures(stretches[1].1) : .null),
      .init("costs", .list(rehearsal.costs.map(JSONValue.string))),
    ])
  }
}
