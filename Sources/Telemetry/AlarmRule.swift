/// A condition worth an alarm: what is compared with what, for how long, and in which words.
///
/// Limits other than the scenario's targets and all delays are assumptions.
struct AlarmRule: Sendable {
  /// A word for it.
  let name: String
  let priority: Priority
  /// Whether it watches every engine or the pod as a whole.
  let perEngine: Bool
  /// The watched value, nil where it is not measured.
  let value: @Sendable (Frame, Int, Int64) -> Float?
  /// Above this for `raiseAfter` the alarm is raised.
  let limit: @Sendable (Frame) -> Float
  /// At or below this share of the limit for `clearAfter` it is cleared.
  let clearShare: Float
  /// Nanoseconds.
  let raiseAfter: Int64
  /// Nanoseconds.
  let clearAfter: Int64
  /// A few words from value and limit.
  let text: @Sendable (Float, Float) -> String

  /// The dies that the condition is about, where it is about dies: the alarm names and marks them.
  var dies: (@Sendable (Frame) -> [Int])?

  private static let second: Int64 = 1_000_000_000

  static let ofPod: [AlarmRule] = [
    AlarmRule(
      name: "silent", priority: .high, perEngine: false,
      value: { frame, _, now in Float(now - frame.time) / 1e9 }, limit: { _ in 5 }, clearShare: 0.5,
      raiseAfter: 0, clearAfter: 0,
      text: { age, _ in "no data for \(DecimalText.of(age, 0)) s" }),
    AlarmRule(
      name: "slo-ttft", priority: .high, perEngine: false,
      value: { frame, _, _ in frame.value(.ttftP99) }, limit: { $0.layout.sloTTFT }, clearShare: 0.95,
      raiseAfter: 5 * second, clearAfter: 10 * second,
      text: { "TTFT p99 \(DecimalText.of($0 / 1000, 2)) s, target \(DecimalText.of($1 / 1000, 2))" }),
    AlarmRule(
      name: "slo-tpot", priority: .high, perEngine: false,
      value: { frame, _, _ in frame.value(.tpotP99) }, limit: { $0.layout.sloTPOT }, clearShare: 0.98,
      raiseAfter: 5 * second, clearAfter: 10 * second,
      text: { "TPOT p99 \(DecimalText.of($0, 1)) ms, target \(DecimalText.of($1, 0))" }),
    AlarmRule(
      name: "hbm-temp", priority: .urgent, perEngine: false,
      // 95 °C: seen on real machines as the limit of HBM.
      value: { frame, _, _ in
        var hottest: Float?
        for value in frame[.dieTemperature] where !value.isNaN { hottest = max(hottest ?? value, value) }
        return hottest
      }, limit: { _ in 95 }, clearShare: 0.97, raiseAfter: 3 * second, clearAfter: 10 * second,
      text: { "HBM \(DecimalText.of($0, 0)) °C, limit \(DecimalText.of($1, 0))" },
      dies: { frame in frame[.dieTemperature].indices.filter { frame[.dieTemperature][$0] > 92 } }),
    // Three heartbeats of a second missed, as engines notice it too.
    dies(
      "die-out", .urgent, states: 3...4, raiseAfter: 3 * second, one: "out, not serving", many: "dies out, not serving"),
    // A straggler stands out after ten seconds, as engines notice it too.
    dies(
      "die-slow", .high, states: 1...1, raiseAfter: 10 * second, one: "slow, its peers wait",
      many: "dies slow, their peers wait"),
  ]

  /// Dies in a range of states of `dieHealth`; what an operator drained is no alarm.
  private static func dies(
    _ name: String, _ priority: Priority, states: ClosedRange<Float>, raiseAfter: Int64, one: String, many: String
  ) -> AlarmRule {
    AlarmRule(
      name: name, priority: priority, perEngine: false,
      value: { frame, _, _ in
        frame[.dieHealth].isEmpty ? nil : Float(frame[.dieHealth].count { states.contains($0) })
      }, limit: { _ in 0 }, clearShare: 1, raiseAfter: raiseAfter, clearAfter: 0,
      text: { count, _ in count == 1 ? one : "\(DecimalText.of(count, 0)) \(many)" },
      dies: { frame in frame[.dieHealth].indices.filter { states.contains(frame[.dieHealth][$0]) } })
  }

  static let ofEngines: [AlarmRule] = [
    AlarmRule(
      name: "kv-full", priority: .high, perEngine: true,
      value: { frame, engine, _ in frame.value(.engineKV, engine) }, limit: { _ in 90 }, clearShare: 0.95,
      raiseAfter: 5 * second, clearAfter: 10 * second,
      text: { value, _ in "KV \(DecimalText.of(value, 0)) % full" }),
    AlarmRule(
      name: "expert-hot", priority: .low, perEngine: true,
      // Uneven experts cost nothing that matters while latency is far from its target: then they are no alarm.
      value: { frame, engine, _ in
        frame.value(.engineExpertImbalance, engine).map { ratio in
          (frame.value(.tpotP99) ?? 0) < 0.8 * frame.layout.sloTPOT ? min(ratio, 1) : ratio
        }
      }, limit: { _ in 1.8 },
      clearShare: 0.95, raiseAfter: 10 * second, clearAfter: 20 * second,
      text: { value, _ in "experts \(DecimalText.of(value, 2))×, fullest die over the mean" }),
  ]
}
