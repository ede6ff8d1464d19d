import SuperPod
import Telemetry
import Terminal

extension Overview {
  /// What the fabric field shows.
  ///
  /// Its last row is the heading; a row above it only carries the crosshair.
  func fabricHeading(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.bottom - 1
    let at = painter.put(area.column + 1, row, "FABRIC", Style(.strong, .bold))
    let links = topology.l2PerSubPlane
    let detail =
      switch geometry.pitch {
      case 1: "up over down, worst of \(links), % of line"
      case 2: "up, down: worst of \(links) links, mean of the second"
      default:
        "\(state.isFabricInPercent ? "%" : "per mille") of line rate ±1: worse of up and down, worst of \(links) links"
      }
    painter.put(at + 1, row, detail, Style(.dim), width: max(0, min(area.right, geometry.end) - at - 1))
    if geometry.pitch > 1 {
      let high = "\(Decimal.text(ConsoleState.fabricScale)) % of line rate"
      painter.legend(geometry.end - high.count - 11, row, low: "0", high: high)
      if geometry.pitch == 2 { painter.right(geometry.end + 6, row, "mean", Style(.dim)) }
    }
    crosshair(area, &painter)
  }

  /// Every sub-plane of every node: how full its fullest link to L2 is.
  func fabric(_ area: Rectangle, _ painter: inout Painter) {
    let merged = area.height == 1 && topology.subPlanes > 1
    for line in 0..<area.height {
      let row = area.row + line
      let planes = merged ? 0..<topology.subPlanes : line..<(line + 1)
      let flag = worst { alarm in planes.contains { alarm.place.hasPrefix("sp\($0)") && alarm.place != "spare" } }
      if let flag, geometry.origin > 4 { painter.put(area.column, row, flag.mark, Style(flag.ink, .bold)) }
      let name = merged ? (geometry.origin > 4 ? "net" : "f") : "sp\(line)"
      painter.put(
        area.column + (geometry.origin > 4 ? 2 : 0), row, name, Style(flag?.ink ?? .dim, flag == nil ? [] : .bold))
      for node in stride(from: 0, to: topology.nodes, by: geometry.nodesPerColumn) {
        planeCell(node, row, planes, &painter)
      }
      if geometry.pitch == 2, !merged { planeMean(line, row, flag, &painter) }
    }
  }

  private func planeCell(_ node: Int, _ row: Int, _ planes: Range<Int>, _ painter: inout Painter) {
    let column = geometry.x(node)
    var up: Int8 = -1
    var down: Int8 = -1
    var value = Float.nan
    for member in geometry.group(of: node) {
      for plane in planes {
        let index = plane * topology.nodes + member
        up = max(up, state.fabricSteps[2 * index])
        down = max(down, state.fabricSteps[2 * index + 1])
        if !(state.fabricNumbers[index] <= value) { value = state.fabricNumbers[index] }
      }
    }
    switch geometry.pitch {
    case 1: painter.half(column, row, up, down)
    case 2:
      painter.tile(column, row, up)
      painter.tile(column + 1, row, down)
    default: painter.number(column, row, max(up, down), value, decimal: false)
    }
    if geometry.pitch > 1, node == selectedNode { hair(column, row, &painter) }
  }

  private func planeMean(_ plane: Int, _ row: Int, _ flag: Priority?, _ painter: inout Painter) {
    var sum: Float = 0
    var count: Float = 0
    for node in 0..<topology.nodes {
      let index = (plane * topology.nodes + node) * 2
      guard index < state.fabricShares.count, state.fabricShares[index].isFinite else { continue }
      // Spare nodes carry nothing and would only dilute the mean.
      guard frame.layout.roles[node * topology.diesPerNode] != .spare else { continue }
      sum += state.fabricShares[index]
      count += 1
    }
    let text = count > 0 ? Decimal.text(sum / count, 1) + " %" : "·"
    painter.right(geometry.end + 6, row, text, Style(flag?.ink ?? .dim))
  }

  /// The fullest expert rank of every node over the mean of its engine.
  ///
  /// Its last row is the field.
  func experts(_ area: Rectangle, _ painter: inout Painter) {
    let row = area.bottom - 1
    let flag = worst { Self.screen(of: $0) == 6 }
    let loads = frame[.nodeExpertLoad]
    let flagged = alarms.filter { Self.screen(of: $0) == 6 && $0.die >= 0 }.map { $0.die / topology.diesPerNode }
    if let flag { painter.put(area.column, row, flag.mark, Style(flag.ink, .bold)) }
    painter.put(area.column + 2, row, "exp", Style(flag?.ink ?? .dim, flag == nil ? [] : .bold))
    // Per cent over the mean, unless that takes three digits: then the load over the mean.
    let isExtreme = loads.contains { $0 >= 200 }
    func number(_ load: Float) -> Float { isExtreme ? load / 100 : load - 100 }
    var first = topology.nodes
    for node in stride(from: 0, to: topology.nodes, by: geometry.nodesPerColumn) {
      var step: Int8 = -1
      var load = Float.nan
      for member in geometry.group(of: node) where member < loads.count && loads[member].isFinite {
        step = max(step, state.expertSteps[member])
        if !(state.expertNumbers[member] <= load) { load = state.expertNumbers[member] }
      }
      guard step >= 0 else { continue }
      first = min(first, node)
      let column = geometry.x(node)
      switch geometry.pitch {
      case 1: painter.half(column, row, step, step)
      case 2:
        painter.tile(column, row, step)
        painter.tile(column + 1, row, step)
      default: painter.number(column, row, step, number(load), decimal: false)
      }
      if let flag, flagged.contains(where: { geometry.group(of: node).contains($0) }) {
        let style = Painter.field(flag)
        if geometry.pitch == 3 {
          painter.digits(column, row, number(load), decimal: false, style)
        } else {
          for offset in 0..<geometry.pitch { painter.set(column + offset, row, offset == 0 ? flag.glyph : " ", style) }
        }
      }
      if geometry.pitch > 1, node == selectedNode { hair(column, row, &painter) }
    }
    if geometry.pitch > 1 {
      let unit = isExtreme ? "times the mean" : "% over the mean"
      let text = geometry.pitch == 3 ? "fullest rank of a node, \(unit)" : "fullest rank over the mean"
      let start = geometry.pitch == 3 ? geometry.origin : area.column + 8
      if first == topology.nodes {
        painter.put(start, row, "·  no experts are loaded", Style(.dim))
      } else if geometry.x(first) > start + text.count {
        painter.put(start, row, text, Style(.dim))
      }
    }
    if geometry.pitch == 2, let most = loads.filter(\.isFinite).max() {
      painter.right(geometry.end + 6, row, Decimal.text(most / 100, 2) + "×", Style(flag?.ink ?? .dim))
    }
    if area.height > 1 {
      crosshair(Rectangle(column: area.column, row: area.row, width: area.width, height: area.height - 1), &painter)
    }
  }
}
