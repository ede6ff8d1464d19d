import DequeModule
import SuperPod

/// A prefill task executor: steps of its DP groups in lock step, each group with prompts and parts of prompts up to a
/// work budget.
///
/// *Collaborative* ([XDS]): all waiting prompts are visible to all groups, and the leader of DP 0 gives each step's work
/// out by a cost model that knows what is cached. *Two-level*, the older way: a prompt belongs to a group from its
/// arrival, whatever the others do. A prompt stays in the group that began it.
struct PrefillEngine: Sendable {
  /// Work that a DP group takes in one step (assumption: about 150 ms gave the best TTFT in a prototype).
  static let stepBudgetMicros = 150_000.0
  /// A group that has this share of the budget gets no further prompt.
  static let fullShare = 0.9
  /// A prompt's rest of so many tokens is not cut off for a step of its own.
  static let leastTokens = 64.0

  let index: Int
  let id: String
  /// Dies of the pod in the order of ranks; a DP group has `tensorParallel` in a row.
  let hosts: [Int]
  let spec: Scenario.PrefillEngine
  /// Apart from the engine, so that reading a field of it does not copy them.
  private let boxed: [PrefillCosts]
  var costs: PrefillCosts { boxed[0] }

  /// Weights on a die, GB.
  let weightGigabytes: Float
  /// Copies of a token in the dispatches of all MoE layers, and bytes of one there and back.
  let layerCopies: Double
  let rowBytes: Double
  /// Bytes that each die of a DP group sends to the others for a token of it, to sum up attention.
  let sumBytes: Double
  /// KV of a token, and one expert of one layer, bytes.
  let kvBytesPerToken: Double
  let expertBytes: Double

  /// The dies that the engine is meant to have.
  var home: [Int]
  /// It takes no new prompts: some of its dies, or all, are to leave.
  var isLeaving = false
  /// Nothing moves: a die is lost, or the engine is being put together again.
  var stopped = false
  /// Goes up when what is on the calendar for the engine no longer holds.
  var epoch: UInt64 = 0

  /// Where experts lie, and where they are being moved to.
  var experts: PrefillLayout
  var move: PrefillMove?
  /// Prompts without a group.
  var queue = Deque<Int32>()
  /// Prompts of each group that wait (two-level), and the one that it has begun, -1 for none.
  var groupQueues: [Deque<Int32>]
  var begun: [Int32]
  private var nextGroup = 0
  /// Requests of the step under way and the DP group of each.
  var batch: [Int32] = []
  var batchGroups: [Int32] = []
  var busy = false
  var stepStart: Int64 = 0
  var stepEnd: Int64 = 0
  /// Fresh tokens of the step under way.
  var stepTokens = 0
  /// Fresh tokens waiting and under way.
  var pendingTokens = 0
  /// Work waiting and under way as a planner sees it, summed over groups, nanoseconds: what routing looks at.
  var pendingWork: Int64 = 0
  /// How much longer a group's kernels take than on healthy, cool dies: its slowest die's; and the slowest of all.
  var groupPace: [Double]
  var slowestPace = 1.0
  /// How much longer the bytes of the die with the narrowest way take.
  var stretch = 1.0
  /// The same for what a group fetches from the pool.
  var groupFetch: [Double]
  private var work: [Double]
  private var attention: [Double]
  private var tokens: [Double]

  init(
    index: Int, id: String, hosts: [Int], spec: Scenario.PrefillEngine, model: ServedModel, chip: ChipRating,
    stack: Scenario.Stack,
    experts: PrefillLayout
  ) {
    self.index = index
    self.id = id
    self.hosts = hosts
    home = hosts
    self.spec = spec
    self.experts = experts
    boxed = [PrefillCosts(model: model, chip: chip, stack: stack, spec: spec)]
    weightGigabytes = DieMemory.prefillGigabytes(model, chip, spec)
    let wires = DecodeCosts(model: model, chip: chip)
    layerCopies = Double(model.layers - model.denseLayers) * Double(wires.copies)
    rowBytes = Double(wires.dispatchRowBytes + wires.combineRowBytes)
    sumBytes = boxed[0].allReduceBytes
    kvBytesPerToken = boxed[0].kvBytesPerToken
    expertBytes = Double(wires.adapted(to: stack, model: model).expertBytes)
    work = Array(repeating: 0, count: spec.dataParallel)
    attention = work
    tokens = work
    groupPace = Array(repeating: 1, count: spec.dataParallel)
    groupFetch = groupPace
    groupQueues = Array(repeating: Deque(), count: spec.dataParallel)
    begun = Array(repeating: -1, count: spec.dataParallel)
  }

  /// All requests that it has, those of the step under way first.
  var requests: [Int32] {
    let step = busy ? batch : []
    let parts = begun.filter { $0 >= 0 && !step.contains($0) }
    return step + parts + Array(queue) + groupQueues.flatMap { Array($0) }
  }

  /// Prompts that wait for their first step.
  var waiting: Int {
    var total = queue.count
    for group in groupQueues { total += group.count }
    return total
  }

  /// A prompt joins the queue: the engine's, or that of the group whose turn it is.
  mutating func enqueue(_ id: Int32) {
    switch spec.scheduler {
    case .collaborative: queue.append(id)
    case .twoLevel where hosts.isEmpty: queue.append(id)
    case .twoLevel:
      groupQueues[nextGroup].append(id)
      nextGroup = (nextGroup + 1) % spec.dataParallel
    }
  }

  /// Work that a prompt's rest is for the engine, nanoseconds; zero at its end.
  func plannedWork(_ id: Int, _ requests: RequestPool) -> Int64 {
    let left = requests.prefillLeft[id]
    guard left > 0 else { return 0 }
    let prompt = requests.prompt[id]
    var micros = costs.planned(tokens: Double(left), before: Double(prompt - left))
    if left == prompt - requests.cached[id] {
      micros += costs.reuse(cached: Double(requests.cached[id]), pooled: Double(requests.pooled[id]))
    }
    return Int64(micros * 1000)
  }

  /// Gives the groups their next work; returns the step's length in microseconds, nil with nothing to do.
  ///
  /// - Parameter dropped: Requests in the queue whose clients had given up, added to.
  mutating func startStep(_ requests: inout RequestPool, dropped: inout [Int32]) -> Double? {
    batch.removeAll(keepingCapacity: true)
    batchGroups.removeAll(keepingCapacity: true)
    for group in work.indices {
      work[group] = 0
      attention[group] = 0
      tokens[group] = 0
    }
    for group in begun.indices where begun[group] >= 0 {
      let id = begun[group]
      begun[group] = -1
      if requests.state[Int(id)] == .abandoned { dropped.append(id) } else { take(id, group, &requests) }
    }
    switch spec.scheduler {
    case .collaborative: assignTogether(&requests, &dropped)
    case .twoLevel: assignApart(&requests, &dropped)
    }
    guard !batch.isEmpty else { return nil }
    var slowest = 0.0
    var widest = 0.0
    var all = 0.0
    for group in work.indices {
      slowest = max(slowest, attention[group] * groupPace[group])
      widest = max(widest, tokens[group])
      all += tokens[group]
    }
    stepTokens = Int(all)
    return costs.step(
      slowest: slowest, widest: widest, tokens: all, imbalance: experts.imbalance, pace: slowestPace, stretch: stretch)
  }

  /// The oldest prompt goes to the group with least work, until all are full.
  private mutating func assignTogether(_ requests: inout RequestPool, _ dropped: inout [Int32]) {
    while let next = queue.first {
      if requests.state[Int(next)] == .abandoned {
        dropped.append(next)
        queue.removeFirst()
        continue
      }
      var lightest = -1
      for group in work.indices where begun[group] < 0 && (lightest < 0 || work[group] < work[lightest]) {
        lightest = group
      }
      guard lightest >= 0, work[lightest] < Self.fullShare * Self.stepBudgetMicros else { return }
      queue.removeFirst()
      take(next, lightest, &requests)
    }
  }

  private mutating func assignApart(_ requests: inout RequestPool, _ dropped: inout [Int32]) {
    for group in work.indices {
      while begun[group] < 0, work[group] < Self.fullShare * Self.stepBudgetMicros, let next = groupQueues[group].first
      {
        groupQueues[group].removeFirst()
        if requests.state[Int(next)] == .abandoned { dropped.append(next) } else { take(next, group, &requests) }
      }
    }
  }

  /// A group takes as much of a prompt as its budget allows; what is left it goes on with in the next step.
  private mutating func take(_ id: Int32, _ group: Int, _ requests: inout RequestPool) {
    let place = Int(id)
    let left = Double(requests.prefillLeft[place])
    let before = Double(requests.prompt[place]) - left
    let cached = Double(requests.cached[place])
    var room = Self.stepBudgetMicros - work[group]
    if before == cached {
      let pooled = Double(requests.pooled[place])
      let reuse = costs.reuse(cached: cached, pooled: pooled)
      attention[group] += reuse + costs.reuse(cached: 0, pooled: pooled) * (groupFetch[group] - 1)
      work[group] += reuse
      room -= reuse
    }
    var part = max(Self.leastTokens, costs.tokens(fitting: room, before: before).rounded(.down))
    if left - part < Self.leastTokens { part = left }
    requests.chunk[place] = Int32(part)
    requests.state[place] = .prefilling
    attention[group] += costs.attention(tokens: part, before: before)
    work[group] += costs.planned(tokens: part, before: before)
    tokens[group] += part
    if part < left { begun[group] = id }
    batch.append(id)
    batchGroups.append(Int32(group))
  }

  func encode(into digest: inout StateDigest) {
    for id in queue { digest.add(Int(id)) }
    for group in groupQueues {
      for id in group { digest.add(Int(id)) }
    }
    for id in begun { digest.add(Int(id)) }
    digest.add(nextGroup)
    for id in batch { digest.add(Int(id)) }
    for group in batchGroups { digest.add(Int(group)) }
    digest.add(busy)
    digest.add(stopped)
    for host in hosts { digest.add(host) }
    digest.add(stepStart)
    digest.add(stepEnd)
    for pace in groupPace { digest.add(pace) }
    for fetch in groupFetch { digest.add(fetch) }
    digest.add(stretch)
    digest.add(pendingTokens)
    digest.add(pendingWork)
    digest.add(experts.imbalance)
    experts.placement.encode(into: &digest)
    move?.target.encode(into: &digest)
  }
}
