import Telemetry
import Testing

@testable import XDeepServe

/// Each test holds a mechanism that no published figure holds: take it out, and the test fails (docs/model.md).
struct RemovedMechanismTests {
  /// Every die with the same experts, requests and KV, so that nothing but noise tells dies apart.
  private func evenEngine() throws -> DecodeEngine {
    var scenario = Scenarios.peakDecode()
    scenario.experts.skew = 1
    scenario.experts.balancer = .none
    scenario.decode[0].redundant = 0
    var engine = try Simulation(scenario).decode[0]
    engine.setTrial(requestsPerDie: 60, context: 3000)
    return engine
  }

  @Test func attentionScattersFromDieToDie() throws {
    var engine = try evenEngine()
    engine.iterate()
    let lags = engine.records[1..<engine.expertLayers].map(\.attentionLag).sorted()
    #expect(lags[lags.count / 2] > 5, "\(lags[lags.count / 2]) µs")
  }

  /// What experts take scatters by 3 %; counts of rows scatter too, as a multinomial count does.
  @Test func rowsOfAnExpertScatter() throws {
    var engine = try evenEngine()
    engine.iterate()
    let lags = engine.records[..<engine.expertLayers].map(\.expertsLag).sorted()
    let mean = engine.sums.experts / Double(engine.dies * engine.expertLayers)
    // The largest of 288 normals lies 2.85 spreads out.
    #expect(Double(lags[lags.count / 2]) > 1.15 * 2.85 * Double(DecodeEngine.expertNoise) * mean)
  }

  @Test(arguments: [(0, 1.0), (1, 1.9), (2, 1.9 + 0.9 * 0.6)])
  func eachDraftLayerBringsItsTokens(drafts: Int, tokens: Double) throws {
    var scenario = Scenarios.peakDecode()
    scenario.decode[0].mtpLayers = drafts
    var simulation = try Simulation(scenario)
    simulation.advance(to: 5_000_000_000)
    #expect(abs(try #require(simulation.report().tokensPerStep) / tokens - 1) < 0.01)
  }

  /// KV crosses at one die's read rate after a handshake: 39,040 bytes a token, 164 GB/s, 200 µs.
  @Test func aTransferTakesItsHandshakeAndItsBytes() throws {
    var simulation = try Simulation(
      Scenarios.small(
        seed: 3, workload: .poisson(ratePerSecond: 10, prompt: .fixed(2048), output: .fixed(20))))
    simulation.advance(to: 10_000_000_000)
    let transfers = try #require(simulation.report().primitives[Primitive.sendRecv.index])
    #expect(abs(transfers.wireMean - (200 + 39_040 * 2048 / 164e3)) < 1, "\(transfers.wireMean) µs")
  }

  /// Two streams share a die's cores and pay twice for what is fixed: with few requests they are left.
  @Test func twoStreamsAreLeftWhereTheyDoNotPay() throws {
    func overlaps(_ batch: Int) throws -> Bool {
      var scenario = Scenarios.infer()
      scenario.decode[0].batch = batch
      guard case .closed(_, let prompt, let output) = scenario.workload else { return false }
      scenario.workload = .closed(requestsPerDie: batch, prompt: prompt, output: output)
      return try Simulation(scenario).decode[0].overlaps
    }
    #expect(try overlaps(48))
    #expect(try !overlaps(2))
  }

  /// Each stage of the expert dies holds one micro-batch at a time.
  @Test func aStageHoldsOneMicroBatch() throws {
    var scenario = Scenarios.splitDecode()
    scenario.experts.balancer = .none
    scenario.experts.skew = 12
    var engine = try Simulation(scenario).decode[0]
    engine.setTrial(requestsPerDie: 96, context: 100)
    engine.iterate()
    let each = engine.domains * engine.microBatches
    // A2E: no two lie over each other.
    var busy: [(start: Float, end: Float)] = []
    for layer in 0..<engine.expertLayers {
      for batch in 0..<engine.microBatches {
        for domain in 0..<engine.domains {
          let end = engine.records[layer * each + domain * engine.microBatches + batch].dispatchEnd
          let wire = engine.operations[layer * each + batch * engine.domains + domain].wire
          busy.append((end - wire, end))
        }
      }
    }
    busy.sort { $0.start < $1.start }
    for (one, next) in zip(busy, busy.dropFirst()) { #expect(next.start > one.end - 0.1) }
    // Experts: unbalanced, they hold their stage longest, and the iteration is no shorter than all of them together.
    let slowest =
      Double(engine.records[..<(engine.expertLayers * each)].reduce(0) { $0 + $1.expertsLag })
      + engine.sums.experts / Double(engine.expertDies)
    #expect(engine.duration > slowest * 0.98, "\(engine.duration) µs against \(slowest)")
  }

  /// A split engine of one iteration whose experts hold their stage longest.
  private func unbalancedSplit() throws -> DecodeEngine {
    var scenario = Scenarios.splitDecode()
    scenario.experts.balancer = .none
    scenario.experts.skew = 20
    var engine = try Simulation(scenario).decode[0]
    engine.setTrial(requestsPerDie: 96, context: 100)
    engine.iterate()
    return engine
  }

  /// Experts work on one micro-batch after the other: each ends at least what its slowest die lags after the one before.
  @Test func expertsHoldOneMicroBatch() throws {
    let engine = try unbalancedSplit()
    let each = engine.domains * engine.microBatches
    var before: Float = 0
    var longest: Float = 0
    for layer in 0..<engine.expertLayers {
      for batch in 0..<engine.microBatches {
        for domain in 0..<engine.domains {
          let record = engine.records[layer * each + domain * engine.microBatches + batch]
          #expect(record.expertsEnd >= before + record.expertsLag - 0.5)
          before = record.expertsEnd
          longest = max(longest, record.expertsLag)
        }
      }
    }
    #expect(longest > 100, "experts are what holds a stage here")
  }

  /// No die attends to a micro-batch before its results of the layer before have come back.
  @Test func aMicroBatchWaitsForItsResults() throws {
    let engine = try unbalancedSplit()
    let each = engine.domains * engine.microBatches
    var shortest = Float.infinity
    for v in 0..<engine.vectors { shortest = min(shortest, Lanes.smallest(engine.attentionINT8[v])) }
    for layer in 1..<engine.expertLayers {
      for place in 0..<each {
        let back = engine.records[(layer - 1) * each + place].combineEnd
        #expect(engine.records[layer * each + place].attentionEnd > back + 0.8 * shortest)
      }
    }
  }

  /// A mixed engine's prompts lengthen everybody's iteration, by their rows and by their attention.
  @Test func chunksLengthenTheIteration() throws {
    var scenario = Scenarios.small(seed: 1)
    scenario.prefill = []
    scenario.decode[0].layout = .mixed
    var engine = try Simulation(scenario).decode[0]
    engine.setTrial(requestsPerDie: 8, context: 2000)
    func duration(rows: Float, attention: Float) -> Double {
      var trial = engine
      trial.chunkRows[3][1] = rows
      trial.chunkAttention[3][1] = attention
      trial.iterate()
      return trial.duration
    }
    let none = duration(rows: 0, attention: 0)
    #expect(duration(rows: 1024, attention: 0) > none * 1.2)
    // 500 µs in each of 58 layers, and everybody waits.
    #expect(duration(rows: 0, attention: 500) > none + 58 * 400)
  }

  /// A group takes no request whose KV would not fit at its end; without room in any the request waits in prefill.
  @Test func aGroupTakesWhatItsMemoryHolds() throws {
    var engine = try Simulation(Scenarios.small(seed: 1)).decode[0]
    #expect(engine.choose(tokens: engine.capacity) == 0)
    #expect(engine.choose(tokens: engine.capacity + 1) == nil)
    for group in 0..<engine.dies { engine.reserve(group: group, tokens: engine.capacity - 1000) }
    #expect(engine.choose(tokens: 1001) == nil)
  }
}
