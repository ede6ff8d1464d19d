/// What the job executor knows of its engines: their last report and what it has sent since.
///
/// Engines report at fixed times; live counts would make routing look better than it is.
struct LoadReports: Hashable, Sendable {
  /// Time between two reports, nanoseconds (assumption: heartbeats of a control plane).
  static let interval: Int64 = 100_000_000

  /// Work before each prefill engine, nanoseconds summed over its DP groups.
  private(set) var prefill: [Int64]
  /// Load of each decode engine, held and promised over its limit.
  private(set) var decode: [Double]
  /// Turns of an executor that looks at nothing.
  var turn = 0

  init(prefill: Int, decode: Int) {
    self.prefill = Array(repeating: 0, count: prefill)
    self.decode = Array(repeating: 0, count: decode)
  }

  mutating func report(_ work: Int64, ofPrefill index: Int) { prefill[index] = work }
  mutating func report(_ load: Double, ofDecode index: Int) { decode[index] = load }
  mutating func sent(_ work: Int64, toPrefill index: Int) { prefill[index] += work }
  mutating func sent(_ load: Double, toDecode index: Int) { decode[index] += load }

  func encode(into digest: inout StateDigest) {
    for work in prefill { digest.add(work) }
    for load in decode { digest.add(load) }
    digest.add(turn)
  }
}
