import SuperPod
import Telemetry
import Testing

@Suite struct AlarmRulesTests {
  static let layout = PodLayout(
    topology: Topology(nodes: 4), model: "m", name: "n",
    engines: [
      EngineLayout(id: "P0", kind: .prefill, dies: 0..<32, groups: 0..<8, expertParallel: 32),
      EngineLayout(id: "D0", kind: .decode, dies: 32..<64, groups: 8..<40, expertParallel: 32),
    ],
    roles: Array(repeating: .prefill, count: 32) + Array(repeating: .decode, count: 32), sloTTFT: 2000, sloTPOT: 50)

  /// A calm second but for what the case sets.
  private func frame(_ second: Int, _ id: MetricID? = nil, _ values: [Float] = []) -> Frame {
    var frame = Frame(time: Int64(second) * 1_000_000_000, sequence: UInt64(second), layout: Self.layout)
    frame[.ttftP99] = [900]
    frame[.tpotP99] = [40]
    frame[.engineKV] = [.nan, 50]
    frame[.engineExpertImbalance] = [.nan, 1.2]
    frame[.dieHealth] = [0, 0]
    if let id { frame[id] = values }
    return frame
  }

  struct Case: Sendable {
    let id: MetricID
    let rule: String
    let bad: [Float]
    /// Below the limit, but not by the margin that clears.
    let edge: [Float]
    let priority: Priority
    let place: String
    let text: String
    let raise: Int
    let clear: Int
    var die = -1
  }

  static let cases = [
    Case(
      id: .ttftP99, rule: "slo-ttft", bad: [2345], edge: [1950], priority: .high, place: "",
      text: "TTFT p99 2.35 s, target 2.00",
      raise: 5, clear: 10),
    Case(
      id: .tpotP99, rule: "slo-tpot", bad: [51.34], edge: [49.5], priority: .high, place: "",
      text: "TPOT p99 51.3 ms, target 50",
      raise: 5, clear: 10),
    Case(
      id: .engineKV, rule: "kv-full", bad: [.nan, 93], edge: [.nan, 89], priority: .high, place: "D0",
      text: "KV 93 % full", raise: 5,
      clear: 10),
    Case(
      id: .engineExpertImbalance, rule: "expert-hot", bad: [.nan, 1.94], edge: [.nan, 1.78], priority: .low,
      place: "D0",
      text: "experts 1.94×, fullest die over the mean", raise: 10, clear: 20),
    Case(
      id: .dieHealth, rule: "die-out", bad: [0, 0, 0, 4], edge: [0, 0, 0, 3], priority: .urgent,
      place: "n0.c1.d1", text: "out, not serving", raise: 3, clear: 0, die: 3),
    Case(
      id: .dieHealth, rule: "die-out", bad: Array(repeating: 2, count: 32) + Array(repeating: 4, count: 16),
      edge: Array(repeating: 2, count: 32) + [3], priority: .urgent, place: "n2", text: "16 dies out, not serving",
      raise: 3, clear: 0, die: 32),
    Case(
      id: .dieHealth, rule: "die-slow", bad: [0, 1], edge: [0, 1, 2], priority: .high, place: "n0.c0.d1",
      text: "slow, its peers wait", raise: 10, clear: 0, die: 1),
  ]

  @Test(arguments: cases) func anAlarmComesAfterAWhileAndGoesAfterAWhile(_ item: Case) {
    var rules = AlarmRules()
    for second in 0..<3 { #expect(rules.update(frame(second)).isEmpty) }
    var second = 3
    func feed(_ count: Int, _ values: [Float]?) -> [[Alarm]] {
      (0..<count).map { _ in
        defer { second += 1 }
        return rules.update(values.map { frame(second, item.id, $0) } ?? frame(second))
      }
    }
    // A short excursion raises nothing.
    #expect(feed(item.raise, item.bad).allSatisfy { $0.isEmpty })
    #expect(feed(1, nil).allSatisfy { $0.isEmpty })
    let begin = Int64(second) * 1_000_000_000
    #expect(feed(item.raise, item.bad).allSatisfy { $0.isEmpty })
    let raised = feed(1, item.bad)[0]
    let wanted = Alarm(
      priority: item.priority, place: item.place, die: item.die, text: item.text, since: begin, rule: item.rule)
    #expect(raised == [wanted])
    #expect(rules.changes.map(\.alarm) == raised && rules.changes.map(\.raised) == [true])
    // The edge keeps it on for ever, so does what is not measured; calm for less than the delay too.
    #expect(feed(40, item.edge).allSatisfy { $0.count == 1 && $0[0].since == begin })
    #expect(feed(40, []).allSatisfy { $0.count == 1 })
    #expect(rules.changes.isEmpty)
    #expect(feed(item.clear, nil).allSatisfy { $0.count == 1 })
    #expect(feed(1, nil).allSatisfy { $0.isEmpty })
    #expect(rules.changes.map(\.raised) == [false])
  }

  @Test func silenceIsAnAlarmAndUrgencyOrders() {
    var rules = AlarmRules()
    let last = frame(10, .engineExpertImbalance, [.nan, 2])
    for second in 0...10 { _ = rules.update(frame(second, .engineExpertImbalance, [.nan, 2])) }
    #expect(rules.active.map(\.place) == ["D0"])
    #expect(rules.update(last, at: last.time + 5_000_000_000).count == 1)
    let alarms = rules.update(last, at: last.time + 7_000_000_000)
    #expect(alarms.map(\.priority) == [.high, .low] && alarms[0].text == "no data for 7 s")
    #expect(rules.update(frame(18)).map(\.priority) == [.low])
  }

  @Test func unevenExpertsAreNoAlarmWhileLatencyIsFarFromItsTarget() {
    var rules = AlarmRules()
    for second in 0..<40 {
      var calm = frame(second, .engineExpertImbalance, [.nan, 8])
      calm[.tpotP99] = [24]
      #expect(rules.update(calm).isEmpty)
    }
    for second in 40..<60 { _ = rules.update(frame(second, .engineExpertImbalance, [.nan, 8])) }
    #expect(rules.active.count == 1)
  }
}
