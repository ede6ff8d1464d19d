/// The last quarter of an hour of a deployment's small columns, one value a simulated second.
///
/// Columns of dies and links are kept only in the newest frame for now.
public struct History: Sendable {
  /// Seconds that are kept.
  public static let seconds = 900

  private var rows: [[[Float]]] = []
  private var first = 0

  /// An empty history.
  public init() {}

  /// Takes in the frame of one simulated second.
  public mutating func append(_ frame: Frame) {
    let small = MetricID.allCases.map { id in
      [.pod, .engine, .primitive].contains(id.metric.element) ? frame[id] : []
    }
    if rows.count < Self.seconds {
      rows.append(small)
    } else {
      rows[first] = small
      first = (first + 1) % Self.seconds
    }
  }

  /// Values of one element, oldest first, ending now; NaN where missing.
  public func values(_ metric: MetricID, element: Int, seconds: Int) -> [Float] {
    let count = min(seconds, rows.count)
    return (rows.count - count..<rows.count).map { place in
      let column = rows[(first + place) % rows.count][Int(metric.rawValue)]
      return element < column.count ? column[element] : .nan
    }
  }
}
