extension Simulation {
  /// Prompt tokens that a running request weighs in the choice of a mixed engine (assumption: its rows and KV lengthen
  /// iterations about so much while a prompt is prefilled).
  static let runningWeight = 50.0

  /// Share of a prefill engine's memory beside weights and workspace that keeps KV of earlier prompts; the rest is for
  /// prompts under way and KV that waits for decode (assumption).
  static let cachedShare = 0.5

  /// Caches of the engines that prefill, where the workload has hash blocks.
  mutating func buildCaches() {
    guard !scenario.hashBlocks.isEmpty else { return }
    let named = scenario.hashBlocks.count
    for engine in prefill {
      let free = DecodeEngine.memoryBytes - Double(engine.weightGigabytes) * 1e9 - DecodeEngine.workspaceBytes
      let tokens = max(0, free) * Self.cachedShare * Double(engine.spec.dies) / engine.costs.kvBytesPerToken
      caches.append(PrefixCache(capacity: min(Int(tokens) / PromptBlocks.tokens, named)))
    }
    for engine in decode where engine.layout == .mixed {
      let places = Int(engine.capacity) * engine.dies / PromptBlocks.tokens
      caches.append(PrefixCache(capacity: min(places, named)))
    }
  }

  /// Tokens of a request's prompt whose KV an engine has: whole blocks from its begin, all but one token at most.
  func cachedTokens(_ id: Int, engine: Int) -> Int32 {
    let prompt = requests.prompt[id]
    guard !caches.isEmpty else { return requests.cached[id] }
    let blocks = caches[engine].leading(requests.blocks[id], of: scenario.hashBlocks)
    return min(Int32(clamping: blocks * PromptBlocks.tokens), prompt - 1)
  }

  /// The prefill engine with the fewest fresh tokens before a request's first one; ties go to the lower index.
  func routePrefill(_ id: Int) -> Int {
    var best = 0
    var least = Int.max
    for index in prefill.indices {
      let fresh = prefill[index].pendingTokens - Int(cachedTokens(id, engine: index))
      if fresh < least {
        least = fresh
        best = index
      }
    }
    return best
  }

  /// A request's prompt is prefilled: its blocks are in the engine's cache.
  mutating func cachePrompt(_ id: Int, engine: Int) {
    guard !caches.isEmpty else { return }
    caches[engine].use(requests.blocks[id], of: scenario.hashBlocks)
  }

  /// A request is to use what is cached of its prompt: that is needed the least soon to leave.
  mutating func useCache(_ id: Int, engine: Int) {
    guard !caches.isEmpty else { return }
    requests.cached[id] = cachedTokens(id, engine: engine)
    let blocks = (Int(requests.cached[id]) + PromptBlocks.tokens - 1) / PromptBlocks.tokens
    caches[engine].use(requests.blocks[id], of: scenario.hashBlocks, most: blocks)
  }

  /// The mixed engine that would have a prompt done first: by what it has cached of it, its prompts and its load.
  ///
  /// An engine without room is taken only where none has room; ties go to the lower index.
  func routeMixed(_ id: Int) -> Int {
    var best = 0
    var least = Double.infinity
    let tokens = requests.prompt[id] + requests.output[id]
    for index in decode.indices {
      let fresh = requests.prompt[id] - cachedTokens(id, engine: index)
      let dies = Double(decode[index].dies)
      var score =
        Double(fresh) + Double(pendingPrompts[index]) / dies + Self.runningWeight * Double(decode[index].running) / dies
      if !decode[index].deferred.isEmpty || decode[index].choose(tokens: tokens) == nil { score += 1e9 }
      if score < least {
        least = score
        best = index
      }
    }
    return best
  }

  /// Cached blocks lie where running requests leave room: with these come and gone, they make way or may be more.
  mutating func restrictCache(_ engine: Int) {
    guard !caches.isEmpty else { return }
    var room = 0
    for die in 0..<decode[engine].dies { room += Int(decode[engine].capacity - decode[engine].committed[die]) }
    caches[engine].restrict(to: room / PromptBlocks.tokens)
  }
}
