import Operations
import Telemetry
import Testing
import XDeepServe

struct BackgroundFaultTests {
  /// Ten million hours of a CM384: each class comes as often as published, within four standard deviations.
  @Test func everyClassComesAtItsPublishedRate() {
    var faults = BackgroundFaults(npus: 384, seed: 3, scale: 1)
    let span = 1e7
    // Processors, memory, software, network, hosts ([L3], table 5).
    let published = [0.35, 0.17, 0.13, 0.08, 0.08]
    var all = 0
    for component in BackgroundFaults.Component.allCases {
      var (count, time, longest) = (0, faults.gap(component), 0.0)
      while time < span {
        count += 1
        let gap = faults.gap(component)
        longest = max(longest, gap)
        time += gap
      }
      let share = published[component.rawValue]
      let expected = span / 132 * share
      #expect(abs(Double(count) - expected) < 4 * expected.squareRoot(), "\(component): \(count) of \(expected)")
      // Exponential gaps: the longest of n is about ln n means, even ones would be one mean.
      #expect(longest > 4 * 132 / share)
      all += count
    }
    #expect(abs(Double(all) - span / 132 * 0.81) < 4 * (span / 132 * 0.81).squareRoot())
  }

  /// Half the NPUs have half as many faults; ten times the rates ten times as many.
  @Test func ratesGoWithThePodAndTheScale() {
    func mean(npus: Int, scale: Double) -> Double {
      var faults = BackgroundFaults(npus: npus, seed: 9, scale: scale)
      return (0..<4000).reduce(0) { sum, _ in sum + faults.gap(.processor) } / 4000
    }
    let one = mean(npus: 384, scale: 1)
    #expect(abs(one - 132 / 0.35) < 132 / 0.35 * 0.07)
    #expect(abs(mean(npus: 192, scale: 1) / one - 2) < 1e-9)
    #expect(abs(mean(npus: 384, scale: 10) / one - 0.1) < 1e-9)
  }

  private static func run(seed: UInt64, scale: Double, seconds: Int64) throws -> Simulation {
    var scenario = Scenarios.pair(seed: seed, rate: 4)
    scenario.backgroundFaults = scale
    var simulation = try Simulation(scenario)
    for second in stride(from: 60, through: seconds, by: 60) {
      simulation.advance(to: second * 1_000_000_000)
      let broken = simulation.brokenInvariant()
      #expect(broken == nil, "\(broken ?? "") at \(second)")
    }
    return simulation
  }

  /// An hour at twenty thousand times the rates: as many as expected, each repaired after its time, nothing lost.
  @Test func theyStrikeAPodAndAreRepaired() throws {
    let simulation = try Self.run(seed: 4, scale: 20_000, seconds: 7200)
    let refused = simulation.events.count { $0.text.hasPrefix("no ") }
    let came = simulation.incidents.count + refused
    let expected = 7200 / (132 * 3600) * 20_000 * 0.5 * 0.81
    #expect(abs(Double(came) - expected) < 4 * expected.squareRoot(), "\(came) of \(expected)")
    #expect(Set(simulation.incidents.map(\.injection.fault)).count >= 6)
    for incident in simulation.incidents {
      let wanted: ClosedRange<Double> =
        switch incident.injection.fault {
        case .die: 150...150
        case .npu: 180...180
        case .hbmECC, .linkDown, .linkFlap: 120...120
        case .node, .optics, .lanesHalf: 3600...3600
        case .hungExecutor, .dpMaster: 600...600
        default: 8...8
        }
      let due = Double(simulation.now - incident.began) / 1e9 > wanted.upperBound
      let lasted = incident.ended.map { Double($0 - incident.began) / 1e9 }
      #expect(lasted.map(wanted.contains) ?? !due, "\(incident.injection)")
    }
    #expect(simulation.incidents.count { $0.ended != nil } > 20)
    let other = try Self.run(seed: 5, scale: 20_000, seconds: 600)
    let same = try Self.run(seed: 4, scale: 20_000, seconds: 600)
    let first = simulation.incidents.prefix { $0.began <= 600_000_000_000 }.map(\.injection)
    #expect(same.incidents.map(\.injection) == first)
    #expect(other.incidents.map(\.injection) != first)
  }

  @Test func withoutTheKeyNothingComes() throws {
    #expect(try Self.run(seed: 4, scale: 0, seconds: 600).incidents.isEmpty)
  }

  /// What happens to requests does not move the faults: they come at the same times under another load.
  @Test func theyDependOnTheSeedAlone() throws {
    func times(rate: Double) throws -> [Int64] {
      var scenario = Scenarios.pair(seed: 6, rate: rate)
      scenario.backgroundFaults = 50_000
      var simulation = try Simulation(scenario)
      simulation.advance(to: 600_000_000_000)
      return simulation.incidents.map(\.began)
    }
    let calm = try times(rate: 2)
    #expect(calm.count > 10)
    #expect(try times(rate: 40) == calm)
  }
}
