import Telemetry

/// The courses of a measure that a chart of a preview shows, one value a second in the unit of the screen.
struct ForecastCurves: Sendable {
  /// Seconds over which a value is taken: one second's requests are too few to tell a course from chance (assumption).
  static let window = 5
  /// The same for a p99, of which one request in a hundred tells (assumption).
  static let quantileWindow = 10

  /// Possible futures together: their mean, and the least and most of them.
  struct Band: Hashable, Sendable {
    var mean: [Float] = []
    var low: [Float] = []
    var high: [Float] = []
  }

  /// What is measured.
  let measure: Futures.Measure
  /// What was, ending with the moment of the preview.
  let past: [Float]
  /// What comes without the action.
  let without: Band
  /// What comes with it.
  let with: Band
  /// Seconds ahead.
  let horizon: Int
  /// Whole futures, each its course.
  let whole: (without: [[Float]], with: [[Float]])
  /// The seconds before, of which the first values ahead are made too.
  let lead: [Outlook]
  /// The scale's ends; they only ever grow apart, so that a chart does not jump while its futures come in.
  let scale: ClosedRange<Float>

  /// Curves of what is worked out so far.
  ///
  /// - Parameter scale: The scale that was shown before, nil for none.
  init(
    _ measure: Futures.Measure, past: ArraySlice<Outlook>, futures: Futures, scale: ClosedRange<Float>?
  ) {
    self.measure = measure
    horizon = futures.horizon
    let past = Array(past)
    self.past = Self.course(measure, past, after: [])
    // A future goes on from what was: its first seconds are taken together with the last ones before it.
    let lead = Array(past.suffix(Self.window(measure) - 1))
    self.lead = lead
    let counted = futures.with.indices.filter { $0 == 0 || futures.with[$0].count == futures.horizon }
    let others = counted.map { Self.course(measure, futures.without[$0], after: lead) }
    let own = counted.map { Self.course(measure, futures.with[$0], after: lead) }
    without = Self.band(others)
    with = Self.band(own)
    whole = (
      others.filter { $0.count == futures.horizon }, own.filter { $0.count == futures.horizon }
    )
    var low = scale?.lowerBound ?? .infinity
    var high = scale?.upperBound ?? -.infinity
    for values in [self.past, without.low, without.high, with.low, with.high] {
      for value in values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
    }
    guard low.isFinite, high.isFinite else {
      self.scale = scale ?? 0...1
      return
    }
    // Some air, and a range that noise alone does not fill.
    let least = max(high - low, 0.08 * abs(high), 0.01)
    let middle = (high + low) / 2
    let air = scale.map { $0.lowerBound <= low && $0.upperBound >= high } ?? false ? 0 : 0.06 * least
    self.scale = max(0, min(low, middle - least / 2) - air)...max(high, middle + least / 2) + air
  }

  private static func window(_ measure: Futures.Measure) -> Int { measure.quantile == nil ? window : quantileWindow }

  /// By whole future: the most of it with the action, and when.
  var peaks: [(value: Float, second: Int)] {
    whole.with.map { course in
      var most: (value: Float, second: Int) = (-.infinity, 0)
      for (second, value) in course.enumerated() where value > most.value { most = (value, second) }
      return most
    }
  }

  /// Seconds over a value, a mean future's; without the action where no courses are named.
  func seconds(over limit: Float, of courses: [[Float]]? = nil) -> Int {
    let courses = courses ?? whole.without
    guard !courses.isEmpty else { return 0 }
    return (courses.reduce(0) { $0 + $1.count { $0 > limit } } + courses.count / 2) / courses.count
  }

  /// A measure by second, each over the last few seconds.
  static func course(_ measure: Futures.Measure, _ seconds: [Outlook], after lead: [Outlook]) -> [Float] {
    if let quantile = measure.quantile { return course(measure, quantile, seconds, after: lead) }
    let parts = (lead + seconds).map { measure.parts($0) }
    var amount = 0.0
    var per = 0.0
    var course: [Float] = []
    course.reserveCapacity(seconds.count)
    for (index, part) in parts.enumerated() {
      amount += part.amount
      per += part.per
      if index >= window {
        amount -= parts[index - window].amount
        per -= parts[index - window].per
      }
      if index >= lead.count { course.append(per > 0.5 ? Float(amount / per * measure.scale) : .nan) }
    }
    return course
  }

  private static func course(
    _ measure: Futures.Measure, _ quantile: Double, _ seconds: [Outlook], after lead: [Outlook]
  ) -> [Float] {
    let spreads = (lead + seconds).map { measure.spread($0) }
    var sum = Spread()
    var course: [Float] = []
    course.reserveCapacity(seconds.count)
    for (index, spread) in spreads.enumerated() {
      sum += spread
      if index >= quantileWindow { sum -= spreads[index - quantileWindow] }
      guard index >= lead.count else { continue }
      course.append(sum.quantile(quantile).map { $0 / 1000 * Float(measure.scale) } ?? .nan)
    }
    return course
  }

  private static func band(_ courses: [[Float]]) -> Band {
    var band = Band()
    let length = courses.map(\.count).max() ?? 0
    for second in 0..<length {
      var (sum, count, low, high): (Float, Float, Float, Float) = (0, 0, .infinity, -.infinity)
      for course in courses where second < course.count && course[second].isFinite {
        sum += course[second]
        count += 1
        low = min(low, course[second])
        high = max(high, course[second])
      }
      band.mean.append(count > 0 ? sum / count : .nan)
      band.low.append(count > 0 ? low : .nan)
      band.high.append(count > 0 ? high : .nan)
    }
    return band
  }
}
