/// The one table of metrics, in the order of `MetricID`.
public enum MetricCatalogue {
  /// A row for each `MetricID`.
  public static let rows: [Metric] = []
}
