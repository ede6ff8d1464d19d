public import SuperPod
public import Words

/// What an operator can set of one TE.
public struct ExecutorSettings: Hashable, Sendable {
  /// Its name.
  public var executor: Place.Executor
  /// Its servers.
  public var servers: Int
  /// Dies that host experts; of a decode TE.
  public var expertParallel: Int
  /// Limit of requests a die; of a decode TE.
  public var batch: Int
  /// Draft layers; of a decode TE.
  public var draftLayers: Int
  /// How it chooses DP groups; of a decode TE.
  public var choice: GroupChoice
  /// Whether experts are balanced by themselves.
  public var balances: Bool
  /// How often, kept while `balances` is off.
  public var interval: DurationAmount

  /// Numbers of expert ranks that model and memory allow, rising; empty where every whole server will do.
  public var sizes: [Int]
  /// Whether experts stand on the same dies as attention, so that ranks follow servers.
  ///
  /// A split TE's do not: servers that it gains or loses change its DP groups, `scale` its expert ranks.
  public var ranksFollowServers: Bool
  /// The layers with experts.
  public var expertLayers: ClosedRange<Int>
  /// Most draft layers that the model has.
  public var mostDraftLayers: Int

  /// Settings; see the properties.
  public init(
    executor: Place.Executor, servers: Int, expertParallel: Int, batch: Int = 60, draftLayers: Int = 1,
    choice: GroupChoice = .kv, balances: Bool = true,
    interval: DurationAmount = DurationAmount(nanoseconds: 60_000_000_000), sizes: [Int] = [],
    ranksFollowServers: Bool = true, expertLayers: ClosedRange<Int> = 3...60, mostDraftLayers: Int = 2
  ) {
    self.executor = executor
    self.servers = servers
    self.expertParallel = expertParallel
    self.batch = batch
    self.draftLayers = draftLayers
    self.choice = choice
    self.balances = balances
    self.interval = interval
    self.sizes = sizes
    self.ranksFollowServers = ranksFollowServers
    self.expertLayers = expertLayers
    self.mostDraftLayers = mostDraftLayers
  }

  /// Whether the model and memory allow so many expert ranks.
  func takes(_ ranks: Int) -> Bool { sizes.isEmpty || sizes.contains(ranks) }

  /// Gives it so many more servers, fewer if negative.
  mutating func take(_ more: Int, diesPerServer: Int) {
    servers += more
    if ranksFollowServers { expertParallel += more * diesPerServer }
  }
}
