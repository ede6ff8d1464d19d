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
    case ttftP99 = "ttft_p99"
    case ttftP50 = "ttft_p50"
    case ttft
    case tpotP99 = "tpot_p99"
    case tpotP50 = "tpot_p50"
    case tpot, throughput, goodput, waiting

    /// The share of values that lie below it, nil where it is a quotient.
    public var quantile: Double? {
      switch self {
      case .ttftP99, .tpotP99: 0.99
      case .ttftP50, .tpotP50: 0.5
      default: nil
      }
    }

    /// Of what it is a quantile.
    public func spread(_ outlook: Outlook) -> Spread {
      switch self {
      case .ttftP99, .ttftP50: outlook.ttftSpread
      case .tpotP99, .tpotP50: outlook.stepSpread
      default: Spread()
      }
    }

    /// What its quotient is made of: both add up over seconds; nothing where it is a quantile.
    public func parts(_ outlook: Outlook) -> (amount: Double, per: Double) {
      switch self {
      case .ttftP99, .ttftP50, .tpotP99, .tpotP50: (0, 0)
      case .waiting: (outlook.waitingSeconds, outlook.seconds)
      case .ttft: (outlook.ttftSeconds * 1000, outlook.firstTokens)
      case .tpot: (outlook.runningSeconds * 1000, outlook.stepTokens)
      case .throughput: (outlook.outputTokens, outlook.seconds)
      case .goodput: (outlook.good, outlook.seconds)
      }
    }

    /// It over some seconds, nil where they measured nothing.
    public func value(_ outlook: Outlook) -> Double? {
      if let quantile { return spread(outlook).quantile(quantile).map { Double($0) / 1000 } }
      let (amount, per) = parts(outlook)
      return per > 0 ? amount / per : nil
    }

    /// It over some seconds, without adding up what it does not need.
    public func value(over seconds: ArraySlice<Outlook>) -> Double? {
      if let quantile {
        return seconds.reduce(into: Spread()) { $0 += spread($1) }.quantile(quantile).map { Double($0) / 1000 }
      }
      let sum = seconds.reduce(into: (amount: 0.0, per: 0.0)) { sum, second in
        let (amount, per) = parts(second)
        sum.amount += amount
        sum.per += per
      }
      return sum.per > 0 ? sum.amount / sum.per : nil
    }

    /// As the audit log names it.
    public var auditName: String {
      switch self {
      case .ttftP99: "ttft_p99_ms"
      case .ttftP50: "ttft_p50_ms"
      case .tpotP99: "tpot_p99_ms"
      case .tpotP50: "tpot_p50_ms"
      case .waiting: "waiting_requests"
      case .ttft: "ttft_mean_ms"
      case .tpot: "tpot_mean_ms"
      case .throughput: "output_tokens_per_s"
      case .goodput: "goodput_per_s"
      }
    }

    /// Whether less of it is better.
    public var isLessBetter: Bool { self != .throughput && self != .goodput }

    /// The four that charts show and the audit log keeps.
    public static let charted: [Measure] = [.ttftP99, .tpotP99, .throughput, .goodput]
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
      guard let first = measure.value(over: left[range]), let second = measure.value(over: right[range]) else {
        continue
      }
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
