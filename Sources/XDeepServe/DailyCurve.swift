/// The load of a day as multiples of its mean.
///
/// [D6] publishes the mean of each hour from 12:00. Between the middles of two hours the load goes in a straight line
/// (assumption: steps would be surges at full hours that nobody had), which keeps the mean of the day and that of each
/// hour within 7 %.
public enum DailyCurve {
  /// By hour of the day from midnight, as published.
  public static let hours: [Double] = [
    0.928, 0.766, 0.559, 0.338, 0.269, 0.269, 0.338, 0.584, 0.987, 1.258, 1.302, 1.278, 1.155, 1.219, 1.302, 1.322,
    1.302, 1.189, 1.145, 1.263, 1.312, 1.317, 1.327, 1.273,
  ]
  /// The hours' mean: the published multiples are rounded.
  private static let mean = hours.reduce(0, +) / Double(hours.count)
  /// The highest multiple at any time.
  static let peak = (hours.max() ?? 1) / mean

  /// The multiple at so many seconds after midnight, on any day.
  public static func multiple(atSecond second: Double) -> Double {
    let sinceMiddle = second / 3600 - 0.5
    let whole = sinceMiddle.rounded(.down)
    let before = ((Int(whole) % hours.count) + hours.count) % hours.count
    let after = (before + 1) % hours.count
    return (hours[before] + (hours[after] - hours[before]) * (sinceMiddle - whole)) / mean
  }
}
