import SuperPod
import Telemetry

extension Simulation {
  /// Share of a prefill engine's memory beside weights and workspace that keeps KV of earlier prompts; the rest is for
  /// prompts under way and KV that waits for decode (assumption).
  static let cachedShare = 0.5
  /// Memory of a node's CPUs that the pool has for KV, bytes (assumption).
  static let pooledBytesPerNode = 512e9

  /// Caches of the engines that prefill and the pool, where the workload has hash blocks.
  mutating func buildCaches() {
    guard !scenario.hashBlocks.isEmpty else { return }
    let named = scenario.hashBlocks.count
    for engine in prefill {
      let free = scenario.chip.hbmBytes - Double(engine.weightGigabytes) * 1e9 - DecodeEngine.workspaceBytes
      let tokens = max(0, free) * Self.cachedShare * Double(engine.spec.dies) / engine.costs.kvBytesPerToken
      caches.append(PrefixCache(capacity: min(Int(tokens) / PromptBlocks.tokens, named)))
    }
    if let engine = prefill.first {
      let tokens = Self.pooledBytesPerNode * Double(scenario.topology.nodes) / engine.costs.kvBytesPerToken
      pool = PrefixCache(capacity: min(Int(tokens) / PromptBlocks.tokens, named))
    }
    for engine in decode where engine.layout == .mixed {
      let places = Int(engine.capacity) * engine.dies / PromptBlocks.tokens
      caches.append(PrefixCache(capacity: min(places, named)))
    }
  }

  /// Tokens of a request's prompt that need no computing in an engine, and those of them that the pool has to send:
  /// whole blocks from its begin, all but one token at most.
  ///
  /// Without hash blocks it is the scenario's share, and all of it comes from the pool (assumption: production hits
  /// are mostly older than what an engine keeps).
  func cachedTokens(_ id: Int, engine: Int) -> (all: Int32, pooled: Int32) {
    let prompt = requests.prompt[id]
    guard !caches.isEmpty else {
      let share = min(Int32(Double(prompt) * scenario.prefixHit), prompt - 1)
      return (share, share)
    }
    let own = caches[engine].leading(requests.blocks[id], of: scenario.hashBlocks)
    let pooled = pool?.leading(requests.blocks[id], of: scenario.hashBlocks) ?? 0
    func tokens(_ blocks: Int) -> Int32 { min(Int32(clamping: blocks * PromptBlocks.tokens), prompt - 1) }
    let all = tokens(max(own, pooled))
    return (all, all - tokens(own))
  }

  /// A request is to use what is cached of its prompt: that is needed the least soon to leave.
  mutating func useCache(_ id: Int, engine: Int) {
    let hits = cachedTokens(id, engine: engine)
    requests.cached[id] = hits.all
    requests.pooled[id] = hits.pooled
    requests.prefillLeft[id] = requests.prompt[id] - hits.all
    guard !caches.isEmpty else { return }
    let blocks = (Int(hits.all) + PromptBlocks.tokens - 1) / PromptBlocks.tokens
    caches[engine].use(requests.blocks[id], of: scenario.hashBlocks, most: blocks)
    pool?.use(requests.blocks[id], of: scenario.hashBlocks, most: blocks)
  }

  /// A request's prompt is prefilled: its blocks are in the engine's cache, and go to the pool in the background.
  mutating func cachePrompt(_ id: Int, engine: Int) {
    guard !caches.isEmpty else { return }
    caches[engine].use(requests.blocks[id], of: scenario.hashBlocks)
    pool?.use(requests.blocks[id], of: scenario.hashBlocks)
  }

  /// Cached blocks lie where running requests leave room: with these come and gone, they make way or may be more.
  mutating func restrictCache(_ engine: Int) {
    guard !caches.isEmpty else { return }
    var room = 0
    for die in 0..<decode[engine].dies { room += Int(decode[engine].capacity - decode[engine].committed[die]) }
    caches[engine].restrict(to: room / PromptBlocks.tokens)
  }

  /// Changes where prefill engines' experts lie or how popular they are, once for all that are alike.
  mutating func updatePrefill(_ change: (inout PrefillLayout, ExpertPopularity) -> Void) {
    for index in prefill.indices {
      if let twin = twin(of: index) {
        prefill[index].experts = twin.experts
      } else {
        change(&prefill[index].experts, popularity)
      }
    }
  }

  /// An engine before another that is as large and holds its experts as that does.
  private func twin(of index: Int) -> PrefillEngine? {
    prefill[..<index].first {
      $0.spec == prefill[index].spec && $0.experts.placement == prefill[index].experts.placement
    }
  }

  /// Each balancing interval prefill engines move their experts to where what was observed wants them.
  mutating func balancePrefill() {
    schedule(.balance, at: now + Int64(scenario.experts.intervalSeconds * 1e9), subject: decode.count)
    guard observedSteps > 0 else { return }
    let observed = ExpertPopularity.observed(observedSum.map { $0 / Float(observedSteps) }, &observation)
    for index in prefill.indices where prefill[index].move == nil && !prefill[index].hosts.isEmpty {
      let twin = twin(of: index)
      prefill[index].move =
        twin.map(\.move) ?? prefill[index].experts.move(observed: observed, expertBytes: prefill[index].expertBytes)
      guard let move = prefill[index].move else { continue }
      if twin == nil {
        let bytes = Int(move.bytes / 1e9)
        say(.low, prefill[index].id, "experts of such engines move: \(move.slots) slots, \(bytes) GB each")
      }
      let nanoseconds = Rebalance.fetchNanoseconds(move.dieBytes * prefill[index].stretch)
      schedule(
        .prefillPlaced, at: now + nanoseconds + Rebalance.placeNanoseconds(move.dieBytes), subject: index,
        tag: prefill[index].epoch)
    }
  }

  /// A prefill engine's experts are where they were to go.
  mutating func placePrefill(_ index: Int) {
    guard let move = prefill[index].move else { return }
    // Weights of 910B servers come over RoCE.
    if prefill[index].spec.chip == .c910 { book(weights: move.bytes, among: prefill[index].hosts[...]) }
    prefill[index].move = nil
    prefill[index].experts.take(move.target, popularity)
  }
}
