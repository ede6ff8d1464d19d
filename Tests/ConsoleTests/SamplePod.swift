import Deployments
import SuperPod
import Telemetry
import Terminal

@testable import Console

/// A pod made by hand, the same on every machine: eight prefill engines of two nodes, D0 on n16–n33, D1 on n34–n45, two
/// spare nodes, and one die in trouble.
///
/// Its numbers only have to be plausible; no run made them.
enum SamplePod {
  static let troubled = 17 * 16 + 7

  static let layout: PodLayout = {
    let topology = Topology()
    var engines: [EngineLayout] = []
    for index in 0..<8 {
      engines.append(
        EngineLayout(
          id: "P\(index)", kind: .prefill, dies: (index * 32)..<(index * 32 + 32),
          groups: (index * 8)..<(index * 8 + 8), expertParallel: 32))
    }
    engines.append(EngineLayout(id: "D0", kind: .decode, dies: 256..<544, groups: 64..<352, expertParallel: 288))
    engines.append(EngineLayout(id: "D1", kind: .decode, dies: 544..<736, groups: 352..<544, expertParallel: 192))
    let roles = (0..<768).map { $0 < 256 ? DieRole.prefill : $0 < 736 ? .decode : .spare }
    return PodLayout(
      topology: topology, model: "DeepSeek-R1 INT8", name: "default", engines: engines, roles: roles, sloTTFT: 2000,
      sloTPOT: 50)
  }()

  /// Noise between -1 and 1 that depends on nothing but its seed.
  static func noise(_ seed: Int) -> Float {
    var value = UInt32(truncatingIfNeeded: seed) &* 0x9E37_79B9 &+ 0x7F4A_7C15
    value = (value ^ (value >> 16)) &* 0x85EB_CA6B
    value = (value ^ (value >> 13)) &* 0xC2B2_AE35
    return Float(value >> 8) / 8_388_608 - 1
  }

  static let alarms = [
    Alarm(
      priority: .urgent, place: "n17.c3.d1", die: troubled, text: "HBM 97 °C, clock 62 %", since: 52_286_000_000_000,
      rule: "hbm-temp"),
    Alarm(
      priority: .high, place: "D0", text: "TPOT p99 51.3 ms, target 50", since: 52_299_000_000_000,
      rule: "slo-tpot"),
    Alarm(
      priority: .high, place: "sp4.sw9", text: "11 of 48 ports at half lanes", since: 52_135_000_000_000,
      rule: "port-lanes"),
    Alarm(
      priority: .low, place: "D0 L23.e117", die: 27 * 16 + 10, text: "expert 3.1× mean, rising",
      since: 52_315_000_000_000, rule: "expert-hot"),
  ]

  static let events = [
    Event(sequence: 0, time: 51_742_000_000_000, priority: .low, place: "n40.c6.d0", text: "silent", rule: "silent"),
    Event(sequence: 1, time: 51_972_000_000_000, priority: .normal, place: "", text: "traffic +6 % in 5 min"),
    Event(
      sequence: 2, time: 52_135_000_000_000, priority: .high, place: "sp4.sw9", text: "half lanes", rule: "port-lanes"),
    Event(sequence: 3, time: 52_198_000_000_000, priority: .normal, place: "P5", text: "long prompts"),
    Event(
      sequence: 4, time: 52_286_000_000_000, priority: .urgent, place: "n17.c3.d1", text: "HBM 97 °C", rule: "hbm-temp"),
    Event(
      sequence: 5, time: 52_299_000_000_000, priority: .high, place: "D0", text: "TPOT p99 over 50 ms", rule: "slo-tpot"
    ),
    Event(
      sequence: 6, time: 52_315_000_000_000, priority: .low, place: "D0 L23.e117", text: "3.1× mean", rule: "expert-hot"
    ),
  ]

  /// The frame at 14:32:07 and `second` seconds before it, with or without the trouble.
  static func frame(secondsAgo ago: Int = 0, calm: Bool = false) -> Frame {
    var frame = Frame(time: Int64(52_327 - ago) * 1_000_000_000, sequence: UInt64(600 - ago), layout: layout)
    fillPod(&frame, ago, calm)
    fillDies(&frame, calm)
    fillFabric(&frame, calm)
    for micros in 0..<400 {
      let spread = noise(micros + ago * 7) + noise(micros * 3 + ago) + noise(micros * 5)
      frame.stepHistogram.add(47_000 + 900 * spread, count: 60)
      if !calm, ago < 40, micros % 3 == 0 { frame.stepHistogram.add(50_800 + 400 * spread, count: 40) }
    }
    frame.iterations = [
      iteration(engine: 8, kind: .median, calm), iteration(engine: 8, kind: .p99, calm),
      iteration(engine: 9, kind: .median, calm),
    ]
    if !calm { frame.alarms = alarms }
    return frame
  }

  private static func fillPod(_ frame: inout Frame, _ ago: Int, _ calm: Bool) {
    let late = !calm && ago < 40
    frame[.ttftP50] = [840]
    frame[.ttftP99] = [1620 + 60 * noise(ago)]
    frame[.tpotP50] = [late ? 47.8 : 46.9]
    frame[.tpotP99] = [late ? 51.3 : 47.6 + 0.3 * noise(ago + 99)]
    frame[.outputTokens] = [late ? 562_000 : 574_000]
    frame[.inputTokens] = [577_000]
    frame[.goodput] = [264]
    frame[.sloShare] = [late ? 98.4 : 99.6]
    frame[.arrivals] = [268]
    frame[.finished] = [266]
    frame[.waiting] = [212]
    frame[.running] = [26_900]
    frame[.podKV] = [71]
    frame[.tokensPerStep] = [1.9]
    frame[.acceptance] = [90]
    frame[.primitiveBytes] = [12_300, 24_600, 200, 400, .nan, .nan, 96]
    frame[.primitiveMean] = [261, 312, 270, 320, .nan, .nan, 1900]
    frame[.primitiveWire] = [162, 210, 160, 210, .nan, .nan, 1900]
    frame[.primitiveWait] = [99, 102, 110, 110, .nan, .nan, 0]
    frame[.engineExpertImbalance] = Array(repeating: .nan, count: 8) + [late ? 1.62 : 1.12, 1.1]
  }

  private static func fillDies(_ frame: inout Frame, _ calm: Bool) {
    var (busy, stall, batch, kv): ([Float], [Float], [Float], [Float]) = ([], [], [], [])
    var (used, bandwidth, load): ([Float], [Float], [Float]) = ([], [], [])
    for die in 0..<768 {
      let n = noise(die)
      switch layout.roles[die] {
      case .prefill:
        busy.append(86 + 5 * noise(die / 32 + 40) + 3 * n)
        stall.append(.nan)
        batch.append(.nan)
        kv.append(.nan)
        load.append(.nan)
      case .spare:
        busy.append(0)
        stall.append(.nan)
        batch.append(.nan)
        kv.append(.nan)
        load.append(.nan)
      default:
        busy.append((die < 544 ? calm ? 80 : 72.5 : 82) + 3 * n)
        stall.append((die < 544 ? calm ? 11 : 19 : 10) + 2 * n)
        batch.append(56 + 3 * n)
        kv.append(71 + 4 * n)
        load.append(104 + 12 * n)
      }
      used.append(die < 736 ? 57 + n : 3.1)
      bandwidth.append(die < 256 ? .nan : die < 736 ? 1.02 + 0.06 * n : 0)
    }
    if !calm {
      busy[troubled] = 99
      stall[troubled] = 0.4
      bandwidth[troubled] = 0.64
      busy[40 * 16 + 12] = .nan
    }
    (frame[.dieBusy], frame[.dieStall], frame[.dieBatch], frame[.dieKV]) = (busy, stall, batch, kv)
    (frame[.dieHBMUsed], frame[.dieHBMBandwidth], frame[.dieExpertLoad]) = (used, bandwidth, load)
    // One die is drained, and the troubled one is slowed.
    var health = [Float](repeating: 0, count: 768)
    if !calm { (health[20 * 16 + 11], health[troubled]) = (2, 1) }
    frame[.dieHealth] = health
    frame[.nodeExpertLoad] = (0..<48).map { node in
      node < 16 || node > 45 ? .nan : node == 27 && !calm ? 162 : 112 + 5 * noise(node + 900)
    }
  }

  private static func fillFabric(_ frame: inout Frame, _ calm: Bool) {
    var up = [Float](repeating: 0, count: layout.topology.uplinks)
    var down = up
    for link in up.indices {
      let node = link / (7 * 16)
      let plane = link / 16 % 7
      let base: Float = node < 16 ? 0.9 : node < 34 ? 1.3 : node < 46 ? 1.5 : 0
      let factor: Float = plane == 4 && !calm ? 1.7 : 1
      up[link] = base * factor * (1 + 0.06 * noise(link))
      down[link] = base * factor * (node < 16 ? 0.7 : 1) * (1 + 0.06 * noise(link + 9999))
    }
    (frame[.uplinkUp], frame[.uplinkDown]) = (up, down)
    frame.traffic = (0..<(48 * 48)).map { pair in
      let (from, to) = (pair / 48, pair % 48)
      func block(_ node: Int) -> Int { node < 16 ? node / 2 : node < 34 ? 8 : node < 46 ? 9 : 10 }
      if block(from) > 9 || block(to) > 9 { return 0 }
      if block(from) == block(to) { return 4 + noise(pair) }
      return from < 16 && to >= 16 ? 0.3 + 0.1 * noise(pair) : 0
    }
  }

  private static func iteration(engine: Int, kind: SampleKind, _ calm: Bool) -> IterationSample {
    var spans: [PhaseSpan] = []
    var time: Float = 600
    let slow: Float = kind == .p99 ? 1.3 : 1
    func add(_ phase: Phase, _ layer: Int, _ length: Float, wait: Float = 0, die: Int = -1, lag: Float = 0) {
      spans.append(
        PhaseSpan(
          phase: phase, layer: Int16(layer), start: time, end: time + length, wait: wait, slowestDie: Int32(die),
          lag: lag))
      time += length
    }
    for layer in 3...60 {
      let n = noise(layer * 31 + engine)
      let hot: Float = layer == 23 && !calm && engine == 8 ? 90 : 12
      let die = !calm && engine == 8 && layer % 4 != 0 ? troubled : 300 + engine * 20 + (layer * 37) % 150
      add(.attention, layer, (360 + 20 * n) * slow, die: die, lag: hot)
      add(.dispatch, layer, 235 + hot * slow, wait: hot * slow)
      add(.moe, layer, (200 + 10 * n) * slow, die: layer == 23 ? 27 * 16 + 10 : die, lag: hot / 2)
      add(.combine, layer, 310 + hot / 2 * slow, wait: hot / 2 * slow)
    }
    return IterationSample(
      engine: engine, kind: kind, start: 52_326_500_000_000, duration: time + 200, gap: 2000, spans: spans)
  }

  /// A console that has watched the pod for two minutes.
  static func console(width: Int, height: Int, calm: Bool = false) -> ConsoleState {
    var state = calm ? calmConsole : troubledConsole
    _ = state.handle(.resize(columns: width, rows: height))
    return state
  }

  /// Sixty frames of some two kilobytes, the first one a whole screen.
  private static let costs = ScreenCosts(
    frames: (0..<60).map { index in
      let n = Double(noise(index))
      return FrameCost(
        bytes: index == 0 ? 11_480 : 2000 + Int(300 * n), milliseconds: index == 0 ? 4.1 : 0.9 + 0.2 * n,
        writeMilliseconds: 0.12 + 0.02 * n, paintMilliseconds: 1.1 + 0.1 * n)
    }, dropped: 3)

  private static let calmConsole = watched(calm: true)
  private static let troubledConsole = watched(calm: false)

  private static func watched(calm: Bool) -> ConsoleState {
    var state = ConsoleState(width: 80, height: 24, themes: ["calm", "light", "vivid"])
    for ago in stride(from: 119, through: 0, by: -1) {
      let observed = frame(secondsAgo: ago, calm: calm)
      var profiles: [Profile: [Float]] = [:]
      if ago == 0 {
        for profile in state.profiled {
          profiles[profile] = stride(from: 599, through: 0, by: -1).map { past in
            var old = Frame(time: 0, sequence: 0, layout: layout)
            fillPod(&old, past, calm)
            return old.value(profile.metric, profile.element) ?? .nan
          }
        }
      }
      state.observe(
        Observation(
          frame: observed, events: ago == 119 && !calm ? events : [], playback: Playback(), profiles: profiles,
          costs: costs))
    }
    state.selected = calm ? 256 : troubled
    return state
  }
}
