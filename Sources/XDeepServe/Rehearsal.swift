public import Operations
import Telemetry

/// What an action would do, worked out ahead: possible futures with it and without it, a second at a time.
///
/// Both futures of a seed draw the same arrivals and lengths as long as their requests go the same ways, so that most
/// of what chance does falls out of their difference.
public struct Rehearsal: Sendable {
  /// What is rehearsed.
  public let action: Action
  /// Simulated seconds ahead.
  public let horizon: Int
  /// Futures that are worked out.
  public let seeds: Int
  /// By future and second: what the present configuration brings.
  public private(set) var without: [[Outlook]] = []
  /// By future and second: what it brings with the action.
  public private(set) var with: [[Outlook]] = []
  /// What the action costs, in sentences; known when the first future is worked out.
  public private(set) var costs: [String] = []

  private let origin: Simulation
  private let isOracle: Bool
  private var left: Simulation
  private var right: Simulation

  /// Begins a rehearsal; nothing is worked out yet.
  ///
  /// - Parameters:
  ///   - horizon: Seconds ahead; nil for the action's likely end and a minute more.
  ///   - oracle: Whether the true future is told; for tests only.
  /// - Throws: Why the action cannot be done.
  public init(
    _ simulation: Simulation, _ action: Action, seeds: Int = 5, horizon: Int? = nil, oracle: Bool = false
  ) throws(ActionRefusal) {
    precondition(seeds >= 1, "at least one future")
    self.action = action
    self.seeds = oracle ? 1 : seeds
    self.horizon = max(1, horizon ?? 60 + Self.likelySeconds(action))
    isOracle = oracle
    origin = simulation
    left = oracle ? simulation : simulation.foreseen(seed: 1)
    right = left
    try right.perform(action)
    without.append([])
    with.append([])
  }

  /// How long an action likely takes until nothing moves any more, seconds.
  public static func likelySeconds(_ action: Action) -> Int {
    switch action {
    case .pd, .drain: Int(Simulation.drainSeconds + FaultTimes.roleSwitch)
    case .scale, .undrain: Int(FaultTimes.roleSwitch)
    case .restart: Int(FaultTimes.processExit + FaultTimes.reinitialise)
    case .reshard, .eplb: 30
    default: 0
    }
  }

  /// Whether all futures are worked out.
  public var isDone: Bool { without.count == seeds && without[seeds - 1].count == horizon }

  /// Works out one more second of one future; nothing where all is done.
  public mutating func advance() {
    guard !isDone else { return }
    if without[without.count - 1].count == horizon { turn() }
    let place = without.count - 1
    // A second is told when the next one begins: both look at the same whole seconds.
    let next = (left.now / Simulation.second + 1) * Simulation.second
    left.advance(to: next)
    right.advance(to: next)
    without[place].append(left.lastSecond)
    with[place].append(right.lastSecond)
    if place == 0 && without[0].count == horizon { tellCosts() }
  }

  /// The next future begins.
  private mutating func turn() {
    left = origin.foreseen(seed: UInt64(without.count + 1))
    right = left
    // What was possible in the first future is possible here: both stand at the same instant.
    do throws(ActionRefusal) { try right.perform(action) } catch { costs.append(error.message) }
    without.append([])
    with.append([])
  }

  private mutating func tellCosts() {
    let recomputed = right.totals.recomputed - left.totals.recomputed
    if recomputed > 0 { costs.append("\(recomputed) requests begin again") }
    let moved = zip(left.layout.roles, right.layout.roles).count { $0 != $1 }
    if moved > 0 { costs.append("\(moved) dies change what they do") }
    for change in right.changes.dropFirst(left.changes.count) {
      func name(_ engine: Int?) -> String { engine.map { left.layout.engines[$0].id } ?? "spare" }
      costs.append(
        "\(change.action): \(change.dies.count) dies from \(name(change.giver)) to \(name(change.taker)), "
          + "\(change.phase.rawValue) after \((change.since - origin.now) / Simulation.second) s")
    }
    let bytes = right.rebalancedBytes - left.rebalancedBytes
    if bytes > 0 { costs.append("\(Int(bytes / 1e9)) GB of expert weights cross the fabric") }
  }

  /// Both futures at the end of the one under way, for tests.
  public var digests: (without: String, with: String) { (left.digest.text, right.digest.text) }

  /// What is compared.
  public enum Measure: String, CaseIterable, Sendable {
    case ttft, tpot, throughput, goodput

    func value(_ outlook: Outlook) -> Double? {
      switch self {
      case .ttft: outlook.ttft
      case .tpot: outlook.tpot
      case .throughput: outlook.throughput
      case .goodput: outlook.goodput
      }
    }
  }

  /// A figure of the whole horizon, or of its last seconds, over the futures worked out so far.
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

  /// A figure; nil where nothing was measured.
  ///
  /// - Parameter seconds: Which seconds count, of the whole horizon if nil.
  public func figure(_ measure: Measure, seconds: Range<Int>? = nil) -> Figure? {
    let places = without.indices.filter { without[$0].count == horizon || $0 == 0 }
    return Figure(
      measure, without: places.map { without[$0] }, with: places.map { with[$0] }, seconds: seconds ?? 0..<horizon)
  }
}

extension Rehearsal.Figure {
  /// A figure of futures with and without an action, second by second; nil where nothing was measured.
  init?(_ measure: Rehearsal.Measure, without: [[Outlook]], with: [[Outlook]], seconds: Range<Int>) {
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
