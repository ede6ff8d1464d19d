import Telemetry
import Terminal

extension Overview {
  /// A piece of an iteration on its time axis.
  private struct Stretch {
    /// The spans of the shown layers, and when they begin and end, microseconds.
    var spans: [PhaseSpan]
    var start: Float
    var end: Float
    /// The layers that lie inside whole.
    var layers: ClosedRange<Int16>
  }

  /// Some layers of the engine's median iteration; where there is room the p99 iteration stands under it on one scale.
  func pipeline(_ area: Rectangle, _ painter: inout Painter) {
    guard let engine = state.shownEngine else { return painter.heading(area, "PIPELINE", "no decode engine") }
    let id = frame.layout.engines[engine].id
    guard let shown = state.shownIterations[engine] else {
      painter.heading(area, "PIPELINE", "\(id), no iteration yet", rule: area.width > 30)
      return
    }
    let median = shown.median
    let tall = area.height >= 8 && area.width >= 60
    let stretch = stretch(median, from: shown.layer, layers: max(2, min(8, area.width / (tall ? 26 : 18))))
    let layers = "L\(stretch.layers.lowerBound)–\(stretch.layers.upperBound)"
    let waiting = median.spans.reduce(0) { $0 + $1.wait } / max(1, median.duration)
    let share = "waiting \(Decimal.text(100 * waiting)) %"
    if area.width < 30 {
      painter.put(area.column, area.row, "PIPELINE", Style(.strong, .bold))
      painter.right(area.right, area.row, "\(id) \(layers)", Style(.dim))
    } else {
      let length =
        tall
        ? ", layers \(layers.dropFirst()) around the longest wait; one iteration each \(ShownIterations.seconds) s: "
          + "\(Decimal.text(median.duration / 1000, 1)) ms"
        : " \(layers)"
      painter.heading(area, "PIPELINE", id + length)
      painter.right(area.right, area.row, " " + share, Style(.high))
    }
    if tall {
      gantt(area, shown, stretch, &painter)
    } else {
      strip(area, engine, stretch, &painter)
    }
  }

  private func stretch(_ sample: IterationSample, from layer: Int16, layers: Int) -> Stretch {
    let last = sample.spans.last { $0.phase == .combine }?.layer ?? layer
    let first = max(0, min(layer - (layers > 3 ? 1 : 0), last - Int16(layers) + 1))
    let range = first...min(last, first + Int16(layers) - 1)
    let spans = sample.spans.filter { range.contains($0.layer) }
    return Stretch(
      spans: spans, start: spans.map(\.start).min() ?? 0, end: spans.map(\.end).max() ?? 1, layers: range)
  }

  /// The bars of the phases that a lane shows; what is waited for stands in amber at a bar's end.
  private func bars(
    _ stretch: Stretch, _ phases: Set<Phase>, scale: Float, origin: Float, ghost: Bool = false
  ) -> [Painter.Bar] {
    var bars: [Painter.Bar] = []
    for span in stretch.spans where phases.contains(span.phase) {
      let start = (span.start - origin) * scale
      let end = (span.end - origin) * scale
      let wait = max(0, min(span.end - span.start, span.wait)) * scale
      let label =
        switch span.phase {
        case .attention: "attn"
        case .dispatch: "disp"
        case .moe: "MoE"
        case .combine: "comb"
        default: "\(span.phase)"
        }
      bars.append(Painter.Bar(start: start, end: end - wait, ink: ink(span.phase, ghost), label: ghost ? "" : label))
      if wait > 0 {
        bars.append(Painter.Bar(start: end - wait, end: end, ink: ghost ? .ghostExposed : .workExposed, label: ""))
      }
    }
    return bars
  }

  private func ink(_ phase: Phase, _ ghost: Bool) -> Ink {
    switch phase {
    case .attention, .dense: ghost ? .ghostAttention : .workAttention
    case .moe: ghost ? .ghostMoE : .workMoE
    case .dispatch, .combine, .a2e, .e2a: ghost ? .ghostCommunication : .workCommunication
    case .mtp, .sampling, .gap: ghost ? .ghostOther : .workOther
    }
  }

  /// Four lanes by kind of work, then the axis or whom they waited for; a lane's name says what its bars are.
  private func strip(_ area: Rectangle, _ engine: Int, _ stretch: Stretch, _ painter: inout Painter) {
    let width = area.width - 5
    guard width > 4 else { return }
    let scale = Float(width) / max(1, stretch.end - stretch.start)
    let lanes: [(String, Set<Phase>)] = [
      ("attn", [.attention, .dense]), ("disp", [.dispatch, .a2e]), ("MoE", [.moe]), ("comb", [.combine, .e2a]),
    ]
    for (index, (name, phases)) in lanes.enumerated() where area.row + 1 + index < area.bottom {
      painter.put(area.column, area.row + 1 + index, name, Style(.dim))
      let bars = bars(stretch, phases, scale: scale, origin: stretch.start).map {
        Painter.Bar(start: $0.start, end: $0.end, ink: $0.ink, label: "")
      }
      painter.lane(area.column + 5, area.row + 1 + index, width: width, bars)
    }
    let row = area.row + 5
    guard row < area.bottom else { return }
    if area.width < 30 {
      guard let first = state.waited.entries(engine: engine, limit: 2).first, first.die >= 0 else { return }
      painter.words(
        area.column, row, [("waits ", .dim), (state.name(ofDie: Int(first.die)), .text)])
      let decimals = first.perIteration < 10 ? 1 : 0
      painter.right(area.right, row, "+\(Decimal.text(first.perIteration, decimals)) ms", Style(.strong))
    } else {
      axis(area.column, row, label: 5, width: width, scale: scale, &painter)
    }
  }

  /// Compute and communication of the median iteration, the same of the p99 iteration dimmer, and whom they waited for.
  private func gantt(
    _ area: Rectangle, _ shown: ShownIterations.Pair, _ stretch: Stretch, _ painter: inout Painter
  ) {
    let label = 10
    let width = area.width - label
    let slow = shown.p99.map {
      self.stretch($0, from: stretch.layers.lowerBound, layers: stretch.layers.count)
    }
    let span = max(stretch.end - stretch.start, slow.map { $0.end - $0.start } ?? 0, 1)
    let scale = Float(width) / span
    let compute: Set<Phase> = [.attention, .moe, .dense, .mtp, .sampling]
    let communication: Set<Phase> = [.dispatch, .combine, .a2e, .e2a]
    var row = area.row + 1
    axis(area.column, row, label: label, width: width, scale: scale, &painter)
    var marked: Int16 = -1
    for part in stretch.spans where part.phase == .attention && part.layer > marked {
      marked = part.layer
      let column =
        area.column + label + Int((part.start - stretch.start) * scale) + (part.start == stretch.start ? 3 : 0)
      painter.put(column, row, " L\(part.layer) ", Style(.strong, .bold))
    }
    for (index, (title, part)) in [("median", Optional(stretch)), ("p99", slow)].enumerated() {
      guard let part else { continue }
      let ghost = index == 1
      for (name, phases) in [("comp", compute), ("comm", communication)] {
        row += 1
        guard row < area.bottom else { return }
        painter.put(area.column, row, "\(ghost ? "p99 " : "p50 ") \(name)", Style(ghost ? .ghost : .dim))
        painter.lane(
          area.column + label, row, width: width,
          bars(part, phases, scale: scale, origin: part.start, ghost: ghost))
      }
      _ = title
      row += 1
      guard row < area.bottom else { return }
      names(area, row, part, label: label, scale: scale, &painter)
    }
  }

  /// Under each long wait, the die that came last.
  private func names(
    _ area: Rectangle, _ row: Int, _ stretch: Stretch, label: Int, scale: Float, _ painter: inout Painter
  ) {
    painter.put(area.column, row, "waits for", Style(.dim))
    var free = area.column + label
    for span in stretch.spans where span.slowestDie >= 0 && span.lag * scale >= 0.5 {
      let die = Int(span.slowestDie)
      let name = state.name(ofDie: die)
      let column = max(area.column + label, area.column + label + Int((span.end - stretch.start) * scale) - 1)
      guard column >= free, column + name.count <= area.right else { continue }
      let mark = marks.isEmpty ? nil : marks[die]
      painter.put(column, row, name, Style(mark?.ink ?? .dim, mark == nil ? [] : .bold))
      free = column + name.count + 2
    }
  }

  /// Milliseconds, at steps that leave room between the numbers.
  private func axis(_ column: Int, _ row: Int, label: Int, width: Int, scale: Float, _ painter: inout Painter) {
    painter.put(column, row, "ms", Style(.dim))
    let steps: [Float] = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
    let step = steps.first { $0 * scale >= 8 } ?? 10_000
    var at: Float = 0
    while at * scale < Float(width - 3) {
      let text = at == 0 ? "0" : Decimal.text(at / 1000, step < 100 ? 2 : step < 1000 ? 1 : 0)
      painter.put(column + label + Int(at * scale), row, text, Style(.dim))
      at += step
    }
  }
}
