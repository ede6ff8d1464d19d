import DequeModule

/// A prefill task executor with one queue: steps take as many prompts as fit a work budget, spread over its DP groups.
struct PrefillEngine: Sendable {
  /// Work that a DP group takes in one step (assumption: about 150 ms gave the best TTFT in a prototype).
  static let stepBudgetMicros = 150_000.0

  let index: Int
  let id: String
  /// Dies of the pod in the order of ranks; a DP group has `tensorParallel` in a row.
  let hosts: [Int]
  let spec: Scenario.PrefillEngine
  let costs: PrefillCosts

  /// Weights on a die, GB.
  let weightGigabytes: Float
  /// Copies of a token in the dispatches of all MoE layers, and bytes of one there and back.
  let layerCopies: Double
  let rowBytes: Double

  /// The dies that the engine is meant to have.
  var home: [Int]
  /// Nothing moves: a die is lost, or the engine is being put together again.
  var stopped = false
  /// Goes up when what is on the calendar for the engine no longer holds.
  var epoch: UInt64 = 0
  /// All requests that it has, those of the step under way first.
  var requests: [Int32] { (busy ? batch : []) + Array(queue) }

  var queue = Deque<Int32>()
  /// Requests of the step under way and the DP group of each.
  var batch: [Int32] = []
  var batchGroups: [Int32] = []
  var busy = false
  var stepStart: Int64 = 0
  var stepEnd: Int64 = 0
  /// Fresh tokens of the step under way.
  var stepTokens = 0
  /// Fresh tokens waiting and under way, what routing looks at.
  var pendingTokens = 0
  private var work: [Double]

  init(index: Int, id: String, hosts: [Int], spec: Scenario.PrefillEngine, model: ServedModel) {
    self.index = index
    self.id = id
    self.hosts = hosts
    home = hosts
    self.spec = spec
    costs = PrefillCosts(model: model)
    weightGigabytes = DieMemory.prefillGigabytes(model, spec)
    let wires = DecodeCosts(model: model)
    layerCopies = Double(model.layers - model.denseLayers) * Double(wires.copies)
    rowBytes = Double(wires.dispatchRowBytes + wires.combineRowBytes)
    work = Array(repeating: 0, count: spec.dataParallel)
  }

  /// Takes the next prompts from the queue; returns the step's length in microseconds, nil with an empty queue.
  ///
  /// Each prompt goes to the DP group with least work so far; the step ends when that one is full. Attention stays on
  /// its group's dies, experts run on all of them.
  ///
  /// - Parameter dropped: Requests in the queue whose clients had given up, added to.
  mutating func startStep(_ requests: RequestPool, dropped: inout [Int32]) -> Double? {
    batch.removeAll(keepingCapacity: true)
    batchGroups.removeAll(keepingCapacity: true)
    for group in work.indices { work[group] = 0 }
    var fresh = 0.0
    while let next = queue.first {
      let id = Int(next)
      if requests.state[id] == .abandoned {
        dropped.append(queue.removeFirst())
        continue
      }
      var lightest = 0
      for group in work.indices where work[group] < work[lightest] { lightest = group }
      let prompt = Double(requests.prompt[id])
      let cached = Double(requests.cached[id])
      let time = costs.attention(prompt: prompt, cached: cached, dies: Double(spec.tensorParallel))
      if work[lightest] > 0 && work[lightest] + time > Self.stepBudgetMicros { break }
      queue.removeFirst()
      work[lightest] += time
      fresh += prompt - cached
      batch.append(next)
      batchGroups.append(Int32(lightest))
    }
    guard !batch.isEmpty else { return nil }
    stepTokens = Int(fresh)
    var slowest = 0.0
    for value in work { slowest = max(slowest, value) }
    return PrefillCosts.stepMicros + slowest + costs.experts * fresh / Double(spec.dies)
  }

  func encode(into digest: inout StateDigest) {
    for id in queue { digest.add(Int(id)) }
    for id in batch { digest.add(Int(id)) }
    for group in batchGroups { digest.add(Int(group)) }
    digest.add(busy)
    digest.add(stepStart)
    digest.add(stepEnd)
    digest.add(pendingTokens)
  }
}
