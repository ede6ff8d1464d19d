public import Operations
public import Telemetry

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
  /// What the action costs in the first future, as far as it is worked out.
  public var cost: ActionCost { tally.cost }
  /// The same in sentences.
  public var costs: [String] { cost.sentences }

  private let origin: Simulation
  private let isOracle: Bool
  private var left: Simulation
  private var right: Simulation
  private var tally: RehearsalTally
  private let started: [Int]

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
    tally = RehearsalTally(right, before: left)
    started = right.changes.count > left.changes.count ? [] : right.operations.last?.dies ?? []
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
    if place == 0 { tally.add(without: left, with: right) }
  }

  /// The next future begins.
  private mutating func turn() {
    left = origin.foreseen(seed: UInt64(without.count + 1))
    right = left
    // What was possible in the first future is possible here: both stand at the same instant.
    do throws(ActionRefusal) { try right.perform(action) } catch { preconditionFailure(error.message) }
    without.append([])
    with.append([])
  }

  /// Both futures at the end of the one under way, for tests.
  public var digests: (without: String, with: String) { (left.digest.text, right.digest.text) }

  /// What is compared.
  public typealias Measure = Futures.Measure
  /// What is foreseen of a measure.
  public typealias Figure = Futures.Figure

  /// The futures worked out so far.
  public var futures: Futures { Futures(horizon: horizon, without: without, with: with) }

  /// A figure; nil where nothing was measured.
  ///
  /// - Parameter seconds: Which seconds count, of the whole horizon if nil.
  public func figure(_ measure: Measure, seconds: Range<Int>? = nil) -> Figure? {
    futures.figure(measure, seconds: seconds)
  }

  /// The dies whose slots of experts the action changes, as far as that is known at its begin.
  public var touched: [Int] { started }

  /// The dies that the action moves between engines, known from the beginning.
  public var moves: [DieMove] {
    right.changes.dropFirst(origin.changes.count).map { change in
      DieMove(
        dies: change.dies, from: change.giver.map { left.layout.engines[$0].id },
        to: change.taker.map { left.layout.engines[$0].id })
    }
  }
}
