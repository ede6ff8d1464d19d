/// Where a request is in its life.
enum RequestState: UInt8, Sendable {
  case free, queued, prefilling, deferred, transferring, joining, decoding
  case abandoned
  /// Its client gave up and will ask again.
  case resting
}

/// The requests that are alive, as columns; places of ended ones are used again.
struct RequestPool: Hashable, Sendable {
  private(set) var number: [UInt64] = []
  var arrival: [Int64] = []
  var prompt: [Int32] = []
  var cached: [Int32] = []
  /// Tokens to make from the prompt on; `made` earlier ones were lost with their KV and count as prompt.
  var output: [Int32] = []
  var made: [Int32] = []
  /// Tokens up to which it was taken down in what an operator saw.
  var mark: [Int32] = []
  /// The calendar entry of the transfer under way; another one no longer holds.
  var ticket: [UInt64] = []
  /// KV tokens that were counted for it when it got its group.
  var claim: [Int32] = []
  /// Simulated time of the first token, -1 before.
  var firstToken: [Int64] = []
  var state: [RequestState] = []
  /// Whether time zero found it running: such a request is in no count.
  var found: [Bool] = []
  /// Engine that holds it now.
  var engine: [Int32] = []
  /// DP group inside the engine.
  var group: [Int32] = []
  /// First rank of the prefill group that holds its KV, and that engine.
  var origin: [Int32] = []
  var prefilledBy: [Int32] = []
  /// Tokens still to be prefilled, and the next prompt in its die's queue (mixed engines).
  var prefillLeft: [Int32] = []
  var next: [Int32] = []
  /// Cached tokens that come out of the pool in the CPUs' memory.
  var pooled: [Int32] = []
  /// Tokens that the step under way prefills, or the iteration where the dies of a node share prompts.
  var chunk: [Int32] = []
  /// Attempts that its client has left, and whether it cancels after `output` tokens.
  var attempts: [Int32] = []
  var cancels: [Bool] = []
  /// What the prompt is made of (traces with hash blocks).
  var blocks: [PromptBlocks] = []
  private var freeList: [Int32] = []
  private var nextNumber: UInt64 = 0

  mutating func add(arrival time: Int64, prompt tokens: Int32, cached hits: Int32, output out: Int32, found early: Bool)
    -> Int
  {
    let id: Int
    if let reused = freeList.popLast() {
      id = Int(reused)
    } else {
      id = arrival.count
      number.append(0)
      arrival.append(0)
      prompt.append(0)
      cached.append(0)
      output.append(0)
      made.append(0)
      mark.append(0)
      claim.append(0)
      ticket.append(0)
      firstToken.append(0)
      state.append(.free)
      found.append(false)
      engine.append(-1)
      group.append(-1)
      origin.append(-1)
      prefilledBy.append(-1)
      prefillLeft.append(0)
      next.append(-1)
      chunk.append(0)
      pooled.append(0)
      blocks.append(PromptBlocks())
      attempts.append(0)
      cancels.append(false)
    }
    number[id] = nextNumber
    nextNumber += 1
    arrival[id] = time
    prompt[id] = tokens
    cached[id] = hits
    output[id] = out
    made[id] = 0
    mark[id] = 0
    claim[id] = 0
    ticket[id] = 0
    prefilledBy[id] = -1
    firstToken[id] = -1
    state[id] = .queued
    found[id] = early
    blocks[id] = PromptBlocks()
    chunk[id] = 0
    pooled[id] = 0
    attempts[id] = 0
    cancels[id] = false
    prefillLeft[id] = tokens - hits
    engine[id] = -1
    group[id] = -1
    return id
  }

  /// A further attempt of a request whose first place is still in some queue: the same number and arrival.
  mutating func attemptAgain(_ old: Int) -> Int {
    let id = add(arrival: arrival[old], prompt: prompt[old], cached: 0, output: output[old], found: found[old])
    nextNumber -= 1
    number[id] = number[old]
    blocks[id] = blocks[old]
    attempts[id] = attempts[old] - 1
    cancels[id] = cancels[old]
    state[id] = .resting
    return id
  }

  mutating func free(_ id: Int) {
    state[id] = .free
    freeList.append(Int32(id))
  }

  /// How many are alive in a state.
  func count(where test: (RequestState, Bool) -> Bool) -> Int {
    var total = 0
    for id in state.indices where state[id] != .free && test(state[id], found[id]) { total += 1 }
    return total
  }

  func encode(into digest: inout StateDigest) {
    digest.add(state.count)
    for id in state.indices {
      digest.add(number[id])
      digest.add(arrival[id])
      digest.add(UInt64(state[id].rawValue) | (found[id] ? 256 : 0))
      digest.add(UInt64(UInt32(bitPattern: prompt[id])) << 32 | UInt64(UInt32(bitPattern: output[id])))
      digest.add(UInt64(UInt32(bitPattern: cached[id])) << 32 | UInt64(UInt32(bitPattern: group[id])))
      digest.add(firstToken[id])
      digest.add(UInt64(UInt32(bitPattern: prefillLeft[id])) << 32 | UInt64(UInt32(bitPattern: next[id])))
      digest.add(Int(blocks[id].first) << 32 | Int(blocks[id].count))
      digest.add(UInt64(UInt32(bitPattern: chunk[id])) << 32 | UInt64(UInt32(bitPattern: pooled[id])))
      digest.add(Int(made[id]))
      digest.add(Int(attempts[id]) << 1 | (cancels[id] ? 1 : 0))
    }
    for id in freeList { digest.add(UInt64(UInt32(bitPattern: id))) }
    digest.add(nextNumber)
  }
}
