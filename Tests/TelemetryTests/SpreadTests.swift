import Telemetry
import Testing

/// Histograms that are kept by the second.
@Suite struct SpreadTests {
  private static func values(_ seed: UInt64, _ count: Int) -> [Float] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 33) / Float(1 << 31) * 90_000 + 300
    }
  }

  private static func spread(_ values: [Float]) -> Spread {
    var histogram = LogHistogram()
    for value in values { histogram.add(value) }
    return Spread(histogram)
  }

  /// A bucket is 3.2 % wide: what it says lies as near to the truth.
  @Test(arguments: [0.5, 0.9, 0.99]) func quantilesAreTrueToABucket(_ share: Double) throws {
    let values = Self.values(7, 20_000)
    let truth = values.sorted()[Int(share * 20_000)]
    let told = try #require(Self.spread(values).quantile(share))
    #expect(abs(told - truth) < 0.033 * truth)
  }

  @Test func whatIsAddedAndTakenAwayAgainLeavesTheRest() {
    let parts = (1...6).map { Self.spread(Self.values(UInt64($0), 50 * $0).map { $0 * Float($0 > 20_000 ? 1 : 20) }) }
    var sum = Spread()
    for (index, part) in parts.enumerated() {
      sum += part
      if index >= 2 { sum -= parts[index - 2] }
      let want = index == 0 ? part : parts[index - 1] + part
      #expect(sum.total == want.total)
      for share in [0.01, 0.5, 0.99, 1] { #expect(sum.quantile(share) == want.quantile(share)) }
    }
    #expect(Spread().quantile(0.5) == nil && (Spread() + parts[0]) == parts[0])
  }

  /// A future's p99 is that of all its requests, not a mean of seconds' p99s.
  @Test func aPercentileOfSomeSecondsIsThatOfAllTheirRequests() throws {
    func second(_ milliseconds: Float, _ count: UInt32) -> Outlook {
      var histogram = LogHistogram()
      histogram.add(milliseconds * 1000, count: count)
      var outlook = Outlook()
      outlook.ttftSpread = Spread(histogram)
      return outlook
    }
    let seconds = [second(100, 970), second(900, 30)]
    let value = try #require(Futures.Measure.ttftP99.value(over: seconds[...]))
    #expect(value > 870 && value < 930)
    #expect(Futures.Measure.ttftP99.value(seconds[0] + seconds[1]) == value)
    #expect(try #require(Futures.Measure.ttftP50.value(over: seconds[...])) < 105)
    #expect(Futures.Measure.ttftP99.value(over: [Outlook()][...]) == nil)
  }
}
