/// Possible futures with an action and without it, second by second.
public struct Futures: Hashable, Sendable {
  /// Seconds that a whole future has.
  public var horizon: Int
  /// By future and second: what the present configuration brings.
  public var without: [[Outlook]]
  /// By future and second: what it brings with the action.
  public var with: [[Outlook]]

  /// Futures, none by default; the last one may be under way.
  public init(horizon: Int, without: [[Outlook]] = [], with: [[Outlook]] = []) {
    self.horizon = horizon
    self.without = without
    self.with = with
  }

  /// What is compared.
  public enum Measure: String, CaseIterable, Sendable {
    case ttft, tpot, throughput, goodput

    /// What its quotient is made of: both add up over seconds.
    public func parts(_ outlook: Outlook) -> (amount: Double, per: Double) {
      switch self {
      case .ttft: (outlook.ttftSeconds * 1000, outlook.firstTokens)
      case .tpot: (outlook.runningSeconds * 1000, outlook.stepTokens)
      case .throughput: (outlook.outputTokens, outlook.seconds)
      case .goodput: (outlook.good, outlook.seconds)
      }
    }

    /// It over some seconds, nil where they measured nothing.
    public func value(_ outlook: Outlook) -> Double? {
      let (amount, per) = parts(outlook)
      return per > 0 ? amount / per : nil
    }

    /// As the audit log names it.
    public var auditName: String {
      switch self {
      case .ttft: "ttft_mean_ms"
      case .tpot: "tpot_mean_ms"
      case .throughput: "output_tokens_per_s"
      case .goodput: "goodput_per_s"
      }
    }

    /// Whether less of it is better.
    public var isTime: Bool { self == .ttft || self == .tpot }
  }

  /// A figure of the whole horizon, or of some of its seconds, over the futures worked out so far.
  public struct Figure: Hashable, Sendable {
    /// Mean without the action.
    public var without: Double
    /// Mean with it.
    public var with: Double
    /// The lower end of the band in which nine futures in ten lie.
    public var low: Double
    /// The upper end of the band in which nine futures in ten lie.
    public var high: Double
    /// Mean of the futures' differences.
    public var difference: Double
    /// The lower end of the band in which nine differences in ten lie.
    public var leastDifference: Double
    /// The upper end of it.
    public var mostDifference: Double
    /// Whether chance alone makes such a difference.
    public var isNoise: Bool { leastDifference <= 0 && mostDifference >= 0 }
  }

  /// The seconds of a horizon of which figures speak: the last thirty of a long one, when an action is through.
  public static func settled(_ horizon: Int) -> Range<Int> {
    horizon > 60 ? (horizon - 30)..<horizon : 0..<max(1, horizon)
  }

  /// How many futures are whole.
  public var finished: Int { zip(without, with).count { min($0.count, $1.count) == horizon } }

  /// A figure; nil where nothing was measured.
  ///
  /// - Parameter seconds: Which seconds count, of the whole horizon if nil.
  public func figure(_ measure: Measure, seconds: Range<Int>? = nil) -> Figure? {
    let places = without.indices.filter { without[$0].count == horizon || $0 == 0 }
    return Figure(
      measure, without: places.map { without[$0] }, with: places.map { with[$0] }, seconds: seconds ?? 0..<horizon)
  }
}

extension Futures.Figure {
  /// A figure of futures with and without an action, second by second; nil where nothing was measured.
  public init?(_ measure: Futures.Measure, without: [[Outlook]], with: [[Outlook]], seconds: Range<Int>) {
    var before: [Double] = []
    var after: [Double] = []
    for (left, right) in zip(without, with) {
      let range = seconds.clamped(to: 0..<min(left.count, right.count))
      let sums = [left, right].map { $0[range].reduce(Outlook(), +) }
      guard let first = measure.value(sums[0]), let second = measure.value(sums[1]) else { continue }
      before.append(first)
      after.append(second)
    }
    guard !before.isEmpty else { return nil }
    let differences = zip(before, after).map { $1 - $0 }
    let band = Self.band(after)
    let change = Self.band(differences)
    self.init(
      without: Self.mean(before), with: Self.mean(after), low: band.low, high: band.high,
      difference: Self.mean(differences), leastDifference: change.low, mostDifference: change.high)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// Where nine values in ten lie, from some of them: Student's quantiles of a further draw.
  private static func band(_ values: [Double]) -> (low: Double, high: Double) {
    let middle = mean(values)
    guard values.count > 1 else { return (middle, middle) }
    let quantiles = [6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833]
    let spread = (values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count - 1)).squareRoot()
    let reach =
      quantiles[min(values.count - 2, quantiles.count - 1)] * spread * (1 + 1 / Double(values.count)).squareRoot()
    return (middle - reach, middle + reach)
  }
}
