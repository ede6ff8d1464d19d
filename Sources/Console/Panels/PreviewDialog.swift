import Deployments
import Operations
import SuperPod
import Telemetry
import Terminal

/// The preview of an action: what would come with it and without it, growing while it is worked out.
struct PreviewDialog {
  /// What is drawn.
  let state: ConsoleState
  /// The plan that is looked at.
  let plan: Plan
  /// Where everything stands.
  let layout: PreviewLayout

  /// A dialog of a state, nil where nothing is planned.
  init?(_ state: ConsoleState) {
    guard let plan = state.operating.plan, let topology = state.frame?.layout.topology else { return nil }
    self.state = state
    self.plan = plan
    layout = RoleMap.layout(width: state.width, height: state.height, topology: topology, refused: plan.refusal != nil)
  }

  /// Draws it over the screen, whose own colours go.
  func draw(_ painter: inout Painter) {
    painter.dialog(layout)
    if let heading = layout.heading { self.heading(heading, &painter) }
    if let area = layout.sentence { sentence(area, &painter) }
    let target = targets
    for (index, area) in layout.charts.enumerated() {
      guard plan.refusal == nil else { break }
      if index < plan.curves.count {
        painter.clip = area
        painter.forecast(area, chart(plan.curves[index], target: target[index]))
        painter.clip = layout.area
      } else if index == 0 {
        painter.put(area.column, area.row, "Working out the first future…", Style(.dim), width: area.width)
      }
    }
    if let area = layout.table, plan.refusal == nil { table(area, &painter) }
    if let area = layout.costs, plan.refusal == nil { costs(area, &painter) }
    if let area = layout.roles, plan.refusal == nil { roles(area, &painter) }
    if let area = layout.buttons { buttons(area, &painter) }
    painter.clip = painter.canvas.bounds
    painter.ground = .none
  }

  private var targets: [Float?] {
    let pod = state.frame?.layout
    return [pod?.sloTTFT, pod?.sloTPOT, nil, nil]
  }

  private func heading(_ area: Rectangle, _ painter: inout Painter) {
    let start = area.column + (layout.isFramed ? 2 : 0)
    var at = painter.put(start, area.row, " PREVIEW ", Style(.strong, .bold), width: area.width)
    let room = area.right - (layout.isFramed ? 2 : 0)
    at = painter.put(at, area.row, ":\(plan.action) ", Style(.accent, .bold), width: max(0, room - at))
    // From the right: how far it is, of which moment, how risky; what does not fit goes, the last first.
    var end = room
    for (index, part) in [progress, moment, risk].enumerated() where !part.isEmpty {
      guard end - part.count - 2 > at else { break }
      end = painter.right(end, area.row, " \(part) ", Style(index == 1 ? .strong : .dim)) - (index < 2 ? 1 : 0)
    }
  }

  private var risk: String {
    let name = plan.action.name
    return "\(name.risk.words), \(name.canBeUndone ? "can be undone" : "cannot be undone")"
  }

  /// Of which moment it speaks: the present one where time is held, else one that grows old.
  private var moment: String {
    guard plan.refusal == nil, let time = state.frame?.time, let preview = plan.preview else { return "" }
    if state.playback.held || state.playback.paused { return "held at \(Decimal.clock(preview.time))" }
    return "\(Decimal.age(max(0, time - preview.time))) old"
  }

  private var progress: String {
    guard plan.refusal == nil else { return "cannot be done" }
    guard let preview = plan.preview else { return "\(plan.request.seeds) futures" }
    let done = preview.futures.finished
    let seeds = plan.request.seeds
    let futures = done >= seeds ? "\(seeds) \(seeds == 1 ? "future" : "futures")" : "future \(done + 1) of \(seeds)"
    return "\(futures), \(preview.futures.horizon) s ahead, \(Decimal.text(Float(preview.milliseconds) / 1000, 1)) s"
  }

  // MARK: What is done

  private func sentence(_ area: Rectangle, _ painter: inout Painter) {
    if let refusal = plan.refusal {
      var lines = ["It cannot be done: \(refusal.reason)."]
      if let nearest = refusal.nearest { lines.append("The nearest that works is :\(nearest)") }
      var row = area.row
      for line in lines {
        for part in line.folded(to: max(1, area.width)) {
          guard row < (layout.buttons?.row ?? area.bottom) else { return }
          painter.put(area.column, row, part, Style(row == area.row ? .strong : .accent, .bold), width: area.width)
          row += 1
        }
      }
      return
    }
    let name = plan.action.name
    let entry = plan.undoes.flatMap { number in state.operating.audit.last { $0.entry.number == number }?.entry }
    let parts = [entry.map { "Undo :\($0.action)." } ?? lead(name), details.joined(separator: ", ")]
    var row = area.row
    if area.height == 1 {
      let at = painter.put(area.column, row, parts[0], Style(.strong, .bold), width: area.width) + 2
      painter.put(at, row, parts[1], Style(.text), width: max(0, area.right - at))
      return
    }
    for (index, part) in parts.enumerated() where !part.isEmpty {
      painter.put(
        area.column, row, part, Style(index == 0 ? .strong : .text, index == 0 ? .bold : []), width: area.width)
      row += 1
    }
  }

  /// What is done in words; where servers move, who gives them to whom.
  private func lead(_ name: ActionName) -> String {
    guard let moves = plan.preview?.moves, let perNode = state.frame?.layout.topology.diesPerNode, !moves.isEmpty,
      name == .pd || name == .scale
    else { return name.help }
    return moves.map { move in
      let count = move.dies.count
      let amount = count % perNode == 0 ? "\(count / perNode) server\(count == perNode ? "" : "s")" : "\(count) dies"
      return "Move \(amount) from \(move.from ?? "spare") to \(move.to ?? "spare")."
    }.joined(separator: " ")
  }

  private var details: [String] {
    var words: [String] = []
    if let moves = plan.preview?.moves, let topology = state.frame?.layout.topology, !moves.isEmpty {
      let nodes = Set(moves.flatMap(\.dies).map { $0 / topology.diesPerNode }).sorted()
      words.append(nodes.count <= 6 ? nodes.map { "n\($0)" }.joined(separator: " ") : "\(nodes.count) nodes")
    }
    guard let configuration = state.operating.configuration else { return words }
    // Several movers are told by their dies: who is nearest its target is the deployment's to know.
    if plan.undoes == nil, (plan.preview?.moves.count ?? 0) > 1 { return words }
    let undone = plan.undoes.flatMap { number in state.operating.audit.last { $0.entry.number == number }?.inverse }
    let steps = undone ?? [plan.named]
    let after = steps.reduce(Optional(configuration)) { before, step in
      before.flatMap { try? step.applied(to: $0) }
    }
    return words + (after.map { configuration.differences($0) } ?? [])
  }

  // MARK: Charts

  private func chart(_ curves: ForecastCurves, target: Float?) -> ForecastChart {
    ForecastChart(
      title: curves.measure.title, legend: [("with", .accent), ("without", .ghost)], scale: curves.scale,
      target: target, digits: curves.measure.digits, past: curves.past, horizon: curves.horizon,
      courses: [
        ForecastChart.Course(
          values: curves.without.mean, low: curves.without.low, high: curves.without.high, ink: .ghost,
          band: .bandWithout, glyph: "-"),
        ForecastChart.Course(
          values: curves.with.mean, low: curves.with.low, high: curves.with.high, ink: .accent, band: .bandWith,
          glyph: "#"),
      ])
  }

  // MARK: Table

  private func table(_ area: Rectangle, _ painter: inout Painter) {
    let columns = FigureColumns(width: area.width)
    let futures = plan.preview?.futures
    let stretch = plan.stretch
    let horizon = plan.foreseen
    let head = horizon == 0 ? "" : horizon > 60 ? "last 30 of \(horizon) s" : "over \(horizon) s"
    columns.heads(area, head, ["before", "without", "with", "difference", "noise"], "verdict", &painter)
    for (index, measure) in Futures.Measure.allCases.enumerated() {
      let row = area.row + 1 + index
      let figure = futures?.figure(measure, seconds: stretch)
      func number(_ value: Double?, signed: Bool = false) -> String {
        guard let value else { return "·" }
        let text = Decimal.text(Float(abs(value) * measure.scale), measure.digits)
        return signed ? (value < 0 ? "−" : "+") + text : text
      }
      let noise = figure.map { ($0.mostDifference - $0.leastDifference) / 2 }
      let enough = (futures?.finished ?? 0) >= 2
      let values = [
        number(measure.value(plan.before)), number(figure?.without), number(figure?.with),
        number(figure?.difference, signed: true), enough ? "± " + number(noise) : "·",
      ]
      let target = targets[index].map { Double($0) / measure.scale }
      func over(_ value: Double?) -> Bool { target.map { (value ?? 0) > $0 } ?? false }
      let isOver = [over(measure.value(plan.before)), over(figure?.without), over(figure?.with), false, false]
      columns.row(
        area, row, measure.title,
        zip(values, isOver).enumerated().map { place, cell in
          (cell.0, cell.1 ? .high : place == 2 ? .strong : place == 4 ? .dim : .text)
        }, &painter)
      guard let figure, let start = columns.verdict(area) else { continue }
      let (words, ink) = verdict(measure, figure, target, enough)
      painter.put(start, row, words, Style(ink), width: area.right - start)
    }
  }

  private func verdict(
    _ measure: Futures.Measure, _ figure: Futures.Figure, _ target: Double?, _ enough: Bool
  ) -> (String, Ink) {
    guard enough else {
      let words = plan.request.seeds < 2 ? "one future tells no noise" : "noise: after the second future"
      return (measure == .ttft ? words : "", .dim)
    }
    if figure.isNoise { return ("within noise", .dim) }
    let isBetter = (figure.difference < 0) == measure.isTime
    var words = isBetter ? "better" : "worse"
    if let target {
      let gap = Decimal.text(Float(abs(target - figure.with) * measure.scale), measure.digits)
      if figure.with > target {
        words += ", \(gap) \(measure.title.unit) over target"
      } else if figure.without > target {
        words += ", back under target"
      } else if !isBetter {
        words += ", \(gap) \(measure.title.unit) under target"
      }
    }
    return (words, isBetter ? .accent : figure.with > (target ?? .infinity) ? .high : .text)
  }

  // MARK: Costs and risks

  private func costs(_ area: Rectangle, _ painter: inout Painter) {
    var lines: [(String, String, Ink)] = []
    let known = plan.preview?.costs ?? []
    let lost = lostRequests
    let costs = known + (lost.map { [$0] } ?? [])
    let isWhole = (plan.preview?.futures.finished ?? 0) > 0
    let cost = costs.isEmpty ? isWhole ? "nothing that is counted" : "…" : costs.joined(separator: ";  ")
    let room = max(1, area.width - 8)
    var folded = cost.folded(to: room)
    let rows = max(1, area.height - 1)
    // The last row takes what is left and says that it was cut.
    if folded.count > rows { folded[(rows - 1)...] = [folded[(rows - 1)...].joined(separator: " ")] }
    for (index, part) in folded.enumerated() { lines.append((index == 0 ? "COST" : "", part, .text)) }
    let (risk, ink) = risks
    if area.height > 1 { lines.append(("RISK", risk, ink)) }
    for (index, line) in lines.prefix(area.height).enumerated() {
      painter.put(area.column, area.row + index, line.0, Style(.strong, .bold))
      painter.put(area.column + 8, area.row + index, line.1, Style(line.2), width: room)
    }
  }

  /// Requests within the SLO that the action costs or wins over the whole horizon.
  private var lostRequests: String? {
    guard let futures = plan.preview?.futures, let figure = futures.figure(.goodput), futures.finished >= 2,
      !figure.isNoise
    else { return nil }
    let requests = figure.difference * Double(futures.horizon)
    return "\(Decimal.text(Float(abs(requests)))) requests \(requests < 0 ? "fewer" : "more") within the SLO"
  }

  private var risks: (String, Ink) {
    guard let futures = plan.preview?.futures, futures.finished > 0 else { return ("…", .dim) }
    var worst: (String, Ink)?
    for (curves, target) in zip(plan.curves, targets) {
      guard let target, let peak = curves.peaks.max(by: { $0.value < $1.value }), peak.value > target else { continue }
      let passing = curves.peaks.count { $0.value > target }
      let (name, unit) = curves.measure.title
      let words =
        "! \(name) peaks at \(Decimal.text(peak.value, curves.measure.digits)) \(unit) at +\(peak.second) s; in "
        + "\(passing) of \(curves.peaks.count) futures it passes \(Decimal.text(target)) \(unit)"
      worst = worst.map { ($0.0 + ";  " + words.dropFirst(2), .high) } ?? (words, .high)
    }
    return worst ?? ("no future passes a target", .dim)
  }

  // MARK: Who changes

  private func roles(_ area: Rectangle, _ painter: inout Painter) {
    guard let frame = state.frame else { return }
    RoleMap(frame: frame, moves: plan.preview?.moves ?? [], takesOut: plan.action.name == .drain)
      .draw(area, &painter)
  }

  // MARK: Buttons

  /// Names of the buttons and where each stands.
  static func buttons(_ plan: Plan, in area: Rectangle) -> [(button: Plan.Button, text: String, place: Rectangle)] {
    let names: [Plan.Button: String] = [
      .cancel: "Cancel", .adjust: "Adjust", .run: plan.refusal == nil ? "Run" : "Nearest",
    ]
    let narrow = area.width < 40
    let shown = narrow ? [plan.focus] : plan.buttons
    var at = area.right - (narrow ? 0 : 14)
    let widths = shown.map { (names[$0]?.count ?? 0) + (narrow ? 2 : 4) }
    at -= widths.reduce(0, +) + 2 * max(0, shown.count - 1)
    at = max(area.column, at)
    return zip(shown, widths).map { button, width in
      let place = Rectangle(column: at, row: area.row, width: min(width, max(0, area.right - at)), height: 1)
      at += width + 2
      return (button, names[button] ?? "", place)
    }
  }

  private func buttons(_ area: Rectangle, _ painter: inout Painter) {
    let buttons = Self.buttons(plan, in: area)
    if let first = buttons.first, first.place.column - area.column > 24 {
      let words = undoWords
      let end = first.place.column - 2
      let at = painter.put(area.column, area.row, words.0, Style(.dim), width: end - area.column)
      painter.put(at, area.row, words.1, Style(.accent), width: max(0, end - at))
    }
    for (button, text, place) in buttons {
      let focused = button == plan.focus
      // Without colours brackets tell which one Enter presses.
      let label = painter.isGlyphic && focused ? "[\(text)]" : text
      painter.fill(place, focused ? .acceptGround : .select)
      painter.put(
        place.column + (place.width - label.count) / 2, place.row, label,
        focused ? Style(.ink, on: .acceptGround, .bold) : Style(.text, on: .select), width: place.width)
      if focused { painter.rest(place.column, place.row) }
    }
    if area.width >= 40, plan.buttons.contains(.run) {
      painter.words(area.right - 13, area.row, [("Y", .accent), (" then ", .dim), ("↵", .accent), (" runs", .dim)])
    }
  }

  private var undoWords: (String, String) {
    guard plan.refusal == nil else { return ("", "") }
    guard plan.action.name.canBeUndone, let configuration = state.operating.configuration,
      let inverse = try? plan.named.inverse(given: configuration), let first = inverse.first
    else { return ("Cannot be undone", "") }
    return ("Undo afterwards: ", ":\(first)")
  }
}

/// The columns of a table of figures: a name with its unit, numbers, a verdict.
struct FigureColumns: Sendable {
  private let name: Int
  private let width: Int
  private let count: Int

  /// Columns for a width: a narrow table leaves out the noise, then the first number.
  init(width: Int) {
    name = width >= 90 ? 18 : width >= 60 ? 16 : 11
    self.width = width >= 90 ? 11 : width >= 60 ? 8 : 7
    count = width >= 60 ? 5 : min(5, max(1, (width - name) / self.width))
  }

  /// Where the verdict begins, nil where there is no room for one.
  func verdict(_ area: Rectangle) -> Int? {
    let start = area.column + name + 5 * width + (width > 8 ? 5 : 3)
    return area.right - start >= 10 ? start : nil
  }

  /// The row of heads.
  func heads(_ area: Rectangle, _ first: String, _ names: [String], _ last: String, _ painter: inout Painter) {
    painter.put(area.column, area.row, first, Style(.dim), width: name + width - 7)
    for (index, head) in names.prefix(count).enumerated() {
      let brief = ["without": "w/o", "predicted": "pred.", "difference": "diff."]
      let short =
        width >= 11 ? head : width >= 8 && head != "predicted" && head != "difference" ? head : brief[head] ?? head
      painter.right(end(area, index), area.row, short, Style(.dim))
    }
    if let start = verdict(area) { painter.put(start, area.row, last, Style(.dim)) }
  }

  /// A row of numbers.
  func row(
    _ area: Rectangle, _ row: Int, _ title: (name: String, unit: String), _ cells: [(String, Ink)],
    _ painter: inout Painter
  ) {
    let at = painter.put(area.column, row, title.name, Style(.text))
    if at + 1 + title.unit.count <= area.column + name { painter.put(at + 1, row, title.unit, Style(.dim)) }
    for (index, cell) in cells.prefix(count).enumerated() {
      painter.right(end(area, index), row, cell.0, Style(cell.1, cell.1 == .strong || cell.1 == .high ? .bold : []))
    }
  }

  private func end(_ area: Rectangle, _ index: Int) -> Int {
    area.column + name + (index + 1) * width + (width > 8 && index >= 3 ? 2 : 0)
  }
}

extension String {
  /// The text in rows of a width, broken between words.
  func folded(to width: Int) -> [String] {
    var rows = [""]
    for word in split(separator: " ", omittingEmptySubsequences: false) {
      let row = rows[rows.count - 1]
      if row.isEmpty {
        rows[rows.count - 1] = String(word)
      } else if row.count + 1 + word.count <= width {
        rows[rows.count - 1] = "\(row) \(word)"
      } else {
        rows.append(String(word))
      }
    }
    return rows
  }
}

extension Painter {
  /// Takes the colours of what lies under a dialog and clears its place; lines around it where its layout has them.
  mutating func dialog(_ layout: PreviewLayout) {
    let area = layout.area
    clip = canvas.bounds
    for row in 0..<canvas.bounds.height {
      for column in 0..<canvas.bounds.width { restyle(column, row) { $0 = Style(.faint) } }
    }
    clip = area
    fill(area, .dialog)
    ground = .dialog
    canvas(cursor: nil)
    guard layout.isFramed else { return }
    for column in area.column..<area.right {
      set(column, area.row, "─", Style(.dim))
      set(column, area.bottom - 1, "─", Style(.dim))
    }
    for row in area.row..<area.bottom {
      set(area.column, row, "│", Style(.dim))
      set(area.right - 1, row, "│", Style(.dim))
    }
    set(area.column, area.row, "┌", Style(.dim))
    set(area.right - 1, area.row, "┐", Style(.dim))
    set(area.column, area.bottom - 1, "└", Style(.dim))
    set(area.right - 1, area.bottom - 1, "┘", Style(.dim))
  }
}
