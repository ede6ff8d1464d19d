/// Standard normal numbers in shuffled order, read from a random place on: a normal draw for the price of a load.
///
/// The table holds the exact quantiles, so windows of it have the mean, spread and extremes of the distribution;
/// kernels take windows of whole vectors at offsets that they draw anew for each die row.
enum NoiseTable {
  /// Vectors in the table; offsets are taken modulo this.
  static let vectors = 4096
  /// Keeps an offset inside.
  static let mask = 4095 as UInt64
  /// Longest window, in vectors.
  static let window = 4096

  /// `vectors` distinct vectors and a repetition of the first `window`, so that no window wraps.
  static let values: [Lanes.Vector] = {
    let count = vectors * Lanes.count
    var numbers = [Float](repeating: 0, count: count)
    for index in 0..<count {
      numbers[index] = Float(PortableMath.normalQuantile((Double(index) + 0.5) / Double(count)))
    }
    var stream = RandomStream(seed: 0, name: "noise-table")
    for index in stride(from: count - 1, to: 0, by: -1) {
      numbers.swapAt(index, stream.index(below: index + 1))
    }
    var result = [Lanes.Vector]()
    result.reserveCapacity(vectors + window)
    for vector in 0..<(vectors + window) {
      var value = Lanes.Vector()
      for lane in 0..<Lanes.count { value[lane] = numbers[(vector % vectors) * Lanes.count + lane] }
      result.append(value)
    }
    return result
  }()
}
