/// The ramp steps that a field shows, with one step of hysteresis: a value moves to another step only after it has
/// passed the edge by a whole step, so that noise at an edge neither shimmers nor costs bytes.
struct HeatSteps: Hashable, Sendable {
  /// How many steps the scale has.
  var count: Int8 = 16
  /// By element; negative where a value is missing.
  private(set) var steps: [Int8] = []

  /// Takes new values on a scale; a new scale or another number of elements begins afresh.
  mutating func update(_ values: [Float], range: ClosedRange<Float>) {
    if steps.count != values.count { steps = Array(repeating: -1, count: values.count) }
    let scale = Float(count) / max(range.upperBound - range.lowerBound, .leastNormalMagnitude)
    for (index, value) in values.enumerated() {
      steps[index] = Self.step(from: steps[index], to: (value - range.lowerBound) * scale, of: count)
    }
  }

  /// Forgets what was shown, for another metric.
  mutating func reset() { steps = [] }

  /// The step that is shown next, given the one shown and a value in steps.
  static func step(from shown: Int8, to value: Float, of count: Int8 = 16) -> Int8 {
    guard value.isFinite else { return -1 }
    let fresh = Int8(max(0, min(Float(count - 1), value)))
    guard shown >= 0 else { return fresh }
    // At either end of the scale there is no further edge to pass.
    if value < 0.25 || value >= Float(count) - 0.25 { return fresh }
    let edge = Float(shown)
    return value >= edge + 2 || value < edge - 1 ? fresh : shown
  }

  /// A step, negative outside.
  subscript(index: Int) -> Int8 { index >= 0 && index < steps.count ? steps[index] : -1 }
}
