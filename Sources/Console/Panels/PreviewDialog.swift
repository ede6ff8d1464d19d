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
    for (index, area) in layout.charts.enumerated() {
      guard plan.refusal == nil else { break }
      if index < plan.curves.count {
        painter.clip = area
        painter.forecast(area, chart(plan.curves[index], hasAxis: hasAxis(index)))
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

  /// Charts that stand over others leave the time to those.
  private func hasAxis(_ index: Int) -> Bool { layout.hasAxis(chart: index) }

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

  private func chart(_ curves: ForecastCurves, hasAxis: Bool) -> ForecastChart {
    ForecastChart(
      title: curves.measure.title, legend: [("with", .accent), ("without", .ghost)], scale: curves.scale,
      target: state.target(curves.measure).map { Float($0 * curves.measure.scale) }, digits: curves.measure.digits,
      past: curves.past, horizon: curves.horizon, hasAxis: hasAxis,
      courses: [
        ForecastChart.Course(
          values: curves.without.mean, low: curves.without.low, high: curves.without.high, ink: .ghost,
          band: .bandWithout, glyph: "-"),
        ForecastChart.Course(
          values: curves.with.mean, low: curves.with.low, high: curves.with.high, ink: .accent, band: .bandWith,
          glyph: "#"),
      ])
  }

  // MARK: Who changes

  private func roles(_ area: Rectangle, _ painter: inout Painter) {
    guard let frame = state.frame else { return }
    RoleMap(
      frame: frame, moves: plan.preview?.moves ?? [], touched: plan.preview?.touched ?? [],
      takesOut: plan.action.name == .drain
    ).draw(area, &painter)
  }
}
