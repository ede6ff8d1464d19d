import Telemetry

/// How good a future is: SLO violations first, then goodput, then what an action costs.
struct SuggestionScore: Comparable, Hashable, Sendable {
  /// Violations closer to each other than this, as a share of the targets, are the same (assumption: chance).
  static let violationStep = 0.02
  /// Goodputs closer to each other than this share are the same (assumption: chance).
  static let goodputStep = 0.02

  /// How far the means lie beyond their targets at the end of the horizon, as a share of them, summed.
  var violation: Double
  /// Requests a second that end within the SLO, over the horizon.
  var goodput: Double
  /// Risk and dies that move, less is better.
  var cost: Int

  /// Ascending from the best.
  static func < (left: SuggestionScore, right: SuggestionScore) -> Bool { left.ranks < right.ranks }

  /// In steps, so that the order is one: what lies within a step is told apart by what comes after it.
  private var ranks: (Int, Int, Int) {
    (
      Int((violation / Self.violationStep).rounded()),
      -Int((PortableMath.ln(max(goodput, 0.01)) / Self.goodputStep).rounded()), cost
    )
  }

  /// Of the outlooks of a future, or of several that were added up second by second.
  init(_ seconds: [Outlook], slo: Scenario.ServiceLevel, cost: Int) {
    let end = seconds.suffix(SuggestionSearch.endSeconds).reduce(Outlook(), +)
    violation = Self.beyond(end.tpot, slo.tpotMilliseconds) + Self.beyond(end.ttft, slo.ttftMilliseconds)
    // A standstill is no cure.
    if end.stepTokens == 0 && end.runningSeconds > 0 { violation += 10 }
    goodput = seconds.reduce(Outlook(), +).goodput ?? 0
    self.cost = cost
  }

  private static func beyond(_ value: Double?, _ target: Double) -> Double { max(0, (value ?? 0) / target - 1) }
}
