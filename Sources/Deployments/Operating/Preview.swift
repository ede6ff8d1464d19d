public import Operations
public import Telemetry

/// What is asked of a rehearsal.
public struct PreviewRequest: Hashable, Sendable {
  /// Tells one request from another; whoever asks counts them.
  public var number: Int
  /// What is rehearsed.
  public var action: Action
  /// Possible futures.
  public var seeds: Int
  /// Seconds ahead; nil for the action's likely end and a minute more.
  public var horizon: Int?

  /// A request; see the properties.
  public init(number: Int, action: Action, seeds: Int = 5, horizon: Int? = nil) {
    self.number = number
    self.action = action
    self.seeds = seeds
    self.horizon = horizon
  }
}

/// How far a rehearsal has come, as a value: it grows while the futures are worked out.
public struct Preview: Hashable, Sendable {
  /// What was asked for.
  public var request: PreviewRequest
  /// When the futures part from what is, nanoseconds since the scenario's start.
  public var time: Int64
  /// Why it cannot be done, nil where it can.
  public var refusal: String?
  /// The nearest action that can be done, nil where there is none or nobody knows.
  public var nearest: Action?
  /// The futures worked out so far.
  public var futures: Futures
  /// Dies that go from one engine to another.
  public var moves: [DieMove]
  /// What it costs in the first future, as far as that is worked out.
  public var cost: ActionCost
  /// Dies whose slots change.
  public var touched: [Int]
  /// Milliseconds of the wall clock that it has taken.
  public var milliseconds: Int

  /// A preview; see the properties.
  public init(
    request: PreviewRequest, time: Int64, refusal: String? = nil, nearest: Action? = nil,
    futures: Futures = Futures(horizon: 1),
    moves: [DieMove] = [], cost: ActionCost = ActionCost(), touched: [Int] = [], milliseconds: Int = 0
  ) {
    self.request = request
    self.time = time
    self.refusal = refusal
    self.nearest = nearest
    self.futures = futures
    self.moves = moves
    self.cost = cost
    self.touched = touched
    self.milliseconds = milliseconds
  }

  /// Whether every future is whole, or there is none to work out.
  public var isDone: Bool { refusal != nil || futures.finished >= request.seeds }
}

/// What the last seconds brought, one entry a simulated second.
public struct ServiceRecord: Hashable, Sendable {
  /// End of the newest second, nanoseconds since the scenario's start.
  public var newest: Int64
  /// Oldest first.
  public var seconds: [Outlook]

  /// A record; see the properties.
  public init(newest: Int64 = 0, seconds: [Outlook] = []) {
    self.newest = newest
    self.seconds = seconds
  }

  /// The seconds that ended after one moment and not after another; those that are not kept are missing.
  public func between(_ from: Int64, _ to: Int64) -> ArraySlice<Outlook> {
    let oldest = newest - Int64(seconds.count) * 1_000_000_000
    let first = max(0, min(seconds.count, Int((from - oldest) / 1_000_000_000)))
    let last = max(first, min(seconds.count, Int((to - oldest) / 1_000_000_000)))
    return seconds[first..<last]
  }
}
