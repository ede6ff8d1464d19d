import Telemetry

extension Simulation {
  /// Whether prompts are prefilled on the decode dies themselves.
  var isMixed: Bool { decode.first?.layout == .mixed }

  /// The job executor gives a request to the mixed engine with the lightest load; its shell picks the group.
  mutating func takeMixed(_ id: Int) {
    let engine = lightestDecode
    requests.engine[id] = Int32(engine)
    decode[engine].deferred.append(Int32(id))
    pairMixed(engine)
    rouse(engine)
  }

  /// Gives groups to waiting requests, in order, as long as there is room.
  mutating func pairMixed(_ engine: Int) {
    var paired = 0
    for number in decode[engine].deferred {
      let id = Int(number)
      if requests.state[id] == .abandoned {
        requests.free(id)
        paired += 1
        continue
      }
      let tokens = requests.prompt[id] + requests.output[id]
      guard let group = decode[engine].choose(tokens: tokens) else { break }
      paired += 1
      decode[engine].reserve(group: group, tokens: tokens)
      requests.group[id] = Int32(group)
      requests.prefillLeft[id] = requests.prompt[id] - requests.cached[id]
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

  /// Prompts at the head of a die's queue whose clients gave up.
  private mutating func dropAbandoned(_ engine: Int, group: Int) {
    while true {
      let id = Int(decode[engine].promptHead[group])
      guard id >= 0, requests.state[id] == .abandoned else { return }
      pop(engine, group: group)
      decode[engine].unreserve(group: group, tokens: requests.prompt[id] + requests.output[id])
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
    for group in 0..<decode[engine].dies {
      var budget = Int32(decode[engine].chunkRows[group / Lanes.count][group % Lanes.count])
      while budget > 0 {
        dropAbandoned(engine, group: group)
        let id = Int(decode[engine].promptHead[group])
        guard id >= 0 else { break }
        let tokens = min(budget, requests.prefillLeft[id])
        requests.prefillLeft[id] -= tokens
        budget -= tokens
        if requests.prefillLeft[id] > 0 { break }
        pop(engine, group: group)
        beginDecode(id, engine: engine, group: group, open: open)
      }
    }
    if !decode[engine].deferred.isEmpty { pairMixed(engine) }
  }

  private mutating func beginDecode(_ id: Int, engine: Int, group: Int, open: Bool) {
    requests.firstToken[id] = now
    countFirstToken(id, open: open)
    let tokens = requests.prompt[id] + requests.output[id]
    guard requests.output[id] > 1 else {
      decode[engine].unreserve(group: group, tokens: tokens)
      close(id, at: now)
      return
    }
    decode[engine].seat(
      request: Int32(id), group: group, held: requests.prompt[id] + 1, remaining: requests.output[id] - 1,
      first: open ? now : -1, base: open ? requests.output[id] : 0)
    requests.state[id] = .decoding
  }
}

extension DecodeEngine {
  /// Prompt tokens that a mixed engine's die takes in one iteration (assumption: small beside its decode rows' time).
  static let chunkTokens: Int32 = 1024

  /// Gives back a place that was kept for a request that does not come.
  mutating func unreserve(group: Int, tokens: Int32) {
    reserved[group] -= 1
    committed[group] -= tokens
  }
}
