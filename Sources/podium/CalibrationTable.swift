import Words
import XDeepServe

/// Calibration rows as a table for people, as Markdown, or as JSON.
struct CalibrationTable {
  private let rows: [CalibrationRow]
  private let later: [Calibration.Later]
  private static let heads = ["row", "figure", "target", "model", "difference", "tolerance", "result"]

  init(_ rows: [CalibrationRow], later: [Calibration.Later]) {
    self.rows = rows
    self.later = later
  }

  /// Lines with aligned columns, then how many passed and what is still to come.
  var text: String {
    let cells = [Self.heads] + rows.map(Self.cells)
    let widths = Self.heads.indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines = cells.map { row in
      row.indices.map { column in
        let pad = String(repeating: " ", count: widths[column] - row[column].count)
        // Words stand left, figures right.
        return column < 2 || column == row.count - 1 ? row[column] + pad : pad + row[column]
      }.joined(separator: "  ").trimmingBlanks
    }
    let passed = rows.count { $0.passes }
    lines.append("")
    lines.append("\(passed) of \(rows.count) figures pass")
    for row in later { lines.append("\(row.id) is not built yet: \(row.about)") }
    return lines.joined(separator: "\n")
  }

  /// A table for docs/model.md.
  var markdown: String {
    let dashes = Self.heads.map { _ in "---" }
    var lines = ([Self.heads, dashes] + rows.map(Self.cells)).map { "| \($0.joined(separator: " | ")) |" }
    if !later.isEmpty {
      lines.append("")
      lines.append("Not built yet: \(later.map { "\($0.id) (\($0.about))" }.joined(separator: "; ")).")
    }
    return lines.joined(separator: "\n")
  }

  /// Rows with numbers as numbers; a target that is a range has two ends, null where it is open.
  var json: JSONValue {
    let figures = rows.map { row in
      JSONValue.object([
        .init("id", .string(row.id)), .init("figure", .string(row.figure)),
        .init("target", Self.target(row)), .init("model", JSONValue(row.model)),
        .init("difference", JSONValue(row.difference)), .init("tolerance", .string(Self.tolerance(row))),
        .init("pass", .bool(row.passes)),
      ])
    }
    let missing = later.map { JSONValue.object([.init("id", .string($0.id)), .init("about", .string($0.about))]) }
    return .object([
      .init("schema", JSONValue(1)), .init("pass", .bool(rows.allSatisfy(\.passes))), .init("rows", .list(figures)),
      .init("later", .list(missing)),
    ])
  }

  private static func cells(_ row: CalibrationRow) -> [String] {
    let decimals = decimals(row)
    let model = row.model.map { Decimals.text($0, decimals) } ?? "·"
    return [
      row.id, row.figure, targetText(row, decimals), model, difference(row), tolerance(row),
      row.passes ? "pass" : "FAIL",
    ]
  }

  /// As many decimals as tell a target of that size from its neighbours.
  private static func decimals(_ row: CalibrationRow) -> Int {
    let size = row.target.lowerBound > 0 ? row.target.lowerBound : row.target.upperBound
    return size < 10 ? 2 : size < 300 ? 1 : 0
  }

  private static func targetText(_ row: CalibrationRow, _ decimals: Int) -> String {
    let (low, high) = (row.target.lowerBound, row.target.upperBound)
    if low == high { return Decimals.text(low, decimals) }
    if high == .infinity { return "from \(Decimals.text(low, decimals))" }
    if low == 0 { return "to \(Decimals.text(high, decimals))" }
    return "\(Decimals.text(low, decimals))–\(Decimals.text(high, decimals))"
  }

  private static func target(_ row: CalibrationRow) -> JSONValue {
    let (low, high) = (row.target.lowerBound, row.target.upperBound)
    return low == high ? JSONValue(Optional(low)) : .list([JSONValue(Optional(low)), JSONValue(Optional(high))])
  }

  private static func difference(_ row: CalibrationRow) -> String {
    guard let difference = row.difference else { return "·" }
    func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + Decimals.text(value, 1) }
    switch row.tolerance {
    case .share, .range: return "\(signed(difference * 100)) %"
    case .points: return signed(difference)
    case .factor: return "×\(Decimals.text(difference, 2))"
    }
  }

  private static func tolerance(_ row: CalibrationRow) -> String {
    switch row.tolerance {
    case .share(let most): "\(Decimals.text(most * 100, 0)) %"
    case .points(let most): "\(Decimals.text(most, 0)) points"
    case .factor(let most): "×\(Decimals.text(most, 0))"
    case .range: "within"
    }
  }
}

extension String {
  /// Without blanks at the end.
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
