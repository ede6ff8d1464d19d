import Telemetry

extension Simulation {
  // Both ask for stored properties only: a method of the engine would be called on a copy of it.

  /// Whether the dies share prompts, each a part of the tokens: in a mixed engine on one node (assumption).
  ///
  /// Alone, a die would attend to a prompt of 100,000 tokens for minutes, and all others would wait for it.
  private func sharesPrompts(_ engine: Int) -> Bool { decode[engine].layout == .mixed && decode[engine].dies <= 16 }

  /// Reading what a token left in a layer's cache of another die of the node, the die's own part left out.
  private func fetchMicrosPerToken(_ engine: Int) -> Float {
    decode[engine].costs.cacheBytes * (1 - 1 / Float(decode[engine].dies)) / DecodeCosts.nodeBytesPerMicro
  }

  /// Whether prompts are prefilled on the decode dies themselves.
  var isMixed: Bool { decode.first?.layout == .mixed }

  /// The job executor gives a request to a mixed engine; its shell picks the group.
  mutating func takeMixed(_ id: Int) {
    let engine = routeMixed(id)
    requests.engine[id] = Int32(engine)
    pendingPrompts[engine] += Int(requests.prompt[id])
    decode[engine].deferred.append(Int32(id))
    pairMixed(engine)
    rouse(engine)
  }

  /// Gives groups to waiting requests, in order, as long as there is room.
  mutating func pairMixed(_ engine: Int) {
    guard receives(engine) else { return }
    var paired = 0
    for number in decode[engine].deferred {
      let id = Int(number)
      if requests.state[id] == .abandoned {
        pendingPrompts[engine] -= Int(requests.prompt[id])
        requests.free(id)
        paired += 1
        continue
      }
      let tokens = claim(id)
      guard let group = decode[engine].choose(tokens: tokens) else { break }
      paired += 1
      decode[engine].reserve(group: group, tokens: tokens)
      requests.group[id] = Int32(group)
      useCache(id, engine: engine)
      pendingPrompts[engine] -= Int(requests.cached[id])
      restrictCache(engine)
      requests.next[id] = -1
      let tail = Int(decode[engine].promptTail[group])
      if tail < 0 { decode[engine].promptHead[group] = number } else { requests.next[tail] = number }
      decode[engine].promptTail[group] = number
    }
    if paired > 0 { decode[engine].deferred.removeFirst(paired) }
  }

  /// Chooses what each die prefills in the iteration that begins: a chunk of the prompts at the head of its queue.
  mutating func fillChunks(_ engine: Int) {
    guard decode[engine].layout == .mixed else { return }
    if sharesPrompts(engine) {
      fillSharedChunks(engine)
      return
    }
    let pair = Float(decode[engine].mixedPairMicros)
    for group in 0..<decode[engine].dies {
      dropAbandoned(engine, group: group)
      var budget = DecodeEngine.chunkTokens
      var pairs: Float = 0
      var id = Int(decode[engine].promptHead[group])
      while budget > 0, id >= 0 {
        if requests.state[id] != .abandoned {
          let tokens = min(budget, requests.prefillLeft[id])
          let before = requests.prompt[id] - requests.prefillLeft[id]
          pairs += Float(tokens) * (Float(before) + Float(tokens) / 2)
          budget -= tokens
          requests.state[id] = .prefilling
        }
        id = Int(requests.next[id])
      }
      let (vector, lane) = (group / Lanes.count, group % Lanes.count)
      decode[engine].chunkRows[vector][lane] = Float(DecodeEngine.chunkTokens - budget)
      decode[engine].chunkAttention[vector][lane] = pairs * pair
    }
  }

  /// As `fillChunks`, where the dies of a node share prompts: the oldest ones first, their tokens over all dies.
  ///
  /// Each die attends with its part of the tokens and reads the KV of what came before from where it lies.
  private mutating func fillSharedChunks(_ engine: Int) {
    let dies = decode[engine].dies
    for group in 0..<dies {
      dropAbandoned(engine, group: group)
      promptCursors[group] = decode[engine].promptHead[group]
    }
    let pair = Float(decode[engine].mixedPairMicros)
    var budget = DecodeEngine.sharedChunkTokens * Int32(dies)
    var work = DecodeEngine.sharedChunkMicros * Float(dies) / Float(decode[engine].costs.layers)
    var (rows, attention, fetched): (Int32, Float, Float) = (0, 0, 0)
    while budget > 0 {
      var oldest = -1
      for group in 0..<dies where promptCursors[group] >= 0 {
        if oldest < 0 || requests.number[Int(promptCursors[group])] < requests.number[Int(promptCursors[oldest])] {
          oldest = group
        }
      }
      guard oldest >= 0 else { break }
      let id = Int(promptCursors[oldest])
      promptCursors[oldest] = requests.next[id]
      guard requests.state[id] != .abandoned else { continue }
      let before = Float(requests.prompt[id] - requests.prefillLeft[id])
      var tokens = min(budget, requests.prefillLeft[id])
      let whole = Float(tokens) * (before + Float(tokens) / 2) * pair
      if whole > work { tokens = max(min(tokens, Int32(work / ((before + Float(tokens)) * pair))), rows > 0 ? 0 : 1) }
      guard tokens > 0 else { break }
      requests.chunk[id] = tokens
      requests.state[id] = .prefilling
      let micros = Float(tokens) * (before + Float(tokens) / 2) * pair
      rows += tokens
      attention += micros
      fetched += before
      budget -= tokens
      work -= micros
      if tokens < requests.prefillLeft[id] { break }
    }
    let each = Float(rows) / Float(dies)
    let micros = attention / Float(dies) + fetched * fetchMicrosPerToken(engine)
    for vector in 0..<decode[engine].vectors {
      decode[engine].chunkRows[vector] = Lanes.Vector(repeating: each)
      decode[engine].chunkAttention[vector] = Lanes.Vector(repeating: micros)
    }
  }

  /// As `finishChunks`, where the dies of a node share prompts.
  private mutating func finishSharedChunks(_ engine: Int, open: Bool) {
    for group in 0..<decode[engine].dies {
      while true {
        let id = Int(decode[engine].promptHead[group])
        guard id >= 0, requests.chunk[id] > 0 else { break }
        let tokens = requests.chunk[id]
        requests.chunk[id] = 0
        requests.prefillLeft[id] -= tokens
        pendingPrompts[engine] -= Int(tokens)
        guard requests.state[id] != .abandoned else {
          dropAbandoned(engine, group: group)
          continue
        }
        if requests.prefillLeft[id] > 0 { break }
        pop(engine, group: group)
        beginDecode(id, engine: engine, group: group, open: open)
      }
    }
  }

  /// Prompts at the head of a die's queue whose clients gave up.
  private mutating func dropAbandoned(_ engine: Int, group: Int) {
    while true {
      let id = Int(decode[engine].promptHead[group])
      guard id >= 0, requests.state[id] == .abandoned else { return }
      pop(engine, group: group)
      pendingPrompts[engine] -= Int(requests.prefillLeft[id])
      decode[engine].unreserve(group: group, tokens: requests.claim[id])
      requests.free(id)
    }
  }

  private mutating func pop(_ engine: Int, group: Int) {
    let next = requests.next[Int(decode[engine].promptHead[group])]
    decode[engine].promptHead[group] = next
    if next < 0 { decode[engine].promptTail[group] = -1 }
  }

  /// Books the chunks of the iteration that ended: prompts that are done have their first token and take their slot.
  mutating func finishChunks(_ engine: Int) {
    guard decode[engine].layout == .mixed else { return }
    let open = measurement.open(at: now)
    let shared = sharesPrompts(engine)
    if shared { finishSharedChunks(engine, open: open) }
    for group in 0..<decode[engine].dies where !shared {
      var budget = Int32(decode[engine].chunkRows[group / Lanes.count][group % Lanes.count])
      while budget > 0 {
        dropAbandoned(engine, group: group)
        let id = Int(decode[engine].promptHead[group])
        guard id >= 0 else { break }
        let tokens = min(budget, requests.prefillLeft[id])
        requests.prefillLeft[id] -= tokens
        pendingPrompts[engine] -= Int(tokens)
        budget -= tokens
        if requests.prefillLeft[id] > 0 { break }
        pop(engine, group: group)
        beginDecode(id, engine: engine, group: group, open: open)
      }
    }
    restrictCache(engine)
    if !decode[engine].deferred.isEmpty { pairMixed(engine) }
  }

  private mutating func beginDecode(_ id: Int, engine: Int, group: Int, open: Bool) {
    cachePrompt(id, engine: engine)
    countFirstToken(id, open: open)
    guard requests.output[id] > 1 else {
      decode[engine].unreserve(group: group, tokens: requests.claim[id])
      close(id, at: now)
      return
    }
    decode[engine].seat(
      request: Int32(id), group: group, held: requests.prompt[id] + 1, remaining: requests.output[id] - 1,
      first: measurement.open(at: requests.firstToken[id]) ? requests.firstToken[id] : -1,
      base: measurement.open(at: requests.firstToken[id]) ? requests.output[id] + requests.made[id] : 0)
    requests.state[id] = .decoding
  }
}

extension DecodeEngine {
  /// Prompt tokens that a mixed engine's die takes in one iteration (assumption: small beside its decode rows' time).
  static let chunkTokens: Int32 = 1024
  /// The same where the dies of a node share prompts, and the attention work that a die takes on them (assumptions).
  static let sharedChunkTokens: Int32 = 512
  static let sharedChunkMicros: Float = 100_000

  /// Gives back a place that was kept for a request that does not come.
  mutating func unreserve(group: Int, tokens: Int32) {
    reserved[group] -= 1
    committed[group] -= tokens
  }
}
