import SuperPod
import Telemetry
import Terminal

extension Overview {
  /// What the pod field shows, its scale, and what its marks mean.
  func podHeading(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.row
    let end = geometry.end
    let metric = state.metric.metric
    let wide = geometry.pitch == 3
    let name = painter.put(area.column + 1, row, "POD", Style(.strong, .bold))
    let scale = wide ? state.metric.fieldScale : (factor: 1, unit: metric.unit)
    let within = state.metric.heldWithin * scale.factor
    let exactness = " ±" + Decimal.text(within, within < 1 ? 1 : 0)
    let tenths = wide && state.metric == .dieExpertLoad
    let explanation = tenths ? "expert load, tenths of the mean die" : state.metric.explanation
    var text = explanation + (wide ? exactness + "; a cell is a die, a block a rack" : "; a cell is a die")
    if let pending = metric.pending { text = "\(state.metric.label) · \(pending)" }
    let keys = painter.right(end, row, "next metric", Style(.dim))
    painter.right(keys - 1, row, "c", Style(.accent, .bold))
    var at = painter.right(keys - 5, row, "alarm", Style(.dim))
    at -= 2
    painter.set(at, row, "!", Painter.field(.urgent))
    at = painter.right(at - 3, row, "no data", Style(.dim))
    painter.right(at - 1, row, "·", Style(.text))
    let low = Decimal.text(metric.range.lowerBound * scale.factor, 0)
    let decimals = metric.range.upperBound < 10 ? 1 : 0
    let high = Decimal.text(metric.range.upperBound * scale.factor, decimals) + " " + scale.unit
    let legend = at - 6 - low.count - high.count - 11
    painter.legend(legend, row, low: low, high: high)
    painter.put(name + 1, row, text, Style(.dim), width: legend - name - 2)
  }

  /// Node numbers, the selected one standing out: the crosshair's head.
  func ruler(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.row
    if geometry.origin > 4 { painter.put(area.column + 1, row, "node", Style(.dim)) }
    let pitch = geometry.pitch
    let label = "\(selectedNode)"
    let x = geometry.x(selectedNode)
    // Room that the selected number takes, so that no other touches it.
    let taken = (x - 1)..<(x + max(pitch, label.count) + 1)
    let step = pitch == 3 ? 1 : max(geometry.nodesPerRack, geometry.nodesPerColumn)
    var free = 0
    for node in stride(from: 0, to: topology.nodes, by: step) {
      let column = geometry.x(node)
      let text = "\(node)"
      let start = pitch == 3 ? column + 3 - text.count : column
      if pitch < 3, start < free || (start..<(start + text.count)).overlaps(taken) { continue }
      guard start + text.count <= max(area.right, geometry.end), node != selectedNode else { continue }
      painter.put(start, row, text, Style(.dim))
      free = start + text.count + 1
    }
    let selected = Style(painter.look.color == .sixteen ? .strong : .accent, on: .select, .bold)
    if pitch == 3 {
      painter.put(x, row, label.count < 3 ? String(repeating: " ", count: 3 - label.count) : "", selected)
    }
    painter.put(pitch == 3 ? x + 3 - label.count : min(x, area.right - label.count), row, label, selected)
  }

  /// Which engine has which nodes.
  func roles(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.row
    if geometry.origin > 4 { painter.put(area.column + 1, row, "role", Style(.dim)) }
    let perNode = topology.diesPerNode
    var parts = frame.layout.engines.flatMap { engine in
      frame.layout.nodes(of: engine).map { (id: engine.id, kind: engine.kind, ep: engine.expertParallel, nodes: $0) }
    }
    for idle in idleNodes(perNode) {
      parts.append((id: idle.out ? "out" : "spare", kind: .mixed, ep: -1, nodes: idle.nodes))
    }
    for (index, part) in parts.enumerated() where !part.nodes.isEmpty && part.nodes.upperBound <= topology.nodes {
      let start = geometry.x(part.nodes.lowerBound)
      let end = geometry.x(part.nodes.upperBound - 1) + geometry.pitch
      let width = end - start
      let spare = part.ep < 0
      let choices =
        spare
        ? (part.id == "out" ? ["out of service", "out", "x"] : ["spare", "sp"])
        : part.kind == .prefill
          ? ["\(part.id) prefill EP\(part.ep)", part.id]
          : [
            "\(part.id) \(part.kind == .mixed ? "mixed" : "decode") EP\(part.ep)", "\(part.id) EP\(part.ep)", part.id,
          ]
      let framed = width >= 4
      let room = framed ? width - 2 : width
      guard let text = choices.first(where: { $0.count <= room }) else { continue }
      if framed {
        for column in start..<end { painter.set(column, row, "─", Style(.faint)) }
        painter.set(start, row, "├", Style(.faint))
        painter.set(end - 1, row, "┤", Style(.faint))
      }
      // Neighbours without a frame between them differ by brightness.
      let ink: Ink = spare ? .dim : framed || index % 2 == 1 ? .text : .dim
      painter.put(start + (width - text.count) / 2, row, text, Style(ink))
    }
  }

  /// Runs of nodes that belong to no engine, apart by whether they could serve.
  private func idleNodes(_ perNode: Int) -> [(nodes: Range<Int>, out: Bool)] {
    var runs: [(nodes: Range<Int>, out: Bool)] = []
    for node in 0..<topology.nodes {
      let dies = (node * perNode)..<((node + 1) * perNode)
      guard dies.allSatisfy({ frame.layout.roles[$0] == .spare }) else { continue }
      let out = dies.allSatisfy(isOut)
      if let last = runs.last, last.nodes.upperBound == node, last.out == out {
        runs[runs.count - 1].nodes = last.nodes.lowerBound..<(node + 1)
      } else {
        runs.append((node..<(node + 1), out))
      }
    }
    return runs
  }

  /// All dies of the pod by the chosen metric; an alarm replaces its cell.
  func pod(_ area: Rectangle, _ painter: inout Painter) {
    let perRow = geometry.pitch == 3 ? 1 : topology.npusPerNode * topology.diesPerNPU / max(1, layout.chipRows)
    let within = state.selected % topology.diesPerNode
    for line in 0..<area.height {
      let dies = (line * perRow)..<((line + 1) * perRow)
      podLabel(area, line, dies, selected: dies.contains(within), &painter)
      for node in stride(from: 0, to: topology.nodes, by: geometry.nodesPerColumn) {
        switch geometry.pitch {
        case 1: chipCell(node, area.row + line, dies, &painter)
        case 2: dieCells(node, area.row + line, dies, &painter)
        default: numberCell(node, area.row + line, line, &painter)
        }
      }
    }
    let line = within / max(1, perRow)
    let besides = geometry.pitch == 2 ? within % topology.diesPerNPU : geometry.pitch == 3 ? 2 : 0
    painter.rest(geometry.x(selectedNode) + besides, area.row + line)
  }

  /// The label of a row: which chips, flagged where one of them has an alarm.
  private func podLabel(_ area: Rectangle, _ line: Int, _ dies: Range<Int>, selected: Bool, _ painter: inout Painter) {
    let row = area.row + line
    var flag: Priority?
    if !marks.isEmpty {
      for node in 0..<topology.nodes {
        for die in dies {
          guard let mark = marks[node * topology.diesPerNode + die] else { continue }
          flag = flag.map { max($0, mark) } ?? mark
        }
      }
    }
    let ink = flag?.ink ?? (selected ? .accent : .dim)
    let style = Style(ink, flag != nil || selected ? .bold : [])
    let narrow = geometry.origin < 4
    if let flag, !narrow { painter.put(area.column, row, flag.mark, Style(flag.ink, .bold)) }
    let chip = dies.lowerBound / topology.diesPerNPU
    let (first, last) = (chip, (dies.upperBound - 1) / topology.diesPerNPU)
    if geometry.pitch == 3 {
      let begins = dies.lowerBound % topology.diesPerNPU == 0
      if begins || flag != nil || selected { painter.put(area.column + 3, row, "c\(chip)", style) }
      painter.put(area.column + 6, row, "d\(dies.lowerBound % topology.diesPerNPU)", style)
    } else if first == last {
      painter.put(area.column + (narrow ? 0 : 3), row, "c\(chip)", style)
    } else if !narrow {
      painter.put(area.column + 2, row, "c\(first)-\(last)", style, width: geometry.origin - 2)
    }
  }

  /// Whether a die is out of service: drained, set apart or down.
  private func isOut(_ die: Int) -> Bool { die < healths.count && healths[die] >= 2 }

  private func chipCell(_ node: Int, _ row: Int, _ dies: Range<Int>, _ painter: inout Painter) {
    let column = geometry.x(node)
    var halves: (Int8, Int8) = (-1, -1)
    var mark: Priority?
    var out = false
    var worse: Int8 = -1
    for member in geometry.group(of: node) {
      let first = member * topology.diesPerNode
      for die in dies {
        let step = state.podSteps[first + die]
        worse = max(worse, state.podHalfSteps[first + die])
        if die % topology.diesPerNPU == 0 { halves.0 = max(halves.0, step) } else { halves.1 = max(halves.1, step) }
        if !marks.isEmpty, let found = marks[first + die] { mark = mark.map { max($0, found) } ?? found }
        out = out || isOut(first + die)
      }
    }
    if topology.diesPerNPU == 1 { halves.1 = halves.0 }
    if let mark {
      painter.set(column, row, mark.glyph, Painter.field(mark))
    } else if out {
      painter.set(column, row, "x", Style(.strong, .bold))
    } else {
      painter.half(column, row, halves.0, halves.1, worse: worse)
    }
  }

  private func dieCells(_ node: Int, _ row: Int, _ dies: Range<Int>, _ painter: inout Painter) {
    let column = geometry.x(node)
    for (offset, die) in dies.prefix(2).enumerated() {
      let index = node * topology.diesPerNode + die
      if !marks.isEmpty, let mark = marks[index] {
        painter.set(column + offset, row, mark.glyph, Painter.field(mark))
      } else {
        painter.tile(column + offset, row, state.podSteps[index], half: state.podHalfSteps[index])
        if isOut(index) { painter.set(column + offset, row, "x", Style(.strong, .bold)) }
      }
    }
    if node == selectedNode { hair(column, row, &painter) }
  }

  private func numberCell(_ node: Int, _ row: Int, _ die: Int, _ painter: inout Painter) {
    let column = geometry.x(node)
    let index = node * topology.diesPerNode + die
    let decimal = state.metric.hasDecimal
    if !marks.isEmpty, let mark = marks[index] {
      let values = frame[state.metric]
      let value = index < values.count ? values[index] : .nan
      let style = Painter.field(mark)
      if isOut(index) || !value.isFinite {
        for (offset, scalar) in ([" ", " ", isOut(index) ? "x" : "·"] as [Unicode.Scalar]).enumerated() {
          painter.set(column + offset, row, scalar, style)
        }
      } else {
        painter.digits(column, row, value * state.metric.fieldScale.factor, decimal: decimal, style)
      }
    } else {
      let factor = state.metric.fieldScale.factor
      painter.number(
        column, row, state.podSteps[index], state.podNumbers[index] * factor, decimal: decimal,
        within: state.metric.heldWithin * factor)
      if isOut(index) {
        for blank in 0..<2 { painter.set(column + blank, row, " ", Style()) }
        painter.set(column + 2, row, "x", Style(.strong, .bold))
      }
    }
    if node == selectedNode { hair(column, row, &painter) }
  }

  /// The crosshair inside a field: a line one eighth of a cell wide at the node's left edge, in cells that hold a blank.
  func hair(_ column: Int, _ row: Int, _ painter: inout Painter) {
    guard painter.look.color > .sixteen, !painter.look.ascii else { return }
    let cell = painter.canvas[column, row]
    guard cell.scalar == 0x20 else { return }
    painter.set(column, row, "▏", Style(.accent, on: cell.style.ground))
  }

  /// The crosshair through rows between fields.
  func crosshair(_ area: Rectangle, _ painter: inout Painter) {
    let column = geometry.x(selectedNode)
    for row in area.row..<area.bottom where painter.canvas[column, row].scalar == 0x20 {
      painter.set(column, row, geometry.pitch > 1 ? "▏" : "│", Style(.accent))
    }
  }
}
