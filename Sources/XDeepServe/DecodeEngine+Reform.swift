extension DecodeEngine {
  /// Requests of an engine that stands on other dies now: where those went that stayed, and which lost their KV.
  struct Moves {
    /// By old rank its new one, -1 where the die has left.
    var ranks: [Int32]
    /// Requests that ran on dies that left, and the tokens that they still had to make.
    var lost: [(request: Int32, remaining: Int32)] = []
  }

  /// The same engine on other dies, with other limits, or both; requests on dies that stay keep their KV and slots.
  ///
  /// Experts are placed anew on what was observed. Nothing is said about what it takes: that is the caller's.
  ///
  /// - Parameter new: Built for the new dies, empty.
  /// - Returns: What became of each rank.
  mutating func reform(into new: DecodeEngine) -> Moves {
    var old = self
    self = new
    var place: [Int: Int32] = [:]
    for rank in 0..<dies { place[hosts[rank]] = Int32(rank) }
    var moves = Moves(ranks: (0..<old.dies).map { place[old.hosts[$0]] ?? -1 })
    overlaps = old.overlaps
    jitter = old.jitter
    stream = old.stream
    acceptLanes = old.acceptLanes
    iterations = old.iterations
    lastTokens = old.lastTokens
    epoch = old.epoch
    choice = old.choice
    nextGroup = old.nextGroup
    state = old.state
    grounded = old.grounded
    home = old.home
    deferred = old.deferred
    joining = old.joining
    for rank in 0..<old.dies {
      let target = Int(moves.ranks[rank])
      while old.count[rank] > 0 {
        let slot = Int(old.count[rank]) - 1
        let from = rank * old.slotVectors * 4 + slot
        let (first, base) = (old.slotFirst[from], old.slotBase[from])
        guard let (request, left) = old.unseat(group: rank) else { break }
        if target < 0 {
          moves.lost.append((request, left))
        } else {
          reserved[target] += 1
          seat(request: request, group: target, held: 0, remaining: left, first: first, base: base)
        }
      }
      guard target >= 0 else { continue }
      kv[target] = old.kv[rank]
      committed[target] = old.committed[rank]
      reserved[target] = old.reserved[rank]
      promptHead[target] = old.promptHead[rank]
      promptTail[target] = old.promptTail[rank]
      closed[target] = old.closed[rank]
    }
    return moves
  }
}

extension DecodeEngine {
  /// Makes room for so many requests a die; those that run stay where they are.
  mutating func growSlots(to limit: Int) {
    let wider = (limit + 3) / 4
    guard wider > slotVectors else { return }
    let old = self
    slotVectors = wider
    let places = dies * wider * 4
    remaining = Array(repeating: SIMD4(repeating: Int32.max / 2), count: dies * wider)
    slotRequest = Array(repeating: -1, count: places)
    slotFirst = Array(repeating: -1, count: places)
    slotBase = Array(repeating: 0, count: places)
    for die in 0..<dies {
      for vector in 0..<old.slotVectors {
        remaining[die * wider + vector] = old.remaining[die * old.slotVectors + vector]
      }
      for slot in 0..<Int(count[die]) {
        let (from, into) = (die * old.slotVectors * 4 + slot, die * wider * 4 + slot)
        slotRequest[into] = old.slotRequest[from]
        slotFirst[into] = old.slotFirst[from]
        slotBase[into] = old.slotBase[from]
      }
    }
  }
}

extension Scenario.DecodeEngine {
  /// The same engine on fewer or more dies: parts, shared copies and redundant slots go with its size.
  ///
  /// - Parameters:
  ///   - attention: Dies with DP groups.
  ///   - experts: Dies that hold experts; the same dies where the layout is not split.
  func resized(attention: Int, experts: Int, model: ServedModel) -> Scenario.DecodeEngine {
    var result = self
    result.dies = layout == .split ? attention + experts : attention
    result.dataParallel = attention
    result.expertParallel = experts
    if model.sharedExperts > 0 { result.sharedCopies = max(1, sharedCopies * experts / expertParallel) }
    // Every expert needs a slot, whatever the size.
    let least = max(0, model.experts - (experts - result.sharedCopies))
    result.redundant = max(least, redundant * experts / expertParallel)
    return result
  }

  /// Sizes in which an engine comes: whole vectors of dies, in a split engine for every domain.
  var attentionStep: Int { layout == .split ? domains * Lanes.count : Lanes.count }
}
