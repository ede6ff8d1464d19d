import Testing

@testable import XDeepServe

/// What a future is drawn from.
struct ForesightTests {
  private static func mean(_ values: [Int32]) -> Double {
    values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  }

  /// Requests come all the time and make a token in each step; after some steps most of them still run.
  private static func seen(_ lengths: LengthSampler, steps: Int, seed: UInt64) -> (OutputLengths, ended: [Int32]) {
    var dice = RandomStream(seed: seed, name: "lengths")
    var outputs = OutputLengths()
    var ended: [Int32] = []
    for step in 0..<steps {
      for _ in 0..<4 {
        let length = lengths.draw(&dice)
        let made = min(length, Int32(steps - step))
        outputs.passed(from: 0, to: made)
        if made == length {
          outputs.ended(at: length)
          ended.append(length)
        }
      }
    }
    return (outputs, ended)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func whoStillRunsCountsForTheLengthOfOutputs(seed: UInt64) throws {
    let lengths = LengthSampler(Lengths(mean: 700, maximum: 20_000))
    var dice = RandomStream(seed: seed, name: "truth")
    let truth = Self.mean((0..<20_000).map { _ in lengths.draw(&dice) })
    let (outputs, ended) = Self.seen(lengths, steps: 1500, seed: seed)
    // Those that ended are the short ones.
    #expect(Self.mean(ended) < 0.85 * truth)
    let survival = try #require(outputs.drawn(&dice))
    let drawn = Self.mean((0..<20_000).map { _ in survival.draw(beyond: 0, &dice) })
    #expect(abs(drawn / truth - 1) < 0.1, "\(drawn) of \(truth)")
    // Who has made 900 tokens has more to come than who begins.
    let late = (0..<20_000).map { _ in survival.draw(beyond: 900, &dice) }
    #expect(late.allSatisfy { $0 > 900 })
    var all: [Int32] = []
    while all.count < 5000 {
      let length = lengths.draw(&dice)
      if length > 900 { all.append(length) }
    }
    #expect(abs(Self.mean(late) / Self.mean(all) - 1) < 0.25)
  }

  @Test func fixedLengthsStayWhatTheyAre() throws {
    let (outputs, _) = Self.seen(LengthSampler(.fixed(200)), steps: 600, seed: 4)
    var dice = RandomStream(seed: 4, name: "fixed")
    let survival = try #require(outputs.drawn(&dice))
    for _ in 0..<1000 { #expect((190...204).contains(survival.draw(beyond: 0, &dice))) }
  }

  @Test func tooFewEndsSayNothing() {
    var outputs = OutputLengths()
    var dice = RandomStream(seed: 1, name: "few")
    for _ in 0..<31 {
      outputs.passed(from: 0, to: 50)
      outputs.ended(at: 50)
    }
    #expect(outputs.drawn(&dice) == nil)
    outputs.passed(from: 0, to: 50)
    outputs.ended(at: 50)
    #expect(outputs.drawn(&dice) != nil)
    for _ in 0..<OutputLengths.windows { outputs.turn() }
    #expect(outputs.drawn(&dice) == nil)
  }

  @Test func aLoadThatHasJustChangedIsTheNewOne() throws {
    var traffic = ObservedTraffic()
    var dice = RandomStream(seed: 6, name: "rate")
    func rates() -> [Double] { (0..<400).compactMap { _ in traffic.drawn(&dice).rate } }
    for second in 0..<29 { traffic.turn(arrived: 90 + second % 3 * 10) }
    #expect(rates().isEmpty)
    for second in 29..<240 { traffic.turn(arrived: 90 + second % 3 * 10) }
    let steady = rates()
    let middle = steady.reduce(0, +) / 400
    #expect(abs(middle - 100) < 1)
    // Known as well as 24,000 arrivals let it be known.
    let spread = (steady.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / 400).squareRoot()
    #expect(spread > 0.4 && spread < 0.9)
    for _ in 0..<40 { traffic.turn(arrived: 130) }
    let risen = rates().reduce(0, +) / 400
    #expect(abs(risen - 130) < 2)
  }
}
