import Testing

@testable import XDeepServe

struct MechanismTests {
  @Test func elementaryFunctionsAreRightWithoutTheLibrary() {
    for step in -300...300 {
      let x = Double(step) / 7
      #expect(abs(PortableMath.ln(PortableMath.exp(x)) - x) < 1e-11)
    }
    #expect(abs(PortableMath.exp(1) - 2.718_281_828_459_045) < 1e-14)
    #expect(abs(PortableMath.ln(10) - 2.302_585_092_994_046) < 1e-14)
    #expect(abs(PortableMath.normalQuantile(0.975) - 1.959_963_985) < 1e-8)
  }

  @Test func streamsOfOneSeedAreIndependent() {
    var one = RandomStream(seed: 1, name: "a")
    var two = RandomStream(seed: 1, name: "b")
    #expect(one.bits() != two.bits())
    var mean = 0.0
    for _ in 0..<10_000 { mean += one.exponential() }
    #expect(abs(mean / 10_000 - 1) < 0.05)
  }

  @Test(arguments: [(288, 32, 288), (192, 32, 96), (64, 8, 256)])
  func everyExpertIsServedAndEveryRowFindsADie(dies: Int, shared: Int, redundant: Int) {
    let popularity = ExpertPopularity(layers: 4, experts: 256, skew: 12, driftSeconds: 300, seed: 3)
    let placement = ExpertPlacement(
      layers: 4, experts: 256, dies: dies, sharedCopies: shared, redundant: redundant, observed: popularity.shares,
      sharedShare: 1 / 8, policy: .greedy)
    for count in placement.replicas { #expect(count >= 1) }
    var rows = [Float](repeating: 0, count: 4 * dies)
    placement.rowsPerRow(shares: popularity.shares, topK: 8, into: &rows)
    for layer in 0..<4 {
      // Eight routed copies and one for the shared expert.
      let sum = rows[(layer * dies)..<((layer + 1) * dies)].reduce(0, +)
      #expect(abs(sum - 9) < 1e-3)
      // A die never holds an expert twice.
      for die in 0..<dies {
        let base = (layer * dies + die) * placement.slotsPerDie
        let held = placement.slots[base..<(base + placement.slotsPerDie)].filter { $0 >= 0 }
        #expect(Set(held).count == held.count)
      }
    }
  }

  @Test func replicasBalanceWhatSkewUnbalances() {
    let popularity = ExpertPopularity(layers: 8, experts: 256, skew: 12, driftSeconds: 300, seed: 5)
    #expect((9...16).contains(popularity.hottestOverMean))
    func imbalance(replicate: Bool) -> Float {
      let placement = ExpertPlacement(
        layers: 8, experts: 256, dies: 288, sharedCopies: 32, redundant: 288, observed: popularity.shares,
        sharedShare: 1 / 8, policy: replicate ? .greedy : .order)
      var rows = [Float](repeating: 0, count: 8 * 288)
      placement.rowsPerRow(shares: popularity.shares, topK: 8, into: &rows)
      let worst = (0..<8).map { rows[($0 * 288)..<(($0 + 1) * 288)].max() ?? 0 }.reduce(0, +) / 8
      return worst / (9 / 288)
    }
    #expect(imbalance(replicate: false) > 5)
    // On the very loads that were observed replicas level nearly everything.
    #expect(imbalance(replicate: true) < 1.35)
  }

  @Test func lengthsHaveTheMeanTheyAskFor() {
    for lengths in [Lengths(mean: 2000, maximum: 64000), Lengths(mean: 700), Lengths(mean: 13000, median: 6000)] {
      let sampler = LengthSampler(lengths)
      var stream = RandomStream(seed: 2, name: "lengths")
      var sum = 0.0
      for _ in 0..<40_000 { sum += Double(sampler.draw(&stream)) }
      #expect(abs(sum / 40_000 / lengths.mean - 1) < 0.06)
    }
  }

  @Test func barriersMakeEveryoneWaitForTheSlowest() throws {
    // The same pod without noise sources would wait less: more requests on one die lengthen everybody's iteration.
    let simulation = try Simulation(Scenarios.peakDecode())
    var even = simulation.decode[0]
    even.setTrial(requestsPerDie: 30, context: 3000)
    var uneven = even
    uneven.count[17] = 60
    uneven.kv[17] *= 2
    even.iterate()
    uneven.iterate()
    #expect(uneven.duration > even.duration * 1.1)
    let mean = uneven.waits.reduce(Float(0)) { $0 + $1.sum() } / 288
    #expect(uneven.waits[17 / Lanes.count][17 % Lanes.count] < mean / 2)
  }

  /// K12: without the measures against jitter the first dispatch can exceed 100 ms, with them it does not.
  @Test func jitterMeasuresKeepTheFirstDispatchShort() throws {
    func longest(_ measures: JitterMeasures) throws -> Double {
      var simulation = try Simulation(Scenarios.peakDecode(seed: 3))
      simulation.decode[0].jitter = measures
      simulation.advance(to: 60_000_000_000)
      return try #require(simulation.report().primitives[0]).maximum / 1000
    }
    var off = JitterMeasures()
    off.pin = false
    off.graph = false
    off.gc = false
    #expect(try longest(JitterMeasures()) < 10)
    #expect(try longest(off) > 100)
    // Each measure helps by itself.
    var one = JitterMeasures()
    one.pin = false
    #expect(try longest(one) > 20)
  }

  @Test func aScenarioThatDoesNotFitSaysWhere() {
    func problem(_ change: (inout Scenario) -> Void) -> String? {
      var scenario = Scenarios.standard()
      change(&scenario)
      do {
        _ = try Simulation(scenario)
        return nil
      } catch { return error.key }
    }
    #expect(problem { $0.decode[1].dies = 200 } == "decode.1.dies")
    #expect(problem { $0.decode[1].redundant = 10 } == "decode.1.redundant")
    #expect(problem { $0.spare = 3 } == "spare")
    #expect(problem { $0.prefill = [] } == "spare")
    #expect(problem { $0.decode = [] } == "decode")
    #expect(problem { _ in } == nil)
  }
}
