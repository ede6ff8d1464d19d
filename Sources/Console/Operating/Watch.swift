import Deployments
import Operations
import Telemetry

/// An action that was ordered, beside what was foreseen of it.
struct Watch: Sendable {
  /// What its charts show, on the same scales.
  enum Mode: String, CaseIterable, Sendable {
    /// What was, and what would have come without it.
    case before
    /// What was foreseen with it.
    case predicted
    /// What came, over what was foreseen.
    case after
    /// What came, less what would have come without it.
    case difference
  }

  /// What was ordered.
  let order: Order
  /// What was foreseen when it was confirmed.
  let futures: Futures
  /// What the charts showed then, with their scales.
  let curves: [ForecastCurves]
  /// What the seconds before it brought.
  let before: Outlook
  /// When it took effect, nanoseconds; nil until that is known.
  var time: Int64?
  /// The number that the deployment gave it.
  var performed: Int?
  /// What its charts show.
  var mode = Mode.after
  /// What came since, by second.
  private(set) var after: [Outlook] = []

  /// A watch on a plan that was confirmed.
  init(_ order: Order, plan: Plan) {
    self.order = order
    futures = plan.preview?.futures ?? Futures(horizon: 60)
    curves = plan.curves
    before = plan.before
  }

  /// Shows something else.
  mutating func turn(_ step: Int) {
    let modes = Mode.allCases
    let index = modes.firstIndex(of: mode) ?? 0
    mode = modes[(index + step + modes.count) % modes.count]
  }

  /// Takes what came, up to the horizon.
  mutating func take(_ service: ServiceRecord) {
    guard let time else { return }
    after = Array(service.between(time, time + Int64(futures.horizon) * 1_000_000_000))
  }

  /// A measure before it, foreseen, and as it came, over the seconds that have passed; in the unit of the screen.
  func comparison(_ measure: Futures.Measure) -> Comparison {
    let seconds = 0..<max(1, after.count)
    let figure = futures.figure(measure, seconds: seconds)
    let real = measure.value(over: after[...])
    func scaled(_ value: Double?) -> Double? { value.map { $0 * measure.scale } }
    return Comparison(
      before: scaled(measure.value(before)), without: scaled(figure?.without), predicted: scaled(figure?.with),
      low: futures.finished < 2 ? nil : scaled(figure?.low), high: futures.finished < 2 ? nil : scaled(figure?.high),
      after: scaled(real))
  }

  /// What was, what was foreseen, what came.
  struct Comparison: Hashable, Sendable {
    var before: Double?
    var without: Double?
    var predicted: Double?
    var low: Double?
    var high: Double?
    var after: Double?

    /// How what came lies to the band that was foreseen, nil where either is missing.
    var verdict: String? {
      guard let after, let low, let high else { return nil }
      return after < low ? "below" : after > high ? "above" : "within"
    }
  }
}
