import SuperPod
import Telemetry
import Terminal

extension Overview {
  /// The time between tokens of every decode step over the last ten minutes: time across, milliseconds upwards, log count
  /// as brightness.
  func latency(_ area: Rectangle, _ painter: inout Painter) {
    let narrow = area.width < 60
    let label = 5
    let columns = area.width - label
    // Columns end at whole multiples of their seconds: the picture moves on when one is full, not every second.
    let each = max(1, (min(LatencyHistory.window, Int(frame.time / 1_000_000_000)) + columns - 1) / max(1, columns))
    let seconds = min(LatencyHistory.window, each * columns)
    let span = seconds >= 120 ? "\(seconds / 60) min" : "\(seconds) s"
    painter.heading(
      area, "TPOT", narrow ? "ms, every step, log count, \(span)" : "ms, every decode step, log count, \(span)")
    let rows = area.height - 1
    guard columns > 4, rows > 1, let extent = state.latencies.extent else {
      if rows > 0 { painter.put(area.column, area.row + 1, "No decode step yet.", Style(.dim)) }
      return
    }
    let target = LatencyHistory.band(frame.layout.sloTPOT * 1000)
    // The target belongs into the picture unless that would squeeze what was measured into less than half of it.
    let near =
      target <= extent.upperBound + LatencyHistory.bandsPerOctave * 3 / 4
      && target >= extent.lowerBound - LatencyHistory.bandsPerOctave * 3 / 4
    let low = min(extent.lowerBound, near ? target : extent.lowerBound) - 1
    let high = max(extent.upperBound, near ? target : extent.upperBound) + 1
    let bands = max(0, low)..<(high + 1)
    let halves = 2 * rows
    var steps = [Int8](repeating: -1, count: halves)
    // Seconds of the newest column that are still to come.
    let ahead = each - 1 - Int(state.latencies.newest % Int64(each))
    for column in 0..<columns {
      let from = (columns - 1 - column) * each - ahead
      let span = max(0, from)..<(from + each)
      guard let counts = state.latencies.counts(secondsAgo: span, bands: bands), let most = counts.max(), most > 0
      else { continue }
      for index in steps.indices { steps[index] = -1 }
      for index in steps.indices {
        // A half row shows the fullest of its bands; where rows are finer than bands, neighbours share one.
        let first = (halves - 1 - index) * bands.count / halves
        let last = max(first + 1, (halves - index) * bands.count / halves)
        if let count = counts[first..<min(counts.count, last)].max(), count > 0 {
          steps[index] = Int8(max(1, 15 - 1.3 * (Self.log2(most) - Self.log2(count))))
        }
      }
      for row in 0..<rows {
        latencyCell(
          area.column + label + column, area.row + 1 + row, steps[2 * row], steps[2 * row + 1], &painter)
      }
    }
    let digits = LatencyHistory.edge(bands.upperBound) - LatencyHistory.edge(bands.lowerBound) < 8000 ? 1 : 0
    let targetHalf = halves - 1 - (target - bands.lowerBound) * halves / bands.count
    let targetRow = near && bands.contains(target) ? min(rows - 1, max(0, targetHalf / 2)) : -9
    for row in 0..<rows where row % max(1, rows / 4) == 0 || row == rows - 1 {
      if abs(row - targetRow) <= 1 { continue }
      // A label names the value in the middle of its row.
      let band = bands.lowerBound + (halves - 1 - 2 * row) * bands.count / halves
      painter.right(
        area.column + label - 1, area.row + 1 + row, Decimal.text(LatencyHistory.edge(band) / 1000, digits), Style(.dim)
      )
    }
    guard targetRow >= 0 else { return }
    let row = area.row + 1 + targetRow
    painter.right(area.column + label - 1, row, Decimal.text(frame.layout.sloTPOT), Style(.strong, .bold))
    for column in (area.column + label)..<area.right {
      let cell = painter.canvas[column, row]
      let ground: Ink = cell.scalar == 0x20 ? cell.style.ground : .none
      if painter.isGlyphic, cell.scalar != 0x20 { continue }
      painter.set(column, row, "╌", Style(.strong, on: ground))
    }
  }

  private func latencyCell(_ column: Int, _ row: Int, _ above: Int8, _ below: Int8, _ painter: inout Painter) {
    if above < 0, below < 0 { return }
    if painter.isGlyphic || (above >= 0 && below >= 0) {
      return painter.half(column, row, max(0, above), max(0, below))
    }
    let step = Int(max(above, below))
    if painter.look.color == .sixteen, step < 2 { return }
    painter.set(column, row, above >= 0 ? "▀" : "▄", Style(.ramp(step)))
  }

  /// A logarithm good to a tenth, by the bits of the number: no library call for a shade.
  private static func log2(_ value: UInt32) -> Float {
    Float(Float(value).bitPattern) / 8_388_608 - 127
  }

  /// Who sends to whom: senders down, receivers across, log of GB/s as brightness.
  func traffic(_ area: Rectangle, _ painter: inout Painter) {
    let shades = state.trafficShades
    let top = shades.top > 0 ? " to \(Decimal.text(shades.top, shades.top < 1 ? 2 : 0))" : ""
    painter.heading(area, "TRAFFIC", "GB/s over \(Decimal.text(TrafficShades.seconds)) s, log\(top); rows to columns")
    let nodes = topology.nodes
    let label = 4
    let columns = min(nodes, area.width - label)
    let rows = min((nodes + 1) / 2, area.height - 2)
    guard columns > 0, rows > 0 else { return }
    guard frame.traffic.count == nodes * nodes, shades.top > 0 else {
      painter.put(area.column, area.row + 1, "· no traffic measured yet", Style(.dim))
      return
    }
    func step(_ half: Int, _ column: Int) -> Int8 {
      let senders = (half * nodes / (2 * rows))..<max(half * nodes / (2 * rows) + 1, (half + 1) * nodes / (2 * rows))
      let receivers = (column * nodes / columns)..<max(column * nodes / columns + 1, (column + 1) * nodes / columns)
      // A cell that holds several pairs shows the fullest.
      var most: Int8 = 0
      for sender in senders { for receiver in receivers { most = max(most, shades[sender * nodes + receiver]) } }
      return most
    }
    for row in 0..<rows {
      for column in 0..<columns {
        painter.half(area.column + label + column, area.row + 1 + row, step(2 * row, column), step(2 * row + 1, column))
      }
    }
    var free = 0
    var freeRow = -1
    for engine in frame.layout.engines {
      guard let first = engine.dies.first else { continue }
      let node = first / topology.diesPerNode
      let prefill = engine.kind == .prefill
      if prefill, engine.id != frame.layout.engines[0].id { continue }
      let text = prefill ? "P" : engine.id
      let row = area.row + 1 + node * rows / nodes
      if row > freeRow { painter.right(area.column + label - 1, row, text, Style(.dim)) }
      freeRow = row
      let column = area.column + label + node * columns / nodes
      if column >= free { free = painter.put(column, area.row + 1 + rows, "\(node) \(text)", Style(.dim)) + 1 }
    }
  }

  /// How the fullest expert rank drifted from the mean.
  func drift(_ area: Rectangle, _ painter: inout Painter) {
    guard let engine = state.shownEngine else { return painter.heading(area, "EXPERT DRIFT", "no decode engine") }
    let id = frame.layout.engines[engine].id
    let values = state.profiles[Profile(.engineExpertImbalance, element: engine)] ?? []
    painter.heading(area, "EXPERT DRIFT", "\(id), fullest rank over the mean, 10 min")
    let label = 5
    let plot = Rectangle(
      column: area.column + label, row: area.row + 1, width: area.width - label - 11, height: area.height - 1)
    let points = folded(Profile(.engineExpertImbalance, element: engine), columns: plot.width * 2)
    guard plot.height > 0, let least = values.filter(\.isFinite).min(), let most = values.filter(\.isFinite).max()
    else {
      painter.put(area.column, area.row + 1, "· no iteration measured yet", Style(.dim))
      return
    }
    let low = min(1, least)
    let high = max(low + 0.5, most * 1.05)
    painter.line(plot, points, low: low, high: high, ink: .text)
    painter.right(area.column + label - 1, plot.row, Decimal.text(high, 1), Style(.dim))
    painter.right(area.column + label - 1, plot.bottom - 1, Decimal.text(low, 1), Style(.dim))
    let now = values.last ?? .nan
    let share = max(0, min(1, (now - low) / (high - low)))
    let row = plot.row + (share.isFinite ? Int((1 - share) * Float(plot.height - 1) + 0.5) : 0)
    painter.words(plot.right + 1, row, [(Decimal.text(now, 2), .strong), (" now", .dim)])
  }
}
