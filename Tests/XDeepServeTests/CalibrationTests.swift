import Telemetry
import Testing
import XDeepServe

/// Rows of the published calibration table (docs/model.md) that the slice built so far must meet.
struct CalibrationTests {
  /// K1: iteration 93 ms + gap 2 ms, TPOT 50 ms, 2,400 tokens/s per NPU, 345K in all, each within 3 %.
  @Test(arguments: [1, 7] as [UInt64])
  func colocatedDecodeMeetsK1(seed: UInt64) throws {
    var simulation = try Simulation(Scenarios.peakDecode(seed: seed))
    simulation.measureFrom = 2_000_000_000
    simulation.advance(to: 62_000_000_000)
    let report = simulation.report()
    let iteration = try #require(report.iteration.mean)
    let tpot = try #require(report.tpot.mean)
    let perNPU = try #require(report.outputTokensPerSecondPerNPU)
    let whole = try #require(report.outputTokensPerSecond)
    #expect(abs(iteration / 93 - 1) < 0.03, "iteration \(iteration) ms")
    #expect(report.gapMilliseconds == 2)
    #expect(abs(tpot / 50 - 1) < 0.03, "TPOT \(tpot) ms")
    #expect(abs(perNPU / 2400 - 1) < 0.03, "\(perNPU) tokens/s per NPU")
    #expect(abs(whole / 345_000 - 1) < 0.03, "\(whole) tokens/s")
  }

  /// K4: A2E 172, MoE 120, E2A 193 µs alone, 0.7 ms of attention, a forward of about 93 ms, 2,400 tokens/s per NPU.
  @Test func splitDecodeMeetsK4() throws {
    var simulation = try Simulation(Scenarios.splitDecode())
    simulation.measureFrom = 1_000_000_000
    simulation.advance(to: 11_000_000_000)
    let report = simulation.report()
    let send = try #require(report.primitives[Primitive.a2e.index])
    let back = try #require(report.primitives[Primitive.e2a.index])
    #expect(abs(send.wireMean / 172 - 1) < 0.03, "A2E \(send.wireMean)")
    #expect(abs(back.wireMean / 193 - 1) < 0.03, "E2A \(back.wireMean)")
    let forward = try #require(report.iteration.mean)
    #expect((92.2...95.8).contains(forward), "forward \(forward)")
    let tpot = try #require(report.tpot.mean)
    #expect((49 * 0.97...50 * 1.03).contains(tpot), "TPOT \(tpot)")
    let perNPU = try #require(report.outputTokensPerSecondPerNPU)
    #expect(abs(perNPU / 2400 - 1) < 0.05, "\(perNPU)")
    // Six micro-batches share each of 58 layers and three stages.
    #expect(send.calls % (58 * 6) == 0 && send.calls == back.calls)

    let sample = try #require(simulation.frame(sequence: 0).iterations.first)
    func median(_ phase: Phase) -> Double {
      let lengths = sample.spans.filter { $0.phase == phase && $0.layer < 61 }.map { Double($0.end - $0.start) }
        .sorted()
      return lengths[lengths.count / 2]
    }
    #expect(abs(median(.moe) / 120 - 1) < 0.03, "MoE \(median(.moe))")
    // The published sum gives attention 0.7 × 2 × 61 ms: two micro-batches one after the other, layer by layer.
    let starts = sample.spans.filter { $0.phase == .attention && $0.domain == 1 && $0.microBatch == 0 && $0.layer < 61 }
      .map { Double($0.start) }
    let attention = (starts[starts.count - 1] - starts[0]) / Double(starts.count - 1) * 58
    #expect(abs(attention / 85_400 - 1) < 0.03, "attention \(attention)")
  }

  /// K5: TPOT 49.4 ms and 1,943 tokens/s per NPU within 5 %, at a rank max/mean of about 1.5.
  @Test func theOtherStackMeetsK5() throws {
    var simulation = try Simulation(Scenarios.infer())
    simulation.measureFrom = 2_000_000_000
    simulation.advance(to: 32_000_000_000)
    let report = simulation.report()
    let tpot = try #require(report.tpot.mean)
    let perNPU = try #require(report.outputTokensPerSecondPerNPU)
    #expect(abs(tpot / 49.4 - 1) < 0.05, "TPOT \(tpot)")
    #expect(abs(perNPU / 1943 - 1) < 0.05, "\(perNPU)")
    // Micro-batches are taken because they pay, not because the scenario says so.
    var alone = Scenarios.infer()
    alone.decode[0].microBatches = 1
    var slower = try Simulation(alone)
    slower.advance(to: 5_000_000_000)
    #expect(try #require(slower.report().iteration.mean) > #require(report.iteration.mean))
    let shares = try #require(report.shares)
    #expect(shares.others > 0)
  }

  /// K3: the 58 calls of a main forward, all dies, 50 iterations, median over five seeds; mean and min within 8 %, max
  /// within a factor of two.
  @Test func dispatchAndCombineMeetK3() throws {
    var rows: [[PrimitiveSummary]] = []
    for seed in 1...5 as ClosedRange<UInt64> {
      var simulation = try Simulation(Scenarios.peakDecode(seed: seed))
      simulation.advance(to: 50 * 95_000_000)
      let report = simulation.report()
      rows.append([
        try #require(report.primitives[Primitive.dispatch.index]),
        try #require(report.primitives[Primitive.combine.index]),
      ])
    }
    func median(_ place: Int, _ figure: KeyPath<PrimitiveSummary, Double>) -> Double {
      rows.map { $0[place][keyPath: figure] }.sorted()[2]
    }
    for (place, minimum, mean, maximum) in [(0, 185.0, 234.0, 1231.0), (1, 165.0, 312.0, 2939.0)] {
      let name = place == 0 ? "dispatch" : "combine"
      #expect(abs(median(place, \.minimum) / minimum - 1) < 0.08, "\(name) min \(median(place, \.minimum))")
      #expect(abs(median(place, \.mean) / mean - 1) < 0.08, "\(name) mean \(median(place, \.mean))")
      #expect((maximum / 2...maximum * 2).contains(median(place, \.maximum)), "\(name) max \(median(place, \.maximum))")
      for row in rows { #expect(abs(row[place].wireMean + row[place].waitMean - row[place].mean) < 1e-6) }
    }
    // Every die, layer and iteration is one call.
    #expect(rows[0][0].calls % (288 * 58) == 0)
  }
}
