import Operations

extension DecodeEngine {
  /// A request that ended in an iteration.
  struct Finish: Sendable {
    var request: Int32
    var group: Int32
    /// Tokens made beyond its end by the last draft, to be taken off the group's KV with its own.
    var excess: Int32
    /// First token inside the measured window, nanoseconds; -1 where it had none before this iteration.
    var first: Int64
    /// Tokens inside the window.
    var tokens: Int32
  }

  /// The group for a request of so many KV tokens, nil when none has room.
  ///
  /// Those at their batch limit are out, then the lowest KV use counts, with the space kept for outputs ([XDS] section
  /// 3); or the fewest requests, or whose turn it is, as an operator wishes. Ties go to the lower group.
  func choose(tokens: Int32) -> Int? {
    if choice == .roundRobin { return chooseInTurn(tokens: tokens) }
    var best: Int?
    var least = Int32.max
    for die in 0..<dies {
      let used = max(committed[die], kv[die])
      let held = count[die] + reserved[die]
      let weight = choice == .kv ? used : held
      guard held < Int32(batchLimit), used + tokens <= capacity, weight < least, !closed[die], !unreachable[die]
      else { continue }
      best = die
      least = weight
    }
    return best
  }

  private func chooseInTurn(tokens: Int32) -> Int? {
    for step in 0..<dies {
      let die = (nextGroup + step) % dies
      let fits = count[die] + reserved[die] < Int32(batchLimit) && max(committed[die], kv[die]) + tokens <= capacity
      if fits && !closed[die] && !unreachable[die] { return die }
    }
    return nil
  }

  /// Keeps a place for a request under way.
  mutating func reserve(group: Int, tokens: Int32) {
    reserved[group] += 1
    committed[group] += tokens
    nextGroup = (group + 1) % dies
  }

  /// Puts a request with its KV into a slot of its group, where `reserve` kept a place.
  ///
  /// - Parameters:
  ///   - held: KV tokens it brings.
  ///   - left: Tokens still to make.
  ///   - first: Its first token inside the window, -1 if none yet.
  ///   - base: Tokens from the first on, where `first` is set.
  mutating func seat(
    request: Int32, group: Int, held: Int32, remaining left: Int32, first: Int64, base: Int32
  ) {
    reserved[group] -= 1
    let slot = Int(count[group])
    precondition(slot < slotVectors * 4, "a group takes no more than it has places")
    count[group] += 1
    running += 1
    kv[group] += held
    setRemaining(group, slot, left)
    let place = group * slotVectors * 4 + slot
    slotRequest[place] = request
    slotFirst[place] = first
    slotBase[place] = base
    if first < 0 { unopened += 1 }
  }

  /// The first tokens inside the measured window of requests that had earlier ones come now.
  private mutating func openWindow(time: Int64) {
    for group in 0..<dies {
      for slot in 0..<Int(count[group]) {
        let place = group * slotVectors * 4 + slot
        guard slotFirst[place] < 0 else { continue }
        slotFirst[place] = time
        slotBase[place] = remainingAt(group, slot)
      }
    }
    unopened = 0
  }

  /// Takes the newest request out of a group; returns it and the tokens that it still has to make.
  mutating func unseat(group: Int) -> (request: Int32, remaining: Int32)? {
    guard count[group] > 0 else { return nil }
    let slot = Int(count[group]) - 1
    let place = group * slotVectors * 4 + slot
    let result = (slotRequest[place], remainingAt(group, slot))
    if slotFirst[place] < 0 { unopened -= 1 }
    setRemaining(group, slot, Int32.max / 2)
    slotRequest[place] = -1
    count[group] -= 1
    running -= 1
    return result
  }

  /// Frees the KV of a request that left.
  mutating func release(group: Int, held: Int32, committed tokens: Int32) {
    kv[group] -= held
    committed[group] -= tokens
  }

  func remainingAt(_ group: Int, _ slot: Int) -> Int32 {
    remaining[group * slotVectors + slot / 4][slot % 4]
  }

  mutating func setRemaining(_ group: Int, _ slot: Int, _ value: Int32) {
    remaining[group * slotVectors + slot / 4][slot % 4] = value
  }

  /// Gives every running request its tokens of the iteration that just ended.
  ///
  /// - Parameters:
  ///   - time: End of the iteration, nanoseconds.
  ///   - windowOpen: Whether tokens count in the measured window.
  ///   - finishes: Requests that ended, added to.
  /// - Returns: Tokens made and steps taken (a step is one request in one iteration).
  /// - Complexity: O(slots); no allocation.
  mutating func emitTokens(time: Int64, windowOpen: Bool, finishes: inout [Finish]) -> (tokens: Int, steps: Int) {
    if windowOpen && unopened > 0 { openWindow(time: time) }
    let steps = running
    lastTokens = time
    let kept = Int32(max(0, min(65536, (acceptance * 65536).rounded())))
    var draw = DraftDraw(
      lanes: acceptLanes, first: mtpLayers > 0 ? kept : 0,
      second: mtpLayers > 1 ? Int32(Double(kept) * Self.secondDraftShare) : 0)
    // Moved out and back, so that the loop works on unique storage without asking.
    var slots: [SIMD4<Int32>] = []
    swap(&slots, &remaining)
    var total = 0
    let (full, most) = (capacity, Int32(1 + mtpLayers))
    do {
      var span = slots.mutableSpan
      for group in 0..<dies where count[group] > 0 {
        let (made, ended) = draw.emit(&span, from: group * slotVectors, taken: count[group])
        kv[group] += made
        total += Int(made)
        if ended { endedGroups.append(Int32(group)) }
        // The next iteration may bring each request as many tokens again.
        if kv[group] > full &- count[group] &* most { overflowing.append(Int32(group)) }
      }
    }
    swap(&slots, &remaining)
    acceptLanes = draw.lanes
    for group in endedGroups {
      total -= Int(finish(group: Int(group), time: time, windowOpen: windowOpen, finishes: &finishes))
    }
    endedGroups.removeAll(keepingCapacity: true)
    return (total, steps)
  }

  /// Takes ended requests out of a group; returns tokens made beyond their ends.
  private mutating func finish(group: Int, time: Int64, windowOpen: Bool, finishes: inout [Finish]) -> Int32 {
    var excess: Int32 = 0
    var slot = Int(count[group]) - 1
    while slot >= 0 {
      // Whole vectors of requests that go on are passed over.
      if slot % 4 == 3, !any(remaining[group * slotVectors + slot / 4] .<= 0) {
        slot -= 4
        continue
      }
      let left = remainingAt(group, slot)
      if left <= 0 {
        excess -= left
        let base = group * slotVectors * 4
        let place = base + slot
        finishes.append(
          Finish(
            request: slotRequest[place], group: Int32(group), excess: -left, first: slotFirst[place],
            tokens: slotFirst[place] >= 0 ? slotBase[place] : 0))
        if slotFirst[place] < 0 { unopened -= 1 }
        running -= 1
        let last = Int(count[group]) - 1
        setRemaining(group, slot, remainingAt(group, last))
        setRemaining(group, last, Int32.max / 2)
        slotRequest[place] = slotRequest[base + last]
        slotFirst[place] = slotFirst[base + last]
        slotBase[place] = slotBase[base + last]
        slotRequest[base + last] = -1
        count[group] -= 1
      }
      slot -= 1
    }
    return excess
  }
}
