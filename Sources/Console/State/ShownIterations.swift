import Telemetry

/// The iteration of each engine that the pipeline shows: one stays for some seconds, that it can be read, and is then
/// followed by the newest.
struct ShownIterations: Hashable, Sendable {
  /// Simulated seconds that one is shown (assumption: as long as it takes to read).
  static let seconds: Int64 = 5

  /// The median iteration of a second, its p99 one, and the layer whose tokens waited longest.
  struct Pair: Hashable, Sendable {
    var median: IterationSample
    var p99: IterationSample?
    var layer: Int16
    /// When they were sampled.
    var time: Int64
  }

  private var pairs: [Int: Pair] = [:]

  /// What is shown of an engine, nil before its first iteration.
  subscript(engine: Int) -> Pair? { pairs[engine] }

  /// Takes the samples of a frame.
  ///
  /// - Parameter atOnce: Whether the newest is shown whatever the time, as when a person steps.
  mutating func update(_ samples: [IterationSample], time: Int64, atOnce: Bool) {
    for sample in samples where sample.kind == .median {
      let shown = pairs[sample.engine]
      if let shown, !atOnce, time >= shown.time, time - shown.time < Self.seconds * 1_000_000_000 { continue }
      guard let layer = Self.layer(of: sample, shown: shown?.layer) else { continue }
      let p99 = samples.first { $0.engine == sample.engine && $0.kind == .p99 }
      pairs[sample.engine] = Pair(median: sample, p99: p99, layer: layer, time: time)
    }
  }

  /// The layer that costs most waiting; the one shown gives way only to one that is clearly worse.
  ///
  /// The first layer with experts is left out: there all wait for the die that began the iteration last, in every
  /// iteration alike.
  private static func layer(of sample: IterationSample, shown: Int16?) -> Int16? {
    var waits: [Int16: Float] = [:]
    for span in sample.spans {
      switch span.phase {
      case .dispatch, .combine, .a2e, .e2a: waits[span.layer, default: 0] += span.wait
      default: break
      }
    }
    guard let last = sample.spans.last(where: { $0.phase == .combine || $0.phase == .e2a })?.layer else { return nil }
    // The MTP layers carry higher numbers and come first in time; the pipeline shows the main model's.
    var main = waits.filter { $0.key < last }
    if main.count > 1, let first = main.keys.min() { main[first] = nil }
    let order = main.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    guard let worst = order.first else { return last }
    guard let shown, let wait = main[shown], worst.value <= 1.5 * wait else { return worst.key }
    return shown
  }
}
