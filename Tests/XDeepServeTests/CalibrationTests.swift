import Telemetry
import Testing

@testable import XDeepServe

/// The published calibration table (docs/model.md): the rows stand in `Calibration`, the command prints the same ones.
struct CalibrationTests {
  @Test(arguments: Calibration.Part.allCases)
  func everyFigureLiesWithinItsTolerance(part: Calibration.Part) throws {
    let rows = try Calibration.rows(of: part)
    #expect(!rows.isEmpty)
    for row in rows {
      #expect(row.passes, "\(row.id) \(row.figure): \(row.model ?? .nan) against \(row.target), \(row.tolerance)")
    }
  }

  @Test func everyRowOfTheTableIsThereOrStillToCome() throws {
    var ids = Set(Calibration.later.map(\.id))
    for part in Calibration.Part.allCases { ids.formUnion(try Calibration.rows(of: part).map(\.id)) }
    #expect(ids == Set((1...12).map { "K\($0)" }))
  }

  /// What no figure of the model is near must not pass: each tolerance at its edge.
  @Test(arguments: [
    (100.0...100.0, CalibrationRow.Tolerance.share(0.03), 102.9, true), (100...100, .share(0.03), 96.9, false),
    (49...50, .share(0.03), 51.4, true), (49...50, .share(0.03), 51.6, false), (49...50, .share(0.03), 49.5, true),
    (22...22, .points(2), 24, true), (22...22, .points(2), 19.9, false),
    (100...100, .factor(2), 50, true), (100...100, .factor(2), 201, false), (100...100, .factor(2), 49, false),
    (40...100, .range, 40, true), (40...100, .range, 39.9, false), (100...Double.infinity, .range, 1e6, true),
    (0...100, .range, .nan, false),
  ])
  func toleranceEndsWhereItSays(
    target: ClosedRange<Double>, tolerance: CalibrationRow.Tolerance, model: Double, passes: Bool
  ) {
    #expect(CalibrationRow("K0", "made", target, tolerance, model: model).passes == passes)
  }

  /// K1 and K3 of other seeds: the table's figures are no lucky draw.
  @Test(arguments: [7, 23] as [UInt64])
  func otherSeedsMeetThePeakToo(seed: UInt64) throws {
    var simulation = try Simulation(Scenarios.peakDecode(seed: seed))
    simulation.measureFrom = 2_000_000_000
    simulation.advance(to: 62_000_000_000)
    let report = simulation.report()
    let tpot = try #require(report.tpot.mean)
    let perNPU = try #require(report.outputTokensPerSecondPerNPU)
    #expect(abs(tpot / 50 - 1) < 0.03, "TPOT \(tpot) ms")
    #expect(abs(perNPU / 2400 - 1) < 0.03, "\(perNPU) tokens/s per NPU")
    for primitive in [Primitive.dispatch, .combine] {
      let calls = try #require(report.primitives[primitive.index])
      #expect(abs(calls.wireMean + calls.waitMean - calls.mean) < 1e-6)
      // Every die, layer and iteration is one call.
      #expect(calls.calls % (288 * 58) == 0)
    }
  }

  /// Six micro-batches share each of 58 layers and three stages, and each is one call of A2E and one of E2A.
  @Test func everyMicroBatchPassesEveryStage() throws {
    var simulation = try Simulation(Scenarios.splitDecode())
    simulation.advance(to: 5_000_000_000)
    let report = simulation.report()
    let send = try #require(report.primitives[Primitive.a2e.index])
    let back = try #require(report.primitives[Primitive.e2a.index])
    #expect(send.calls % (58 * 6) == 0 && send.calls == back.calls)
  }

  /// Micro-batches of the second stack are taken because they pay, not because the scenario says so.
  @Test func twoStreamsPay() throws {
    func iteration(_ microBatches: Int) throws -> Double {
      var scenario = Scenarios.infer()
      scenario.decode[0].microBatches = microBatches
      var simulation = try Simulation(scenario)
      simulation.advance(to: 5_000_000_000)
      return try #require(simulation.report().iteration.mean)
    }
    #expect(try iteration(1) > iteration(2))
  }
}
