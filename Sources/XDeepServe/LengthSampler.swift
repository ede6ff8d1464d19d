/// Draws token counts from a `Lengths` distribution: lognormal, cut at its maximum, with the mean it asks for.
struct LengthSampler: Hashable, Sendable {
  /// Sigma of the logarithm where the scenario gives none (assumption: chat traffic spreads about so much).
  static let defaultShape = 0.8
  private static let points = 256

  private let fixed: Int?
  private let location: Double
  private let shape: Double
  private let maximum: Double

  init(_ lengths: Lengths) {
    maximum = lengths.maximum.map(Double.init) ?? .infinity
    if lengths.fixed {
      fixed = max(1, Int(lengths.mean.rounded()))
      location = 0
      shape = 0
      return
    }
    fixed = nil
    if let median = lengths.median, median < lengths.mean {
      shape = lengths.shape ?? (2 * PortableMath.ln(lengths.mean / median)).squareRoot()
    } else {
      shape = lengths.shape ?? Self.defaultShape
    }
    location = Self.location(mean: lengths.mean, shape: shape, maximum: maximum)
  }

  /// One draw, at least one token.
  func draw(_ stream: inout RandomStream) -> Int32 {
    if let fixed { return Int32(fixed) }
    let value = PortableMath.exp(location + shape * stream.normal())
    return Int32(max(1, min(value, min(maximum, 1_000_000)).rounded()))
  }

  /// One draw as an observer finds it running: the longer, the likelier.
  func drawRunning(_ stream: inout RandomStream) -> Int32 {
    if let fixed { return Int32(fixed) }
    // A length-biased lognormal is a lognormal moved by the square of its sigma.
    let value = PortableMath.exp(location + shape * shape + shape * stream.normal())
    return Int32(max(1, min(value, min(maximum, 1_000_000)).rounded()))
  }

  /// Mean of the distribution, by its quantiles.
  var mean: Double {
    if let fixed { return Double(fixed) }
    return Self.mean(location: location, shape: shape, maximum: maximum)
  }

  private static func mean(location: Double, shape: Double, maximum: Double) -> Double {
    var sum = 0.0
    for point in 0..<points {
      let quantile = PortableMath.normalQuantile((Double(point) + 0.5) / Double(points))
      sum += min(PortableMath.exp(location + shape * quantile), maximum)
    }
    return sum / Double(points)
  }

  private static func location(mean: Double, shape: Double, maximum: Double) -> Double {
    let target = min(mean, maximum * 0.98)
    var low = PortableMath.ln(target) - shape * shape
    var high = low + shape * shape + 8
    for _ in 0..<30 {
      let middle = (low + high) / 2
      if Self.mean(location: middle, shape: shape, maximum: maximum) < target { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
