/// The numbers that a field shows: one changes only when its value has gone far enough from it, so that noise below what
/// an eye compares costs no bytes.
struct HeldNumbers: Hashable, Sendable {
  /// By element; NaN where a value is missing.
  private(set) var values: [Float] = []

  /// Takes new values.
  ///
  /// - Parameters:
  ///   - unit: One unit of the last digit that is shown.
  ///   - within: How far off a number may be, at least a unit.
  mutating func update(_ new: [Float], unit: Float, within: Float) {
    if values.count != new.count { values = Array(repeating: .nan, count: new.count) }
    for (index, value) in new.enumerated() where !(abs(value - values[index]) <= within) {
      values[index] = (value / unit).rounded() * unit
    }
  }

  /// Forgets what was shown, for another metric.
  mutating func reset() { values = [] }

  /// A number, NaN outside.
  subscript(index: Int) -> Float { index >= 0 && index < values.count ? values[index] : .nan }
}
