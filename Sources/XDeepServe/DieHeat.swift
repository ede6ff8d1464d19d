import Operations
import SuperPod

/// Power and HBM temperature of every die, once a second, from what the dies did.
///
/// Seen on real machines: an idle package 154–186 W at 29–43 °C, light load 227–235 W at 52–53 °C. Full load is assumed
/// at 580 W and 71 °C. All constants that are not these are assumptions.
struct DieHeat: Sendable {
  /// Power of an idle package; what computing and waiting (polling memory) add, watts.
  static let idlePower: Float = 170
  static let computePower: Float = 410
  static let waitPower: Float = 60
  /// Packages differ by up to this much when idle, watts and °C.
  static let powerSpread: Float = 12
  static let temperatureSpread: Float = 5
  /// Temperature of an idle package; above it a part that saturates (fans speed up) and one that does not.
  static let idleTemperature: Float = 36
  static let saturating: Float = 20
  static let halfWay: Float = 22
  static let slope: Float = 0.04
  /// What air or water brings, and how much more a badly cooled die warms up above it.
  static let coolant: Float = 25
  static let badCooling: Float = 2.4
  /// Seconds in which a die comes 63 % of the way to where it is going.
  static let timeConstant: Float = 30
  /// HBM's alarm, above which clocks fall, and below which they rise again, °C.
  static let alarm: Float = 95
  static let relief: Float = 90
  /// Clocks change by a step at most once in so many seconds, down to half.
  static let stepSeconds = 5
  static let step: Float = 0.1
  static let mostThrottle: Float = 2

  private(set) var power: [Float]
  private(set) var temperature: [Float]
  /// Where each package stands in the spread, −1 to 1.
  private let place: [Float]
  private let diesPerPackage: Int
  /// Whether temperatures follow the first second's power at once.
  private var settles: Bool

  init(topology: Topology, seed: UInt64, settled: Bool) {
    var stream = RandomStream(seed: seed, name: "heat")
    diesPerPackage = topology.diesPerNPU
    place = (0..<topology.npus).map { _ in Float(stream.unit() * 2 - 1) }
    power = Array(repeating: Self.idlePower / Float(diesPerPackage), count: topology.dies)
    temperature = Array(repeating: Self.idleTemperature, count: topology.dies)
    settles = settled
    for die in temperature.indices { temperature[die] += place[die / diesPerPackage] * Self.temperatureSpread }
  }

  /// Where a package's temperature ends at some power above idle.
  static func settled(above idle: Float) -> Float {
    idleTemperature + saturating * idle / (idle + halfWay) + slope * idle
  }

  /// One second goes by.
  ///
  /// - Parameters:
  ///   - computing: Share of the second that each die computed or moved bytes.
  ///   - waiting: Share that it waited for others.
  ///   - throttle: How much longer each die takes, changed where it has to be.
  /// - Returns: Whether a clock changed.
  mutating func advance(
    computing: [Float], waiting: [Float], badlyCooled: [Bool], throttle: inout [Float], second: Int
  ) -> Bool {
    let share = settles ? 1 : 1 / Self.timeConstant
    settles = false
    var changed = false
    for die in power.indices {
      let spread = place[die / diesPerPackage]
      // Power goes with the square of the clock, and a slower die computes for longer.
      let clock = throttle[die] * throttle[die]
      let above = Self.computePower * computing[die] / clock + Self.waitPower * waiting[die]
      power[die] = (Self.idlePower + spread * Self.powerSpread + above) / Float(diesPerPackage)
      var end = Self.settled(above: above) + spread * Self.temperatureSpread
      if badlyCooled[die] { end = Self.coolant + (end - Self.coolant) * Self.badCooling }
      temperature[die] += (end - temperature[die]) * share
      guard second % Self.stepSeconds == 0 else { continue }
      if temperature[die] > Self.alarm && throttle[die] < Self.mostThrottle {
        throttle[die] = min(Self.mostThrottle, throttle[die] + Self.step)
        changed = true
      } else if throttle[die] > 1 && temperature[die] < Self.relief {
        throttle[die] = max(1, throttle[die] - Self.step)
        changed = true
      }
    }
    return changed
  }

  func encode(into digest: inout StateDigest) {
    for value in temperature { digest.add(value) }
  }
}

extension Simulation {
  /// Dies warm up or cool down by what they did in the last second, and clocks follow.
  mutating func warm() {
    var computing = [Float](repeating: 0, count: scenario.topology.dies)
    var waiting = computing
    for (index, engine) in prefill.enumerated() {
      let share = min(1, Float(last.busy[index] / 1e6))
      for die in engine.hosts { computing[die] = share }
    }
    for (index, engine) in decode.enumerated() {
      let active = min(1, Float(last.busy[prefill.count + index] / 1e6))
      for die in engine.hosts {
        waiting[die] = min(active, last.wait[die] / 1e6)
        computing[die] = active - waiting[die]
      }
    }
    let changed = heat.advance(
      computing: computing, waiting: waiting, badlyCooled: badlyCooled, throttle: &throttle,
      second: Int(now / Self.second))
    if changed {
      for index in decode.indices { fitToHealth(index) }
      for index in prefill.indices { fitPrefillToHealth(index) }
    }
    for number in incidents.indices
    where incidents[number].injection.fault == .hotDie && incidents[number].detected == nil
      && incidents[number].dies.contains(where: { heat.temperature[$0] > DieHeat.alarm })
    {
      seeFault(number)
    }
  }
}
