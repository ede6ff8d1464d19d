/// The shades of the traffic matrix: sixteen steps over four decades below the top of its scale, held against noise.
///
/// A pair of nodes exchanges less than one transfer a second, so that a single second shows chance alone: what is shaded
/// is the mean of the last seconds, the newest weighing most.
struct TrafficShades: Hashable, Sendable {
  /// Top of the scale in GB/s, zero without traffic: 1, 2 or 5 of a power of ten.
  private(set) var top: Float = 0
  private var steps = HeatSteps()
  private var means: [Float] = []
  private var time: Int64 = 0

  /// Seconds over which the mean is taken (assumption: long enough for several transfers of a pair).
  static let seconds: Float = 8

  /// Takes the traffic between all nodes; the scale rises at once and falls when less than a third of it is used.
  mutating func update(_ traffic: [Float], time now: Int64) {
    if means.count != traffic.count || now < time {
      means = traffic
    } else {
      let weight = min(1, Float(now - time) / 1e9 / Self.seconds)
      for (index, value) in traffic.enumerated() { means[index] += weight * (value - means[index]) }
    }
    time = now
    let most = means.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    if most > top || most < top / 3 {
      top = Self.scale(above: most)
      steps.reset()
    }
    guard top > 0 else { return steps.reset() }
    steps.update(
      means.map { $0 > 0 ? 16 - 4 * (Self.log2(top) - Self.log2($0)) / 3.3219 : 0 }, range: 0...16)
  }

  /// The step of a sender and a receiver, by `sender * nodes + receiver`.
  subscript(index: Int) -> Int8 { steps[index] }

  private static func scale(above value: Float) -> Float {
    guard value > 0, value.isFinite else { return 0 }
    var power: Float = 1e-6
    while power * 10 <= value, power < 1e9 { power *= 10 }
    return [1, 2, 5].map { $0 * power }.first { $0 >= value } ?? 10 * power
  }

  /// A logarithm good to a tenth, by the bits of the number: no library call for a shade.
  private static func log2(_ value: Float) -> Float { Float(value.bitPattern) / 8_388_608 - 127 }
}
