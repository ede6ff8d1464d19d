import Deployments
import Telemetry
import Terminal

// Figures, costs, loaded links and risks of a preview.
extension PreviewDialog {
  func table(_ area: Rectangle, _ painter: inout Painter) {
    let columns = FigureColumns(width: area.width)
    let futures = plan.preview?.futures
    let stretch = plan.stretch
    let horizon = plan.foreseen
    let head = horizon == 0 ? "" : horizon > 60 ? "last 30 of \(horizon) s" : "over \(horizon) s"
    columns.heads(area, head, ["before", "without", "with", "difference", "noise"], "verdict", &painter)
    for (index, measure) in Futures.Measure.shown(rows: area.height - 1).enumerated() {
      let row = area.row + 1 + index
      let figure = futures?.figure(measure, seconds: stretch)
      func number(_ value: Double?, signed: Bool = false) -> String {
        guard let value else { return "·" }
        let text = Decimal.text(Float(abs(value) * measure.scale), measure.digits)
        return signed ? (value < 0 ? "−" : "+") + text : text
      }
      let noise = figure.map { ($0.mostDifference - $0.leastDifference) / 2 }
      let enough = (futures?.finished ?? 0) >= 2
      let before = measure.value(plan.before)
      let values = [
        number(before), number(figure?.without), number(figure?.with), number(figure?.difference, signed: true),
        enough ? "± " + number(noise) : "·",
      ]
      let target = state.target(measure)
      func over(_ value: Double?) -> Bool { target.map { (value ?? 0) > $0 } ?? false }
      let isOver = [over(before), over(figure?.without), over(figure?.with), false, false]
      columns.row(
        area, row, measure.title,
        zip(values, isOver).enumerated().map { place, cell in
          (cell.0, cell.1 ? .high : place == 2 ? .strong : place == 4 ? .dim : .text)
        }, &painter)
      guard let figure, let start = columns.verdict(area) else { continue }
      let (words, ink) = verdict(measure, figure, target, enough, isFirst: index == 0, room: area.right - start)
      painter.put(start, row, words, Style(ink), width: area.right - start)
    }
  }

  private func verdict(
    _ measure: Futures.Measure, _ figure: Futures.Figure, _ target: Double?, _ enough: Bool, isFirst: Bool,
    room: Int
  ) -> (String, Ink) {
    guard enough else {
      let words = plan.request.seeds < 2 ? "one future tells no noise" : "noise: after the second future"
      return (isFirst ? words : "", .dim)
    }
    if figure.isNoise { return ("within noise", .dim) }
    let isBetter = (figure.difference < 0) == measure.isLessBetter
    var words = isBetter ? "better" : "worse"
    let isBrief = room < 30
    if let target {
      let gap = Decimal.text(Float(abs(target - figure.with) * measure.scale), measure.digits)
      if figure.with > target {
        words += isBrief ? ", \(gap) over" : ", \(gap) \(measure.title.unit) over target"
      } else if figure.without > target {
        words += isBrief ? ", in target" : ", back under target"
      } else if !isBetter {
        words += isBrief ? ", \(gap) under" : ", \(gap) \(measure.title.unit) under target"
      }
    }
    if measure == .goodput, !isBrief, let requests = goodRequests { words += ", \(requests)" }
    return (words, isBetter ? .accent : figure.with > (target ?? .infinity) ? .high : .text)
  }

  /// Requests within the SLO that the action costs or wins over the whole horizon.
  private var goodRequests: String? {
    guard let futures = plan.preview?.futures, let figure = futures.figure(.goodput), futures.finished >= 2,
      !figure.isNoise
    else { return nil }
    let requests = figure.difference * Double(futures.horizon)
    return "\(Decimal.text(Float(abs(requests)))) requests \(requests < 0 ? "fewer" : "more")"
  }

  // MARK: Costs, links and risks

  func costs(_ area: Rectangle, _ painter: inout Painter) {
    let room = max(1, area.width - 8)
    let isBrief = room < 90
    // Of one row the cost has it, of two the risk the second, of three the links; more let long ones go on.
    let (risk, ink) = risks(isBrief: isBrief)
    var parts = [(name: "COST", text: cost(isBrief: isBrief), ink: Ink.text)]
    if area.height > 2 { parts.append(("LINKS", links(isBrief: isBrief), .text)) }
    if area.height > 1 { parts.append(("RISK", risk, ink)) }
    var spare = area.height - parts.count
    var row = area.row
    for part in parts where row < area.bottom {
      painter.put(area.column, row, part.name, Style(.strong, .bold))
      var rows = Self.folded(part.text, to: room)
      let most = 1 + min(spare, rows.count - 1)
      spare -= most - 1
      // The last row takes what is left and says that it was cut.
      if rows.count > most { rows[(most - 1)...] = [rows[(most - 1)...].joined(separator: ";  ")] }
      for text in rows {
        painter.figures(Rectangle(column: area.column + 8, row: row, width: room, height: 1), text, part.ink)
        row += 1
      }
    }
  }

  /// Parts of a sentence in rows; one that is wider than a row is broken between words.
  private static func folded(_ parts: [String], to width: Int) -> [String] {
    var rows: [String] = []
    for part in parts {
      if let last = rows.last, last.count + part.count + 3 <= width {
        rows[rows.count - 1] = "\(last);  \(part)"
      } else {
        rows += part.folded(to: width)
      }
    }
    return rows
  }

  private func cost(isBrief: Bool) -> [String] {
    guard let cost = plan.preview?.cost, cost.seconds > 0 else { return ["…"] }
    var parts: [String] = []
    func number(_ value: Double) -> String { Decimal.text(Float(value)) }
    if cost.weightBytes > 0 {
      let from = isBrief ? "" : " from disk,"
      parts.append("weights \(number(cost.weightBytes / 1e9)) GB\(from) \(number(cost.weightSeconds)) s")
    }
    if cost.expertBytes > 0 {
      parts.append("experts \(number(cost.expertBytes / 1e9)) GB" + (isBrief ? "" : " over the fabric"))
    }
    if cost.drained > 0 {
      let words = isBrief ? " in" : " requests,"
      parts.append(
        "drain \(cost.drained)" + (cost.drainSeconds.map { "\(words) \($0) s" } ?? (isBrief ? "" : " requests")))
    }
    parts += ["recompute \(cost.recomputed)", "lost \(number(cost.lostServerSeconds)) server·s"]
    return parts + cost.ends
  }

  private func links(isBrief: Bool) -> [String] {
    guard let cost = plan.preview?.cost, cost.seconds > 0 else { return ["…"] }
    func share(_ value: Float) -> String { "\(Decimal.text(value, 1)) %" }
    guard let first = cost.loads.first else {
      let busiest = share(cost.busiestWithout)
      return [
        "no up-link carries clearly more",
        isBrief ? "busiest at \(busiest)" : "the busiest is at \(busiest) of its rate without it",
      ]
    }
    let nodes = cost.loads.map(\.node).sorted().map { "n\($0)" }.joined(separator: " ")
    let seconds = cost.loads.map(\.seconds).max() ?? 0
    if isBrief { return ["\(nodes) up to \(share(first.peak)) for \(seconds) s, \(share(first.without)) without"] }
    return [
      "up-links of \(nodes) up to \(share(first.peak)) of their rate, for \(seconds) s",
      "\(share(first.without)) without", "others as before",
    ]
  }

  /// What could go wrong: what passes its target, what passes it for longer than without the action first.
  private func risks(isBrief: Bool) -> ([String], Ink) {
    guard let futures = plan.preview?.futures, futures.finished > 0 else { return (["…"], .dim) }
    var worse: [String] = []
    var others: [String] = []
    for curves in plan.curves {
      guard let target = state.target(curves.measure).map({ Float($0 * curves.measure.scale) }) else { continue }
      guard let peak = curves.peaks.max(by: { $0.value < $1.value }), peak.value > target else { continue }
      let passing = curves.whole.with.count { $0.contains { $0 > target } }
      let (with, without) = (curves.seconds(over: target, of: curves.whole.with), curves.seconds(over: target))
      let (name, unit) = curves.measure.title
      let (value, limit) = (Decimal.text(peak.value, curves.measure.digits), Decimal.text(target, target < 10 ? 1 : 0))
      guard with > without || without == 0 else {
        others.append("\(name) over \(limit) \(unit) for \(with) s, \(without) s without it")
        continue
      }
      let futures = "\(passing) of \(curves.peaks.count)"
      worse.append(
        isBrief
          ? "\(name) \(value) \(unit) at +\(peak.second) s, \(futures) over \(limit) \(unit) for \(with) s"
          : "\(name) peaks at \(value) \(unit) at +\(peak.second) s; in \(futures) futures it passes \(limit) \(unit) for \(with) s"
            + (without > 0 ? ", \(without) s without" : ""))
    }
    if worse.isEmpty, others.isEmpty { return (["no future passes a target"], .dim) }
    if !worse.isEmpty { worse[0] = "! " + worse[0] }
    return (worse + others, worse.isEmpty ? .text : .high)
  }
}

extension ConsoleState {
  /// The target of a measure in its own unit, nil where it has none.
  func target(_ measure: Futures.Measure) -> Double? {
    guard let pod = frame?.layout else { return nil }
    switch measure {
    case .ttft, .ttftP50, .ttftP99: return Double(pod.sloTTFT)
    case .tpot, .tpotP50, .tpotP99: return Double(pod.sloTPOT)
    case .throughput, .goodput, .waiting: return nil
    }
  }
}

extension Futures.Measure {
  /// What a table of so many rows shows, in the order of the language.
  static func shown(rows: Int) -> [Self] {
    let byWeight: [Self] = [.ttftP99, .tpotP99, .throughput, .goodput, .waiting, .tpot, .ttftP50, .tpotP50]
    let shown = byWeight.prefix(max(0, rows))
    return allCases.filter(shown.contains)
  }

  /// Rows of a table with everything.
  static let mostRows = 8
}
