import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

/// Every word for a fault: what it slows or stops and nothing else, when it is seen, and that the pod serves again.
///
/// Each is compared with a run of the same seed without it. Where a fault leaves prefill alone its series are the same
/// to the last bit; an engine that only takes over requests is as fast as before within what more requests make.
struct FaultRowTests {
  /// P0 on n0, P1 on n1, D0 on n2 to n4, D1 on n5 to n7, sixteen servers spare.
  private static let names = ["P0", "P1", "D0", "D1"]
  private static let dies = Topology(nodes: 24).dies
  /// Second at which the fault begins.
  private static let began = 10

  /// What a word is held to.
  struct Row {
    /// The fault as people write it.
    var text: String
    /// Seconds from its begin until it is seen; nil where nobody looks for it.
    var seen: ClosedRange<Double>?
    /// Simulated seconds.
    var length = 260
    /// Engines that stop.
    var stops: [String] = []
    /// Dies that may be anything but healthy.
    var sick: [Int] = []
    /// Sub-planes of dies, and uplinks of nodes, whose share of bytes may be another than in a whole fabric.
    var dieLinks: [Int] = []
    var uplinkNodes: Range<Int> = 0..<0
    /// Whether everything about prefill is the same to the last bit.
    var leavesPrefill = true
    /// Whether requests come as without it.
    var leavesArrivals = true
    /// Iterations of D0 and D1 over those without it, from two seconds after the begin to twenty.
    var first: ClosedRange<Double> = 0.95...1.05
    var second: ClosedRange<Double> = 0.95...1.05
  }

  private static let die = 3 * 16 + 7
  private static let node = Array(48..<64)

  /// The row of a word; one that is missing does not compile.
  static func row(_ fault: Fault) -> Row {
    let taken = 0.95...1.35
    switch fault {
    case .die:
      return Row(
        text: "die at n3.c3.d1 for 30s", seen: 3...3, stops: ["D0"], sick: [die], dieLinks: [die],
        leavesPrefill: false, first: 0...2, second: taken)
    case .npu:
      return Row(
        text: "npu at n3.c3 for 30s", seen: 3...3, stops: ["D0"], sick: [die - 1, die], dieLinks: [die - 1, die],
        leavesPrefill: false, first: 0...2, second: taken)
    case .node:
      return Row(
        text: "node at n3 for 30s", seen: 3...3, stops: ["D0"], sick: node, dieLinks: node, uplinkNodes: 3..<4,
        leavesPrefill: false, first: 0...2, second: taken)
    case .l1:
      return Row(
        text: "l1 at n3.sp4 for 30s", seen: 3...3, sick: node, dieLinks: node, uplinkNodes: 3..<4,
        leavesPrefill: false, first: 0...2, second: taken)
    case .l2:
      // Prompts fetch what they have in the pool over one way in 112 less.
      return Row(text: "l2 at sp4.sw9 for 30s", seen: 3...3, uplinkNodes: 0..<24, leavesPrefill: false)
    case .linkDown:
      return Row(
        text: "link-down at n3.c3.d1.sp4 for 30s", seen: 20...20, sick: [die], dieLinks: [die], leavesPrefill: false,
        second: taken)
    case .linkFlap:
      return Row(text: "link-flap at n3.c3.d1.sp4 for 60s", seen: 1...1, dieLinks: [die])
    case .lanesHalf:
      return Row(text: "lanes-half at n3.c3.d1.sp4 for 30s", seen: 1...1, first: 1.004...1.1)
    case .lanesQuarter:
      return Row(text: "lanes-quarter at n3.c3.d1.sp4 for 30s", seen: 1...1, first: 1.015...1.3)
    case .optics: return Row(text: "optics at sp4.n3.sw9 for 30s", seen: 1...1, uplinkNodes: 3..<4)
    case .hbmECC: return Row(text: "hbm-ecc at n3.c3.d1 for 30s", seen: 0.1...0.1)
    case .slowDie:
      return Row(text: "slow-die at n3.c3.d1 by 1.4 for 30s", seen: 10...10, sick: [die], first: 1.1...1.4)
    case .hotDie: return Row(text: "hot-die at n3.c3.d1 for 100s", seen: 5...60)
    case .hungExecutor:
      return Row(
        text: "hung-executor at D0.ep9", seen: 300...300, length: 500, stops: ["D0"], leavesPrefill: false,
        first: 0...2, second: taken)
    case .dpMaster:
      return Row(
        text: "dp-master at D0.dp3", seen: 3...3, stops: ["D0"], leavesPrefill: false, first: 0...2, second: taken)
    case .teShell: return Row(text: "te-shell at D0.shell", seen: 3...3, first: 0.8...1.05, second: taken)
    case .je: return Row(text: "je at JE0", seen: 3...3, leavesPrefill: false, first: 0.8...1.2, second: 0.8...1.2)
    case .kvStall:
      return Row(text: "kv-stall at D0 for 30s", seen: 3...4, first: 0.6...1.05, second: taken)
    case .surge:
      return Row(
        text: "surge by 3 for 30s", seen: nil, leavesPrefill: false, leavesArrivals: false, first: 1...2,
        second: 1...2)
    case .popularityShift:
      return Row(text: "popularity-shift", seen: nil, leavesPrefill: false, first: 1...1.4, second: 1...1.4)
    case .longFlood:
      return Row(
        text: "long-flood for 10s", seen: nil, leavesPrefill: false, first: 0.5...1.5, second: 0.5...1.5)
    case .jitter: return Row(text: "jitter at D0 for 30s", seen: 10...10, first: 1.03...2)
    }
  }

  /// A run, second by second.
  private struct Run {
    var frames: [Frame] = []
    var simulation: Simulation

    /// Mean of an engine's column over some seconds.
    func mean(_ id: MetricID, _ engine: String, _ seconds: Range<Int>) -> Double {
      let place = names.firstIndex(of: engine) ?? 0
      let values = seconds.map { Double(frames[$0][id][place]) }.filter { !$0.isNaN }
      return values.reduce(0, +) / Double(max(values.count, 1))
    }

    /// Mean of a value of the pod over some seconds.
    func mean(_ id: MetricID, _ seconds: Range<Int>) -> Double {
      seconds.reduce(0) { $0 + Double(frames[$1].value(id) ?? 0) } / Double(seconds.count)
    }

    func said(_ text: String) -> Int { simulation.events.count { $0.text.contains(text) } }
  }

  private static func run(_ text: String?, length: Int) throws -> Run {
    var scenario = Scenarios.pair(seed: 7, rate: 50, output: 500, batch: 32)
    if let text { scenario.events = [try ScheduledAction(parsing: "\(began)s inject \(text)")] }
    var simulation = try Simulation(scenario)
    var frames = [simulation.frame(sequence: 0)]
    for second in 1...length {
      simulation.advance(to: Int64(second) * 1_000_000_000)
      let broken = simulation.brokenInvariant()
      #expect(broken == nil, "\(text ?? ""): \(broken ?? "") at \(second)")
      frames.append(simulation.frame(sequence: 0))
    }
    return Run(frames: frames, simulation: simulation)
  }

  private static let healthy = Result { try run(nil, length: 500) }

  @Test(arguments: Fault.allCases)
  func strikesWhatItShouldAndNothingElse(fault: Fault) throws {
    let row = Self.row(fault)
    let healthy = try Self.healthy.get()
    let run = try Self.run(row.text, length: row.length)
    let incident = try #require(run.simulation.incidents.first)
    let seen = incident.detected.map { Double($0 - incident.began) / 1e9 }
    if let wanted = row.seen {
      let seconds = try #require(seen)
      #expect(wanted.lowerBound - 0.01 <= seconds && seconds <= wanted.upperBound + 0.01)
    } else {
      #expect(seen == nil)
    }
    checkElsewhere(row, run, healthy)
    checkPace(row, run, healthy)
    checkEngines(row, run, seen)
    try checkEffect(fault, run, healthy)
    // The pod serves again: as many tokens as without the fault, nothing in queues, every die in service.
    let end = (row.length - 30)..<row.length
    let output = run.mean(.outputTokens, end) / healthy.mean(.outputTokens, end)
    #expect((0.93...1.07).contains(output), "\(output)")
    #expect(run.simulation.requestTotals.waiting < 20)
    let last = run.frames[row.length]
    #expect(last[.dieHealth].allSatisfy { $0 == 0 })
    #expect(last.layout.roles == run.frames[0].layout.roles, "dies are home again")
    if fault != .hungExecutor && fault != .dpMaster && fault != .popularityShift { #expect(incident.ended != nil) }
  }

  /// Dies, links, prefill and arrivals that a fault does not touch are as they were.
  private func checkElsewhere(_ row: Row, _ run: Run, _ healthy: Run) {
    var (sick, narrow, prefill, arrivals, hot) = (0, 0, 0, 0, 0)
    let topology = Topology(nodes: 24)
    let perNode = topology.uplinks / topology.nodes
    for second in 1...row.length {
      let (frame, usual) = (run.frames[second], healthy.frames[second])
      for die in 0..<Self.dies {
        if !row.sick.contains(die) && frame[.dieHealth][die] != 0 { sick += 1 }
        let away = abs(frame[.dieTemperature][die] - usual[.dieTemperature][die])
        if die != Self.die && (frame[.dieTemperature][die] > 85 || (die >= 128 && away > 0)) { hot += 1 }
        if !row.dieLinks.contains(die), uneven(frame[.dieLinkUp], die * 7..<(die + 1) * 7) { narrow += 1 }
      }
      for node in 0..<24 where !row.uplinkNodes.contains(node) {
        if uneven(frame[.uplinkUp], node * perNode..<(node + 1) * perNode) { narrow += 1 }
      }
      for id in [MetricID.engineBusy, .engineQueue] where row.leavesPrefill {
        if frame[id][0..<2] != usual[id][0..<2] { prefill += 1 }
      }
      if row.leavesArrivals && frame[.arrivals] != usual[.arrivals] { arrivals += 1 }
    }
    #expect(sick == 0, "dies that the fault does not hit stay healthy")
    #expect(hot == 0, "dies that it does not hit stay cool, spare ones to the last bit")
    #expect(narrow == 0, "links that it does not hit carry their share")
    #expect(prefill == 0, "prefill is the same to the last bit")
    #expect(arrivals == 0, "arrivals are the same to the last bit")
  }

  /// Whether some links carry anything, and not equal parts of it.
  private func uneven(_ values: [Float], _ range: Range<Int>) -> Bool {
    guard let least = values[range].min(), let most = values[range].max(), most > 0 else { return false }
    return least < most * 0.999
  }

  /// Engines stand still until they are put together again, or go on every second.
  private func checkEngines(_ row: Row, _ run: Run, _ seen: Double?) {
    for (place, name) in Self.names.enumerated() {
      let busy = run.frames.map { $0[.engineBusy][place] }
      if row.stops.contains(name) {
        let unseen = (Self.began + 1)...(Self.began + Int(seen ?? 1))
        #expect(unseen.allSatisfy { busy[$0] == 0 }, "\(name) stands still until the fault is seen")
      } else if name.hasPrefix("D"), row.sick.isEmpty {
        #expect((1...60).allSatisfy { busy[$0] > 0 }, "\(name) goes on")
      }
    }
    let other = run.frames.map { $0[.engineBusy][3] }
    #expect((1...60).allSatisfy { other[$0] > 0 }, "D1 goes on")
  }

  private func checkPace(_ row: Row, _ run: Run, _ healthy: Run) {
    let seconds = (Self.began + 2)..<(Self.began + 20)
    for (name, wanted) in [("D0", row.first), ("D1", row.second)] {
      let ratio = run.mean(.engineIteration, name, seconds) / healthy.mean(.engineIteration, name, seconds)
      #expect(wanted.contains(ratio), "\(name): iterations \(ratio) times as long")
    }
  }

  /// What only this fault does.
  private func checkEffect(_ fault: Fault, _ run: Run, _ healthy: Run) throws {
    let incident = try #require(run.simulation.incidents.first)
    let soon = Self.began + 2
    let topology = Topology(nodes: 24)
    func link(_ frame: Frame, _ plane: Int) -> Float { frame[.dieLinkUp][Self.die * 7 + plane] }
    func uplink(_ frame: Frame, node: Int, plane: Int, _ number: Int) -> Float {
      let chip = topology.l1(node: NodeID(node), subPlane: SubPlaneID(plane))
      return frame[.uplinkUp][topology.link(l1: chip, l2Number: number).rawValue - topology.dieLinks]
    }
    let frame = run.frames[soon]
    switch fault {
    case .die, .npu, .node:
      #expect(incident.recomputed > 0 && incident.failed == 0)
      #expect(try abs(Double(#require(incident.recovered) - incident.began) / 1e9 - 55.7) < 0.2)
    case .l1:
      #expect(Self.node.allSatisfy { frame[.dieLinkUp][$0 * 7 + 4] == 0 && frame[.dieLinkUp][$0 * 7 + 3] > 0 })
      #expect(Self.node.allSatisfy { run.frames[soon + 3][.dieHealth][$0] == Float(Health.separated.rank) })
    case .l2:
      for node in 2..<8 {
        #expect(uplink(frame, node: node, plane: 4, 9) == 0)
        let share = uplink(frame, node: node, plane: 4, 8)
        let all = (0..<7).reduce(Float(0)) { sum, plane in
          sum + (0..<16).reduce(Float(0)) { $0 + uplink(frame, node: node, plane: plane, $1) }
        }
        #expect(abs(share / all * 111 - 1) < 1e-3)
      }
      #expect(run.said("rolled back") >= 1)
    case .linkDown:
      #expect(link(frame, 4) == 0 && link(frame, 3) > 0)
      #expect(run.frames[Self.began + 19][.dieHealth][Self.die] == 0)
      #expect(run.frames[Self.began + 21][.dieHealth][Self.die] == Float(Health.separated.rank))
      #expect(run.said("rolled back") == 1)
    case .linkFlap:
      let down = (Self.began...Self.began + 50).filter { link(run.frames[$0], 4) == 0 }
      // Four times down for a second, then set apart, also when the cause is gone.
      #expect(down.prefix(5) == [10, 16, 22, 28, 34] && down.count == 4 + 27)
      #expect(run.said("set apart for 48 h") == 1 && link(run.frames[Self.row(.linkFlap).length], 4) == 0)
      #expect((1...4).contains(run.said("rolled back")))
    case .lanesHalf, .lanesQuarter:
      #expect(run.said("sub-health") == 1 && link(frame, 4) > 0)
    case .optics:
      #expect(uplink(frame, node: 3, plane: 4, 8) == 0 && uplink(frame, node: 3, plane: 4, 9) == 0)
      #expect(uplink(frame, node: 3, plane: 4, 7) > 0 && uplink(frame, node: 3, plane: 4, 10) > 0)
    case .hbmECC:
      #expect(incident.failed >= 1 && incident.recomputed == 0)
      #expect(try abs(Double(#require(incident.recovered) - incident.began) / 1e9 - 0.6) < 0.01)
    case .slowDie:
      #expect(frame[.dieHealth][Self.die] == Float(Health.degraded(0.5).rank))
      #expect(frame[.dieStall][Self.die] < frame[.dieStall][Self.die - 1] * 0.7, "the others wait for it")
    case .hotDie:
      #expect(run.frames.dropFirst().map { $0[.dieTemperature][Self.die] }.max() ?? 0 > 95)
      let late = 80..<110
      let ratio = run.mean(.engineIteration, "D0", late) / healthy.mean(.engineIteration, "D0", late)
      #expect(ratio > 1.05)
    case .hungExecutor, .dpMaster:
      #expect(incident.recomputed > 0 && incident.failed == 0)
      #expect(incident.recovered != nil)
    case .teShell:
      #expect(run.mean(.engineRunning, "D0", 14..<18) < healthy.mean(.engineRunning, "D0", 14..<18) * 0.8)
      #expect(run.mean(.engineRunning, "D0", 30..<60) > healthy.mean(.engineRunning, "D0", 30..<60) * 0.8)
      #expect(try abs(Double(#require(incident.ended) - incident.began) / 1e9 - 8) < 0.01)
    case .je:
      #expect(run.mean(.engineBusy, "P0", 13..<18) == 0 && run.mean(.engineBusy, "P1", 13..<18) == 0)
      #expect(run.mean(.engineBusy, "P0", 19..<24) > healthy.mean(.engineBusy, "P0", 19..<24))
    case .kvStall:
      #expect(run.simulation.requestTotals.retriedTransfers > 0)
      #expect(run.mean(.engineRunning, "D0", 25..<40) < healthy.mean(.engineRunning, "D0", 25..<40) * 0.5)
    case .surge:
      let ratio = run.mean(.arrivals, 11..<40) / healthy.mean(.arrivals, 11..<40)
      #expect((2.7...3.3).contains(ratio))
    case .popularityShift:
      let ratio = run.mean(.engineExpertImbalance, "D0", 12..<40) / healthy.mean(.engineExpertImbalance, "D0", 12..<40)
      #expect(ratio > 1.1)
    case .longFlood:
      #expect(run.mean(.engineQueue, "P0", 15..<20) > healthy.mean(.engineQueue, "P0", 15..<20) * 3 + 3)
    case .jitter:
      #expect(run.said("start late") == 1)
    }
  }

  /// Of two faults at one link the worse holds, and what ends takes only itself away.
  @Test func whatEndsTakesOnlyItselfAway() throws {
    var scenario = Scenarios.pair(seed: 7)
    scenario.events = try [
      "2s inject link-down at n3.c3.d1.sp4 for 10s", "3s inject lanes-half at n3.c3.d1.sp4 for 3s",
      "4s inject die at n9.c0.d0 for 20s", "5s inject slow-die at n9.c0.d0 for 3s",
      "5s inject npu at n9.c0 for 4s",
    ].map { try ScheduledAction(parsing: $0) }
    var simulation = try Simulation(scenario)
    simulation.advance(to: 8_500_000_000)
    #expect(simulation.frame(sequence: 0)[.dieLinkUp][Self.die * 7 + 4] == 0)
    #expect(simulation.frame(sequence: 0)[.dieHealth][144] == Float(Health.down.rank))
    simulation.advance(to: 10_000_000_000)
    #expect(simulation.frame(sequence: 0)[.dieHealth][144] == Float(Health.down.rank))
    #expect(simulation.frame(sequence: 0)[.dieHealth][145] == 0)
    simulation.advance(to: 25_000_000_000)
    #expect(simulation.frame(sequence: 0)[.dieHealth][144] == 0)
    #expect(simulation.frame(sequence: 0)[.dieLinkUp][Self.die * 7 + 4] > 0)
  }
}
