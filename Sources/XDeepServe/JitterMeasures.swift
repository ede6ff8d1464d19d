/// The three measures against jitter at the first dispatch of an iteration ([XDS]): each is a switch.
///
/// With all of them the launch skew is the small one that `DecodeEngine.launchSkewMicros` describes; without them the
/// first dispatch can exceed 100 ms (published). How the measures share that out is an assumption.
public struct JitterMeasures: Hashable, Sendable {
  /// Executors pinned to cores: without, the host now and then moves one away.
  public var pin = true
  /// Guards of compiled graphs cached: without, each launch checks them anew.
  public var graph = true
  /// Garbage collected by hand every few hundred iterations: without, it strikes when it likes.
  public var gc = true

  /// All measures on, or those that are named.
  public init(pin: Bool = true, graph: Bool = true, gc: Bool = true) {
    self.pin = pin
    self.graph = graph
    self.gc = gc
  }

  /// Chance that a die's executor is moved in one launch, and what it then loses on average, microseconds.
  static let moveChance = 1.5e-4
  static let moveMicros: Float = 18_000
  /// What checking guards costs every launch, and its mean further spread.
  static let guardMicros: Float = 1_500
  static let guardSpread: Float = 900
  /// Chance that a die's collector runs in one launch, and what it then takes on average.
  static let collectChance = 3e-5
  static let collectMicros: Float = 60_000
}

extension DecodeEngine {
  /// What missing measures add to the dies' lateness at a graph's launch.
  mutating func addJitter() {
    guard jitter != JitterMeasures() else { return }
    if !jitter.graph {
      let offset = Int(stream.bits() & NoiseTable.mask)
      for v in 0..<vectors {
        lateness[v] += JitterMeasures.guardMicros + JitterMeasures.guardSpread * ExponentialTable.values[offset + v]
      }
    }
    if !jitter.pin { strike(chance: JitterMeasures.moveChance, mean: JitterMeasures.moveMicros) }
    if !jitter.gc { strike(chance: JitterMeasures.collectChance, mean: JitterMeasures.collectMicros) }
  }

  /// Every die is struck with a small chance.
  private mutating func strike(chance: Double, mean: Float) {
    for die in 0..<dies where stream.unit() < chance {
      lateness[die / Lanes.count][die % Lanes.count] += mean * Float(stream.exponential())
    }
  }
}
