/// One moment of a deployment, as a value: all that any screen may show.
///
/// A column holds one number per element of its metric's kind; a NaN is an element without data, an empty column a
/// metric that this deployment does not have.
public struct Frame: Sendable {
  /// Nanoseconds since the scenario's start (or since the epoch, attached).
  public var time: Int64
  /// Grows by one a frame.
  public var sequence: UInt64
  /// Who does what where.
  public var layout: PodLayout
  /// Values by metric and element; see `subscript`.
  public var columns: [[Float]]
  /// Node × node traffic of the last second in GB/s, row-major, sender first; empty without data.
  public var traffic: [Float]
  /// Time between tokens of every decode step of the last second, weighted by its requests, microseconds.
  public var stepHistogram: LogHistogram
  /// Time to first token of requests that got it in the last second, microseconds.
  public var ttftHistogram: LogHistogram
  /// Calls of the last second by primitive, whole time in microseconds; in the order of `Primitive.allCases`.
  public var primitiveHistograms: [LogHistogram]
  /// The median and the p99 iteration of the last second, by engine.
  public var iterations: [IterationSample]
  /// The alarms that are on, most urgent first.
  public var alarms: [Alarm]
  /// Operations under way and those that ended in the last five minutes, oldest first.
  public var operations: [OperationProgress]

  /// A frame with every column empty.
  public init(time: Int64, sequence: UInt64, layout: PodLayout) {
    self.time = time
    self.sequence = sequence
    self.layout = layout
    columns = Array(repeating: [], count: MetricID.allCases.count)
    traffic = []
    stepHistogram = LogHistogram()
    ttftHistogram = LogHistogram()
    primitiveHistograms = []
    iterations = []
    alarms = []
    operations = []
  }

  /// A metric's column; empty where the deployment does not have it.
  public subscript(id: MetricID) -> [Float] {
    get { columns[Int(id.rawValue)] }
    set { columns[Int(id.rawValue)] = newValue }
  }

  /// One value, nil where it is missing.
  public func value(_ id: MetricID, _ element: Int = 0) -> Float? {
    let column = columns[Int(id.rawValue)]
    guard element < column.count, !column[element].isNaN else { return nil }
    return column[element]
  }
}
