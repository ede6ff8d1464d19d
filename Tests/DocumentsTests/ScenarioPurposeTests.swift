import Documents
import Operations
import Testing
import XDeepServe

/// Each built-in scenario does what it is for.
struct ScenarioPurposeTests {
  private func report(_ name: String, set: [String] = [], from: Int64 = 0, seconds: Int64) throws -> RunReport {
    var document = try ScenarioDocument(named: name)
    for override in set { try document.set(override) }
    var simulation = try Simulation(try document.read().scenario)
    simulation.measureFrom = from * 1_000_000_000
    simulation.advance(to: seconds * 1_000_000_000)
    return simulation.report()
  }

  @Test func theDefaultKeepsItsTargets() throws {
    let report = try report("default", from: 10, seconds: 70)
    #expect(try #require(report.ttft.mean) < 2000)
    #expect(try #require(report.tpot.p99) < 50)
    #expect(try #require(report.sloShare) > 0.98)
  }

  @Test func hotExpertsBreakTPOTAndBalancingHoldsIt() throws {
    let hot = try report("expert-hotspot", from: 60, seconds: 150)
    #expect(try #require(hot.tpot.mean) > 50)
    #expect(try #require(hot.ttft.mean) < 2000)
    let balanced = try report("expert-hotspot", set: ["experts.balancer=podium"], from: 60, seconds: 150)
    #expect(try #require(balanced.tpot.mean) < 50)
    #expect(try #require(balanced.sloShare) > 0.95)
  }

  @Test func thePeersLoadIsServedWithoutAQueue() throws {
    let report = try report("peer-pd", seconds: 60)
    #expect(report.requests.waiting < 50)
    #expect(report.requests.timedOut == 0 && report.requests.failed == 0)
    #expect(report.requests.finished > report.requests.arrived / 2)
  }

  /// The load is the peer's: more prompt tokens a die than the machine prefills, so that a queue grows.
  @Test func theMixedPeerPrefillsAndDecodesOnTheSameDies() throws {
    let report = try report("peer-dp", seconds: 70)
    #expect(report.requests.finished > 0)
    #expect(report.requests.waiting > report.requests.arrived / 5)
    #expect(report.requests.failed == 0)
    #expect(report.prefillTokensPerSecondPerNPU == nil)
    #expect(try #require(report.ttft.mean) > 0)
  }

  /// Without `--trace` it runs a made sample and says so; prompts find what earlier ones left.
  @Test func theMooncakePeerEndsEveryRequestAndReusesPrompts() throws {
    let report = try report("peer-mooncake", seconds: 150)
    #expect(report.requests.finished == 240 && report.requests.arrived == 240)
    #expect(try #require(report.prefixHitShare) > 0.1)
    #expect(try #require(report.workloadNote).contains("made sample"))
  }

  /// More prompts than one engine takes: it works at its peak, and the queue grows.
  @Test func theOtherStacksPrefillRunsAtItsPeak() throws {
    let report = try report("cm-prefill", from: 10, seconds: 60)
    #expect(report.requests.waiting > 100)
    #expect(report.requests.timedOut == 0 && report.requests.failed == 0)
    #expect(try #require(report.prefillTokensPerSecondPerNPU) > 5300)
  }

  @Test func productionMeetsBothLatenciesAtOnce() throws {
    let report = try report("production", from: 20, seconds: 140)
    #expect(try #require(report.ttft.mean) < 1000)
    #expect(try #require(report.tpot.mean) < 35)
    #expect(report.requests.timedOut == 0 && report.requests.failed == 0)
  }

  /// The published peaks, from the files that people run: TPOT and tokens a second and NPU.
  @Test(arguments: [
    ("peak-decode", 50.0, 2400.0, 0.03), ("split-decode", 49.5, 2400, 0.05), ("cm-infer", 49.4, 1943, 0.05),
  ])
  func peaksAreThePublishedOnes(name: String, tpot: Double, tokens: Double, tolerance: Double) throws {
    let report = try report(name, from: 2, seconds: 22)
    #expect(abs(try #require(report.tpot.mean) / tpot - 1) < tolerance)
    #expect(abs(try #require(report.outputTokensPerSecondPerNPU) / tokens - 1) < tolerance)
    // Every slot is taken, and nothing arrives but what replaces what ended.
    #expect(report.requests.waiting == 0 && report.requests.failed == 0)
  }

  private func report(_ name: String, doing line: String?, from: Int64, seconds: Int64) throws -> RunReport {
    var scenario = try ScenarioDocument(named: name).read().scenario
    if let line { scenario.events.append(try ScheduledAction(parsing: line)) }
    var simulation = try Simulation(scenario)
    simulation.measureFrom = from * 1_000_000_000
    simulation.advance(to: seconds * 1_000_000_000)
    return simulation.report()
  }

  @Test func serversThatMoveToPrefillEndTheSurge() throws {
    let surge = try report("prefill-surge", doing: nil, from: 90, seconds: 150)
    #expect(try #require(surge.ttft.mean) > 5000)
    #expect(try #require(surge.tpot.mean) < 50)
    let mended = try report("prefill-surge", doing: "40s pd +2p", from: 330, seconds: 380)
    #expect(try #require(mended.ttft.p99) < 2000)
    #expect(try #require(mended.sloShare) > 0.98)
  }

  @Test func serversThatMoveToDecodeEndTheWaiting() throws {
    let starved = try report("decode-starved", doing: nil, from: 40, seconds: 150)
    #expect(try #require(starved.tpot.mean) > 50)
    #expect(try #require(starved.ttft.mean) < 2000)
    #expect(starved.requests.waiting > 300)
    let mended = try report("decode-starved", doing: "20s pd +2d", from: 330, seconds: 380)
    #expect(try #require(mended.tpot.p99) < 50)
    #expect(mended.requests.waiting < 50)
  }

  @Test(arguments: ["cm192", "cm256", "cm288", "cm352", "atlas950", "atlas960"])
  func podsOfEverySizeKeepTheirTargets(name: String) throws {
    let large = name.hasPrefix("atlas")
    let report = try report(name, from: large ? 1 : 10, seconds: large ? 4 : 40)
    #expect(try #require(report.ttft.mean) < 1000)
    #expect(try #require(report.tpot.p99) < 50)
    #expect(report.requests.timedOut == 0 && report.requests.failed == 0)
    #expect(report.requests.waiting < report.requests.arrived / 20)
  }
}
