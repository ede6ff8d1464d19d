import Telemetry
import Testing

@Suite struct LogHistogramTests {
  @Test(arguments: [1, 2, 3]) func quantilesLieWithinABucketOfTheExactOnes(_ seed: UInt64) throws {
    var dice = Dice(seed)
    var histogram = LogHistogram()
    var values: [Float] = []
    for _ in 0..<20_000 {
      // Over five decades, dense in the middle.
      let decade = (dice.unit() + dice.unit()) * 2.5
      var value: Float = 3000
      for _ in 0..<Int(abs(decade)) { value *= decade < 0 ? 0.1 : 10 }
      value *= 1.5 + dice.unit() * 0.5
      values.append(value)
      histogram.add(value)
    }
    values.sort()
    for share in [0.01, 0.25, 0.5, 0.9, 0.99, 0.999] {
      let exact = values[Int(share * Double(values.count - 1))]
      let found = try #require(histogram.quantile(share))
      #expect(abs(found - exact) <= exact * 0.017 + 1, "\(share): \(found) for \(exact)")
    }
    #expect(histogram.quantile(0) == values[0] && histogram.quantile(1) == values[values.count - 1])
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    #expect(abs(try #require(histogram.mean) - mean) < mean * 1e-6)
  }

  @Test func bucketsMeetAtTheirEdgesAndStopAtTheEnds() {
    for bucket in stride(from: 1, to: LogHistogram.bucketCount - 1, by: 13) {
      let edge = LogHistogram.edge(bucket)
      #expect(LogHistogram.bucket(edge) == bucket && LogHistogram.bucket(edge.nextDown) == bucket - 1)
      #expect(LogHistogram.edge(bucket + 1) / edge < 1.017)
    }
    for value: Float in [-3, 0, 0.5, 1, .nan] { #expect(LogHistogram.bucket(value) == 0) }
    for value: Float in [134_217_728, 1e20, .infinity] {
      #expect(LogHistogram.bucket(value) == LogHistogram.bucketCount - 1)
    }
  }

  @Test func mergingIsAddingAndResettingForgets() throws {
    var (left, right, both) = (LogHistogram(), LogHistogram(), LogHistogram())
    #expect(left.quantile(0.5) == nil && left.mean == nil)
    left.merge(right)
    for value in 1...100 {
      left.add(Float(value) * 10, count: 2)
      right.add(Float(value))
      both.add(Float(value) * 10, count: 2)
    }
    for value in 1...100 { both.add(Float(value)) }
    left.merge(right)
    #expect(left == both && left.total == 300 && left.minimum == 1 && left.maximum == 1000)
    left.reset()
    #expect(left.total == 0 && left.quantile(0.5) == nil)
    left.add(7)
    #expect(left.quantile(0.5) == 7)
  }
}
