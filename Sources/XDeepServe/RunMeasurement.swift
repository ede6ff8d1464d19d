import Telemetry

/// Sums over the measured part of a run, for its report.
///
/// No part of the model: nothing here steers anything.
struct RunMeasurement: Sendable {
  /// Nanoseconds from which on things count.
  var from: Int64 = 0
  var ttft = LogHistogram()
  var tpot = LogHistogram()
  var iteration = LogHistogram()
  var gap = LogHistogram()
  var calls = Array(repeating: CallTally(), count: Primitive.allCases.count)
  var outputTokens = 0
  var inputTokens = 0
  /// Input tokens whose KV a cache had.
  var cachedTokens = 0
  var stepTokens = 0
  var steps = 0
  var finished = 0
  var good = 0
  /// Die time by kind of kernel, microseconds.
  var dieTime = 0.0
  var matmul = 0.0
  var mla = 0.0
  var prologue = 0.0
  var dispatch = 0.0
  var combine = 0.0
  /// Sums over engine iterations of the largest rank over the mean, and of the hottest expert's.
  var rankImbalance = 0.0
  var expertImbalance = 0.0
  var iterations = 0

  func open(at time: Int64) -> Bool { time >= from }

  /// Takes in a request's time per output token, where it had two or more tokens in the window.
  mutating func addTPOT(first: Int64, last: Int64, tokens: Int) {
    guard tokens >= 2, last > first else { return }
    tpot.add(Float(Double(last - first) / 1000 / Double(tokens - 1)))
  }
}
