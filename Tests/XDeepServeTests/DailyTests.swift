import Operations
import Telemetry
import Testing
import XDeepServe

/// A load that follows the hours of a day.
struct DailyTests {
  private static let second: Int64 = 1_000_000_000

  private static func scenario(mean: Double, from hour: Double, seed: UInt64 = 2) -> Scenario {
    Scenarios.small(
      seed: seed, batch: 16,
      workload: .daily(
        meanPerSecond: mean, startSeconds: hour * 3600, prompt: .fixed(64), output: .fixed(2)))
  }

  /// Arrivals by slices of so many seconds.
  private static func arrivals(_ simulation: inout Simulation, slices: Int, seconds: Int64) -> [Double] {
    (0..<slices).map { _ in
      let before = simulation.requestTotals.arrived
      simulation.advance(to: simulation.now + seconds * second)
      return Double(simulation.requestTotals.arrived - before)
    }
  }

  /// The published hours of [D6], from 12:00.
  private static let published = [
    1.155, 1.219, 1.302, 1.322, 1.302, 1.189, 1.145, 1.263, 1.312, 1.317, 1.327, 1.273, 0.928, 0.766, 0.559, 0.338,
    0.269, 0.269, 0.338, 0.584, 0.987, 1.258, 1.302, 1.278,
  ]

  @Test func theCurveKeepsTheDaysMeanAndThePublishedHours() {
    var day = 0.0
    for (number, hour) in Self.published.enumerated() {
      let minutes = (0..<60).map { DailyCurve.multiple(atSecond: Double((12 + number) * 3600 + $0 * 60 + 30)) }
      let mean = minutes.reduce(0, +) / 60
      #expect(abs(mean / hour - 1) < 0.07, "hour \((12 + number) % 24)")
      day += mean
    }
    #expect(abs(day / 24 - 1) < 1e-4)
    // No jump anywhere, midnight included, and the same on every day.
    for minute in 0..<(24 * 60) {
      let (now, next) = (Double(minute) * 60, Double(minute + 1) * 60)
      #expect(abs(DailyCurve.multiple(atSecond: next) - DailyCurve.multiple(atSecond: now)) < 0.01)
      #expect(abs(DailyCurve.multiple(atSecond: now + 86_400 * 3) - DailyCurve.multiple(atSecond: now)) < 1e-9)
    }
  }

  /// The steepest hour, from the middle of one to the middle of the next: quarters of it bring what a straight line
  /// between the two asks for, within chance.
  @Test func theMorningRisesSteadily() throws {
    var simulation = try Simulation(Self.scenario(mean: 6, from: 7.5))
    let quarters = Self.arrivals(&simulation, slices: 4, seconds: 900)
    for (number, came) in quarters.enumerated() {
      let expected = 6 * 900 * (0.584 + (0.987 - 0.584) * (Double(number) + 0.5) / 4)
      #expect(abs(came / expected - 1) < 4 / expected.squareRoot(), "quarter \(number)")
    }
  }

  /// The phase: the same minutes at four in the morning and at ten in the evening.
  @Test(arguments: [(4.5, 0.269), (22.5, 1.327), (8.5, 0.987)])
  func theStartIsATimeOfDay(hour: Double, multiple: Double) throws {
    var simulation = try Simulation(Self.scenario(mean: 40, from: hour - 0.05))
    let came = Self.arrivals(&simulation, slices: 1, seconds: 360)[0]
    let expected = 40 * 360 * multiple
    #expect(abs(came / expected - 1) < 0.01 + 4 / expected.squareRoot())
  }

  @Test func oneSeedGivesOneDayHoweverTimeIsCut() throws {
    let scenario = Self.scenario(mean: 12, from: 7)
    var (once, often) = (try Simulation(scenario), try Simulation(scenario))
    once.advance(to: 90 * Self.second)
    for step in 1...900 { often.advance(to: Int64(step) * Self.second / 10) }
    #expect(once.digest.text == often.digest.text)
    var other = try Simulation(Self.scenario(mean: 12, from: 7, seed: 3))
    other.advance(to: 90 * Self.second)
    #expect(other.digest.text != once.digest.text)
  }

  /// What multiplies arrivals multiplies these too, and a system at rest is the one that the hour keeps running.
  @Test func theHourMakesTheSteadyStartAndTrafficMultipliesIt() throws {
    func running(_ hour: Double) throws -> Double {
      var scenario = Scenarios.small(seed: 2, start: .steady, batch: 16)
      scenario.workload = .daily(
        meanPerSecond: 20, startSeconds: hour * 3600, prompt: .fixed(900), output: .fixed(200))
      var simulation = try Simulation(scenario)
      simulation.advance(to: Self.second)
      return simulation.lastSecond.runningSeconds
    }
    let (night, evening) = (try running(4.5), try running(22.5))
    #expect(night > 0 && evening > 3 * night)
    var simulation = try Simulation(Self.scenario(mean: 40, from: 4.45))
    try simulation.perform(Action(parsing: "traffic x3"))
    let came = Self.arrivals(&simulation, slices: 1, seconds: 360)[0]
    #expect(abs(came / (40 * 360 * 0.269 * 3) - 1) < 0.05)
    try simulation.perform(Action(parsing: "inject surge by 2"))
    let more = Self.arrivals(&simulation, slices: 1, seconds: 100)[0]
    #expect(abs(more / (40 * 100 * 0.269 * 6) - 1) < 0.15)
  }
}
