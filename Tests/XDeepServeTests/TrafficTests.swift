import Operations
import SuperPod
import Telemetry
import Testing
import XDeepServe

/// What moves is on links: bytes that leave somewhere arrive somewhere.
struct TrafficTests {
  private static func frames(_ scenario: Scenario, seconds: ClosedRange<Int>) throws -> [Frame] {
    var simulation = try Simulation(scenario)
    return try (1...seconds.upperBound).compactMap { second in
      simulation.advance(to: Int64(second) * 1_000_000_000)
      let broken = simulation.brokenInvariant()
      #expect(broken == nil)
      try #require(simulation.now > 0)
      return seconds.contains(second) ? simulation.frame(sequence: 0) : nil
    }
  }

  private static func sum(_ frames: [Frame], _ id: MetricID) -> Double {
    frames.reduce(0) { $0 + $1[id].reduce(0) { $0 + Double($1) } }
  }

  /// What prompts have in the pool comes from all nodes' CPUs, what they compute goes there: 39,040 bytes a token.
  @Test(arguments: [0.2, 0.7])
  func pooledPrefixesCrossTheLinks(hit: Double) throws {
    func run(_ hit: Double) throws -> [Frame] {
      var scenario = Scenarios.small(seed: 4, rate: 25, start: .steady, batch: 16)
      scenario.prefixHit = hit
      return try Self.frames(scenario, seconds: 10...60)
    }
    let frames = try run(hit)
    let tokens = Self.sum(frames, .inputTokens)
    let (up, down) = (Self.sum(frames, .nodeCPUUp), Self.sum(frames, .nodeCPUDown))
    let byte = 39_040e-9
    #expect(abs(up / (tokens * hit * byte) - 1) < 0.03, "fetched")
    #expect(abs(down / (tokens * (1 - hit) * byte) - 1) < 0.03, "stored")
    // Every node's CPUs hold as much.
    for frame in frames {
      let (least, most) = (frame[.nodeCPUUp].min() ?? 0, frame[.nodeCPUUp].max() ?? 0)
      #expect(most - least <= 1e-4 * most)
    }
    // Nothing of it without hits, and dies send and receive it all.
    let none = try run(0)
    #expect(Self.sum(none, .nodeCPUUp) == 0 && Self.sum(none, .nodeCPUDown) == 0)
    let (sent, received) = (Self.sum(frames, .dieLinkUp) + up, Self.sum(frames, .dieLinkDown) + down)
    #expect(abs(sent / received - 1) < 1e-4)
    #expect(abs(Self.sum(frames, .uplinkUp) / Self.sum(frames, .uplinkDown) - 1) < 1e-4)
  }

  /// A quarter of the lanes makes fetching from the pool take four times as long; the rest of a step is told apart by a
  /// prompt with as much to compute and nothing to fetch.
  @Test func fetchingTakesLongerOverANarrowWay() throws {
    func ttft(prompt: Int, hit: Double, narrow: Bool) throws -> Double {
      var scenario = Scenarios.small(seed: 4)
      scenario.prefixHit = hit
      scenario.workload = .poisson(ratePerSecond: 1, prompt: .fixed(prompt), output: .fixed(2))
      if narrow {
        // One link of the first die of each group.
        scenario.events = try (0..<8).map {
          try .init(parsing: "1s inject lanes-quarter at n\($0 / 4).c\($0 % 4 * 2).d0.sp0")
        }
      }
      var simulation = try Simulation(scenario)
      simulation.measureFrom = 2_000_000_000
      simulation.advance(to: 200_000_000_000)
      return try #require(simulation.report().ttft.p50)
    }
    let pooled = try ttft(prompt: 4000, hit: 0.8, narrow: true) - ttft(prompt: 4000, hit: 0.8, narrow: false)
    let rest = try ttft(prompt: 800, hit: 0, narrow: true) - ttft(prompt: 800, hit: 0, narrow: false)
    // 3,200 tokens of 39,040 bytes at 1.3 GB/s over the four dies of a group, three times that more.
    let fetch = 3200 * 39_040 / 1.3e9 / 4 * 1000
    #expect(rest > 0)
    #expect(abs((pooled - rest) / (3 * fetch) - 1) < 0.1, "\(pooled - rest) ms of \(3 * fetch)")
  }

  /// Experts of a prefill engine move over its dies' links, and lie where they should when they have come.
  @Test func prefillExpertsMoveOverLinks() throws {
    func run(_ balancer: Scenario.Balancer) throws -> (frames: [Frame], bytes: Double, moves: [Event]) {
      var scenario = Scenarios.small(seed: 4, rate: 6, start: .steady, batch: 16)
      scenario.prefixHit = 0
      scenario.experts = .init(skew: 12, driftSeconds: 60, balancer: balancer, intervalSeconds: 20)
      let frames = try Self.frames(scenario, seconds: 1...59)
      var simulation = try Simulation(scenario)
      simulation.advance(to: 59_000_000_000)
      return (frames, 0, simulation.events.filter { $0.text.hasPrefix("experts of such engines move") })
    }
    let (moved, _, moves) = try run(.podium)
    let (still, _, none) = try run(.static)
    #expect(moves.count == 2 && none.isEmpty)
    // The gigabytes that the event tells are on the links of both engines' dies in the next second or two.
    let told = try moves.map { try #require(Double($0.text.split(separator: " ").dropLast(2).last ?? "")) }
    for (place, begin) in [20, 40].enumerated() {
      var extra = 0.0
      for second in (begin)..<(begin + 4) {
        for die in 0..<32 {
          for link in (die * 7)..<(die * 7 + 7) {
            extra += Double(moved[second][.dieLinkDown][link]) - Double(still[second][.dieLinkDown][link])
          }
        }
      }
      #expect(abs(extra / (2 * told[place]) - 1) < 0.15, "\(extra) GB of \(2 * told[place])")
    }
  }
}
