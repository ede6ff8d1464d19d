import SuperPod
import Words

/// Works out who gives to whom.
struct ServerMoves {
  let configuration: Configuration
  let headrooms: [Place.Executor: Double]
  let shift: ServerShift

  var prefill: Int { configuration.servers(prefill: true) }
  var total: Int { prefill + decode + configuration.spare }
  var decode: Int { configuration.servers(prefill: false) }

  func moves() throws(Refusal) -> [ServerMove] {
    for case .executor(let executor)? in [shift.from, shift.to]
    where configuration.index(of: executor) == nil {
      let known = configuration.executors.map { "\($0.executor)" }.asAlternatives
      throw Refusal("there is no \(executor); TEs are \(known)")
    }
    guard configuration.executors.contains(where: \.executor.prefills) else {
      throw Refusal("prefill and decode are not apart here; there is no ratio to shift")
    }
    let (toPrefill, toDecode) = try changes()
    guard toPrefill != 0 || toDecode != 0 else {
      throw Refusal("prefill and decode have \(prefill):\(decode) servers already")
    }
    try checkEnds(toPrefill, toDecode)
    let fromSpare = toPrefill + toDecode
    guard fromSpare <= configuration.spare else { throw tooFew(by: fromSpare - configuration.spare) }
    var moves: [ServerMove] = []
    let across = min(abs(toPrefill), abs(toDecode))
    if toPrefill * toDecode < 0 {
      let prefillTakes = toPrefill > 0
      let taker = try taker(prefill: prefillTakes)
      for (giver, count) in try givers(prefill: !prefillTakes, servers: max(-toPrefill, -toDecode)) {
        moves.append(ServerMove(servers: count, from: .executor(giver), to: .executor(taker)))
      }
      // What one side gives or takes beyond the other is spare.
      trim(&moves, to: across, taker: taker)
      if fromSpare > 0 { moves.append(ServerMove(servers: fromSpare, from: .spare, to: .executor(taker))) }
    } else {
      for (prefill, change) in [(true, toPrefill), (false, toDecode)] where change != 0 {
        if change > 0 {
          moves.append(ServerMove(servers: change, from: .spare, to: .executor(try taker(prefill: prefill))))
        } else {
          for (giver, count) in try givers(prefill: prefill, servers: -change) {
            moves.append(ServerMove(servers: count, from: .executor(giver), to: .spare))
          }
        }
      }
    }
    try check(moves)
    return moves
  }

  /// Whether the ends that are named do not go with what is wanted.
  var endsContradict: Bool {
    guard let (toPrefill, toDecode) = try? changes() else { return true }
    return (try? checkEnds(toPrefill, toDecode)) == nil
  }

  /// A named end must be on a side that gives or takes.
  private func checkEnds(_ toPrefill: Int, _ toDecode: Int) throws(Refusal) {
    let before = "from \(prefill):\(decode) to \(prefill + toPrefill):\(decode + toDecode)"
    func change(_ executor: Place.Executor) -> Int { executor.prefills ? toPrefill : toDecode }
    switch shift.from {
    case .executor(let executor)? where change(executor) >= 0:
      throw Refusal("\(executor) gives nothing on the way \(before)")
    case .spare? where min(toPrefill, toDecode) < 0 || toPrefill + toDecode <= 0:
      throw Refusal("the way \(before) takes servers of a TE, not only spare ones")
    default: break
    }
    switch shift.to {
    case .executor(let executor)? where change(executor) <= 0:
      throw Refusal("\(executor) takes nothing on the way \(before)")
    case .spare? where max(toPrefill, toDecode) > 0 || toPrefill + toDecode >= 0:
      throw Refusal("the way \(before) gives servers to a TE, not only to spare")
    default: break
    }
  }

  /// How many servers each side gains.
  private func changes() throws(Refusal) -> (prefill: Int, decode: Int) {
    switch shift.aim {
    case .ratio(let wantedPrefill, let wantedDecode):
      for (wanted, kind, prefills) in [(wantedPrefill, "prefill", true), (wantedDecode, "decode", false)] {
        let exists = configuration.executors.contains { $0.executor.prefills == prefills }
        guard wanted == 0 || exists else { throw Refusal("there is no \(kind) TE to take servers") }
        guard wanted > 0 || !exists else { throw Refusal("\(kind) must keep one server") }
      }
      return (wantedPrefill - prefill, wantedDecode - decode)
    case .more(let servers, let forPrefill):
      if shift.from == .spare { return forPrefill ? (servers, 0) : (0, servers) }
      return forPrefill ? (servers, -servers) : (-servers, servers)
    }
  }

  private func tooFew(by missing: Int) -> Refusal {
    guard case .ratio(let wantedPrefill, let wantedDecode) = shift.aim else {
      return Refusal("only \(configuration.spare) servers are spare")
    }
    return Refusal("\(wantedPrefill) and \(wantedDecode) servers are \(missing) more than the pod's \(total)")
  }

  private func named(_ end: ServerShift.End?, prefill: Bool) -> Place.Executor? {
    guard case .executor(let executor)? = end, executor.prefills == prefill else { return nil }
    return executor
  }

  private func headroom(_ settings: ExecutorSettings) -> Double { headrooms[settings.executor] ?? 0 }

  private func taker(prefill: Bool) throws(Refusal) -> Place.Executor {
    if let named = named(shift.to, prefill: prefill) { return named }
    let kind = configuration.executors.filter { $0.executor.prefills == prefill }
    // A TE that serves comes before one that stands without servers.
    let serving = kind.filter { $0.servers > 0 }
    let candidates = serving.isEmpty ? kind : serving
    guard let least = candidates.map({ headroom($0) }).min(),
      let taker = candidates.filter({ headroom($0) == least }).map(\.executor).min(by: { $0.number < $1.number })
    else { throw Refusal("there is no \(prefill ? "prefill" : "decode") TE to take servers") }
    return taker
  }

  private func givers(prefill: Bool, servers: Int) throws(Refusal) -> [(Place.Executor, Int)] {
    let available = configuration.servers(prefill: prefill)
    let kind = prefill ? "prefill" : "decode"
    guard servers < available else {
      throw Refusal("\(kind) has \(available) servers and must keep one")
    }
    if let named = named(shift.from, prefill: prefill) {
      let own = configuration.index(of: named).map { configuration.executors[$0].servers } ?? 0
      guard servers <= own else { throw Refusal("\(named) has \(own) servers") }
      return [(named, servers)]
    }
    let order = configuration.executors.filter { $0.executor.prefills == prefill && $0.servers > 0 }.sorted {
      (-headroom($0), $0.executor.number) < (-headroom($1), $1.executor.number)
    }
    var left = servers
    var givers: [(Place.Executor, Int)] = []
    for settings in order where left > 0 {
      // A decode TE is not closed as a by-product.
      let count = min(left, prefill ? settings.servers : settings.servers - 1)
      guard count > 0 else { continue }
      givers.append((settings.executor, count))
      left -= count
    }
    return givers
  }

  /// Sends to spare what the taker does not take.
  private func trim(_ moves: inout [ServerMove], to across: Int, taker: Place.Executor) {
    var left = across
    var trimmed: [ServerMove] = []
    for move in moves {
      let kept = min(left, move.servers)
      left -= kept
      if kept > 0 { trimmed.append(ServerMove(servers: kept, from: move.from, to: .executor(taker))) }
      if kept < move.servers { trimmed.append(ServerMove(servers: move.servers - kept, from: move.from, to: .spare)) }
    }
    moves = trimmed
  }

  /// Refuses sizes that the model cannot take.
  private func check(_ moves: [ServerMove]) throws(Refusal) {
    // After every single move, since they are undone one by one.
    for count in 1...moves.count {
      try check(configuration.applying(Array(moves.prefix(count))))
    }
  }

  private func check(_ after: Configuration) throws(Refusal) {
    for (old, new) in zip(configuration.executors, after.executors) where new.servers != old.servers {
      guard new.ranksFollowServers else {
        throw Refusal("\(new.executor) is split: its domains cannot give or take single servers")
      }
      guard new.servers > 0 || new.executor.prefills else { throw Refusal("\(new.executor) must keep a server") }
    }
    for (old, new) in zip(configuration.executors, after.executors)
    where new.expertParallel != old.expertParallel && new.servers > 0 && !new.takes(new.expertParallel) {
      throw Refusal("\(new.executor) cannot stand on \(new.expertParallel) expert ranks")
    }
  }
}
