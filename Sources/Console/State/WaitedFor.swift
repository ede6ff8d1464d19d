import Telemetry

/// Whom the others of an engine waited for, over the last iterations that were sampled.
struct WaitedFor: Hashable, Sendable {
  /// Iterations that are kept of each engine.
  static let window = 32

  /// A die and what it cost the others.
  struct Entry: Hashable, Sendable {
    /// Index of the topology, -1 for all others together.
    var die: Int32
    /// Share of all that was waited, 0–1.
    var share: Float
    /// Milliseconds an iteration.
    var perIteration: Float
  }

  private struct Lag: Hashable, Sendable {
    var die: Int32
    var micros: Float
  }

  private var kept: [[[Lag]]] = []

  /// Takes the median iteration of a second; p99 iterations are rare by definition and would tilt the shares.
  mutating func add(_ sample: IterationSample) {
    guard sample.kind == .median else { return }
    while kept.count <= sample.engine { kept.append([]) }
    var lags: [Lag] = []
    for span in sample.spans where span.slowestDie >= 0 && span.lag > 0 {
      if let index = lags.firstIndex(where: { $0.die == span.slowestDie }) {
        lags[index].micros += span.lag
      } else {
        lags.append(Lag(die: span.slowestDie, micros: span.lag))
      }
    }
    kept[sample.engine].append(lags)
    if kept[sample.engine].count > Self.window { kept[sample.engine].removeFirst() }
  }

  /// How many iterations the list of an engine rests on.
  func samples(engine: Int) -> Int { engine < kept.count ? kept[engine].count : 0 }

  /// The dies that were waited for most, then the rest as one entry.
  func entries(engine: Int, limit: Int) -> [Entry] {
    let samples = samples(engine: engine)
    guard samples > 0 else { return [] }
    var sums: [Int32: Float] = [:]
    for lags in kept[engine] { for lag in lags { sums[lag.die, default: 0] += lag.micros } }
    let total = sums.values.sorted().reduce(0, +)
    guard total > 0 else { return [] }
    let order = sums.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    func entry(_ die: Int32, _ micros: Float) -> Entry {
      Entry(die: die, share: micros / total, perIteration: micros / Float(samples) / 1000)
    }
    let named = order.prefix(max(0, order.count > limit ? limit - 1 : limit))
    var entries = named.map { entry($0.key, $0.value) }
    let rest = total - named.reduce(0) { $0 + $1.value }
    if order.count > named.count { entries.append(entry(-1, rest)) }
    return entries
  }
}
