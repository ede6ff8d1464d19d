import Deployments
import SuperPod
import Telemetry
import Terminal

extension Overview {
  /// The SLO in one or two lines of text.
  func objectives(_ area: Rectangle, _ painter: inout Painter) {
    let slo = frame.layout
    let over = isOver(.tpotP99, slo.sloTPOT)
    let late = isOver(.ttftP99, slo.sloTTFT)
    let row = area.row
    let tpot = "/\(Decimal.text(slo.sloTPOT))"
    let ttft = "/\(Decimal.text(slo.sloTTFT / 1000, 1))"
    let full = area.width >= 78
    let half = area.width >= 54
    var at = area.column + (area.width < 30 ? 0 : 1)
    if layout[.title] == nil, area.width >= 8 {
      at = painter.put(
        at, row, state.playback.paused ? "▮▮ " : "● ", Style(state.playback.paused ? .accent : .strong, .bold))
    }
    at = painter.put(at, row, "TPOT ", Style(over ? .high : .strong, .bold))
    if half { at = painter.words(at, row, [("p50 ", .dim), (pod(.tpotP50, 1), .text), (" p99 ", .dim)]) }
    at = painter.put(at, row, pod(.tpotP99, 1), Style(over ? .high : .strong, .bold))
    at = painter.put(at, row, (full ? " " : "") + tpot + (half ? " ms" : ""), Style(.dim))
    if over, let value = frame.value(.tpotP99) {
      let excess = half ? "!+\(Decimal.text(value - slo.sloTPOT, 1))" : "!"
      at = painter.put(at + (half ? 1 : 0), row, excess, Painter.badge(.high))
    }
    at += area.width < 30 ? 1 : 2
    // Numbers are never cut: what does not fit whole is left out.
    guard at + 5 + pod(.ttftP99, scale: 0.001, 2).count + ttft.count + (late ? 1 : 0) <= area.right else { return }
    at = painter.put(at, row, "TTFT ", Style(late ? .high : .strong, .bold))
    if full { at = painter.words(at, row, [("p50 ", .dim), (pod(.ttftP50, scale: 0.001, 2), .text), (" p99 ", .dim)]) }
    at = painter.put(at, row, pod(.ttftP99, scale: 0.001, 2), Style(late ? .high : .strong, .bold))
    at = painter.put(at, row, (full ? " " : "") + ttft + (half && (!full || area.width >= 90) ? " s" : ""), Style(.dim))
    if late { at = painter.put(at, row, "!", Painter.badge(.high)) }
    let share = pod(.sloShare, 1)
    if half, area.right - 2 - share.count - (full ? 8 : 4) >= at {
      let end = painter.right(area.right - 1, row, "%", Style(.dim))
      let start = painter.right(end, row, share, Style(.strong))
      painter.right(start, row, full ? "goodput " : "SLO ", Style(.dim))
    }
    guard area.height > 1 else { return }
    let out = Decimal.short(frame.value(.outputTokens))
    let into = Decimal.short(frame.value(.inputTokens))
    let running = Decimal.short(frame.value(.running))
    painter.words(
      area.column + 1, row + 1,
      [
        ("out ", .dim), (out.number, .strong), (out.letter, .dim), ("  in ", .dim), (into.number, .text),
        ("\(into.letter) tok/s", .dim), ("   run ", .dim), (running.number, .text), (running.letter, .dim),
        ("  wait ", .dim), (pod(.waiting, 0), .text), ("   KV ", .dim), (pod(.podKV, 0), .text), (" %   MTP ", .dim),
        (pod(.tokensPerStep, 2), .text), (" tok/step", .dim),
      ])
  }

  /// The SLO in six tiles: name and target, values, and the last ten minutes as a profile.
  func tiles(_ area: Rectangle, _ painter: inout Painter) {
    let pitch = area.width / 6
    let width = pitch - 2
    let wide = pitch > 24
    let slo = frame.layout
    func tile(
      _ index: Int, _ name: String, _ detail: String, _ values: [(String, Ink)], _ metric: MetricID,
      over: Float = .infinity, least: Bool = false
    ) {
      let column = area.column + index * pitch
      let alarmed = isOver(metric, over)
      let at = painter.put(column, area.row, name, Style(alarmed ? .high : .strong, .bold))
      if alarmed { painter.put(at + 1, area.row, " ! ", Painter.badge(.high)) }
      painter.right(column + width, area.row, detail, Style(.dim))
      painter.words(column, area.row + 1, values, bold: alarmed ? .high : .strong)
      let profile = folded(Profile(metric), columns: width, least: least)
      let seen = profile.filter(\.isFinite)
      guard let least = seen.min(), let most = seen.max() else { return }
      // A fifth of the value is the least span, so that calm looks calm; the scale begins below the lowest.
      let span = max(most - least, 0.2 * abs(most), .leastNormalMagnitude)
      painter.profile(
        Rectangle(column: column, row: area.row + 2, width: width, height: area.height - 2), profile,
        low: least - 0.5 * span, high: most + 0.3 * span, over: over)
    }
    func unit(_ text: String) -> (String, Ink) { (wide ? text : "", .dim) }
    let over = isOver(.tpotP99, slo.sloTPOT)
    let late = isOver(.ttftP99, slo.sloTTFT)
    tile(
      0, "TTFT", "≤ \(Decimal.text(slo.sloTTFT / 1000, 1)) s",
      [
        ("p50 ", .dim), (pod(.ttftP50, scale: 0.001, 2), .text), (" p99 ", .dim),
        (pod(.ttftP99, scale: 0.001, 2), late ? .high : .strong), unit(" s"),
      ], .ttftP99, over: slo.sloTTFT)
    let excess = over ? "  +\(Decimal.text((frame.value(.tpotP99) ?? 0) - slo.sloTPOT, 1))" : ""
    tile(
      1, "TPOT", "≤ \(Decimal.text(slo.sloTPOT)) ms",
      [
        ("p50 ", .dim), (pod(.tpotP50, 1), .text), (" p99 ", .dim), (pod(.tpotP99, 1), over ? .high : .strong),
        unit(" ms"), (wide ? excess : "", .high),
      ], .tpotP99, over: slo.sloTPOT)
    let out = Decimal.short(frame.value(.outputTokens))
    let into = Decimal.short(frame.value(.inputTokens))
    let npus = slo.roles.count { $0 != .spare && $0 != .prefill } / max(1, topology.diesPerNPU)
    let each = npus > 0 ? pod(.outputTokens, scale: 1 / Float(npus), 0) : "·"
    tile(
      2, "OUTPUT", "in \(into.number) \(into.letter)",
      [(out.number, .strong), (" \(out.letter)tok/s", .dim), unit("  "), (wide ? each : "", .text), unit(" per NPU")],
      .outputTokens, least: true)
    tile(
      3, "GOODPUT", "both SLOs",
      [(pod(.sloShare, 1), .strong), (" %", .dim), unit("  "), (wide ? pod(.goodput, 0) : "", .text), unit(" req/s")],
      .sloShare, least: true)
    let running = Decimal.short(frame.value(.running))
    tile(
      4, "RUNNING", "KV \(pod(.podKV, 0)) %",
      [
        (running.number, .strong), (running.letter.isEmpty ? "" : " " + running.letter, .dim), ("  wait ", .dim),
        (pod(.waiting, 0), .text),
      ], .running)
    tile(
      5, "MTP", "\(pod(.acceptance, 0)) % kept", [(pod(.tokensPerStep, 2), .strong), (" tok/step", .dim)],
      .tokensPerStep)
  }
}
