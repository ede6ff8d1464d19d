import Operations
import SuperPod
import Telemetry

// Dies that leave and join engines by plan.
extension Simulation {
  /// How long requests may run out on dies that are to leave, seconds; then the rest begins again elsewhere (assumption).
  static let drainSeconds = 120.0

  /// Moves servers between prefill, decode and spare.
  mutating func move(_ shift: ServerShift) throws(ActionRefusal) {
    let perNode = scenario.topology.diesPerNode
    let prefillServers = prefill.reduce(0) { $0 + $1.hosts.count } / perNode
    let decodeServers = decode.reduce(0) { $0 + $1.hosts.count } / perNode
    let (count, toPrefill): (Int, Bool)
    switch shift.aim {
    case .more(let servers, let wanted): (count, toPrefill) = (servers, wanted)
    case .ratio(let p, let d):
      guard p != prefillServers || d != decodeServers else {
        throw ActionRefusal("prefill and decode have \(p) and \(d) servers already")
      }
      guard p + d <= scenario.topology.nodes else {
        throw ActionRefusal("\(p) + \(d) servers are more than the pod's \(scenario.topology.nodes)")
      }
      toPrefill = p > prefillServers || (p == prefillServers && d < decodeServers)
      count = toPrefill ? max(p - prefillServers, decodeServers - d) : max(d - decodeServers, prefillServers - p)
    }
    guard !isMixed, !prefill.isEmpty else {
      throw ActionRefusal("prefill and decode are not apart here; there is no ratio to shift")
    }
    let taker = try taker(shift, toPrefill: toPrefill)
    let giver = try giver(shift, toPrefill: toPrefill, servers: count)
    guard giver != taker else { throw ActionRefusal("the servers are to go where they are") }
    let dies = try leavingDies(giver, servers: count)
    try checkRoom(giver: giver, taker: taker, dies: dies)
    start(ServerChange(action: .pd(shift), since: now, phase: .drain, dies: dies, giver: giver, taker: taker))
  }

  /// Grows or shrinks a decode engine.
  mutating func scale(_ executor: Place.Executor, to size: Int) throws(ActionRefusal) {
    let index = try decodeEngines(executor).lowerBound
    let perNode = scenario.topology.diesPerNode
    let present = decode[index].expertDies
    guard decode[index].layout != .split else {
      throw ActionRefusal("\(decode[index].id) is split; its attention and expert dies scale together by `pd`")
    }
    guard size % perNode == 0, size > 0 else {
      let below = max(perNode, size / perNode * perNode)
      throw ActionRefusal(
        "EP \(size) is not a number of whole servers; nearest are \(below) and \(below + perNode)")
    }
    guard size != present else { throw ActionRefusal("\(decode[index].id) has EP \(size) already") }
    let spare = spareDies
    if size > present {
      guard spare.count >= size - present else {
        throw ActionRefusal(
          "\(size - present) more dies are needed and \(spare.count) are spare; the most is EP \(present + spare.count)"
        )
      }
      let dies = Array(spare.prefix(size - present))
      start(
        ServerChange(
          action: .scale(executor, expertParallel: size), since: now, phase: .load, dies: dies, giver: nil,
          taker: prefill.count + index))
    } else {
      let dies = Array(decode[index].hosts.suffix(present - size))
      try checkRoom(giver: prefill.count + index, taker: nil, dies: dies)
      start(
        ServerChange(
          action: .scale(executor, expertParallel: size), since: now, phase: .drain, dies: dies,
          giver: prefill.count + index, taker: nil))
    }
  }

  /// Takes a part of the machine out of service.
  mutating func drain(_ place: Place) throws(ActionRefusal) {
    try check(place)
    switch place.part {
    case .dieLink, .uplink:
      guard let link = scenario.topology.link(place) else { throw ActionRefusal("there is no \(place)") }
      health.links[link.rawValue] = .drained
      healthChanged()
      return
    case .subPlane(let plane):
      health.subPlanes[plane] = .drained
      healthChanged()
      return
    case .l1, .l2:
      setSwitch(place, .drained)
      healthChanged()
      return
    default: break
    }
    let dies = try dies(of: place)
    guard !dies.isEmpty else {
      throw ActionRefusal("\(place) cannot be drained; a die, an NPU, a node, a link, a sub-plane or a switch can")
    }
    let gone = Set(dies)
    let owners = layout.engines.indices.filter { hosts(ofEngine: $0).contains(where: gone.contains) }
    for owner in owners { try checkRoom(giver: owner, taker: nil, dies: dies) }
    for owner in owners {
      let leaving = hosts(ofEngine: owner).filter(gone.contains)
      start(ServerChange(action: .drain(place), since: now, phase: .drain, dies: leaving, giver: owner, taker: nil))
    }
    for die in dies where owners.isEmpty { health.dies[die] = .drained }
    healthChanged()
  }

  /// Takes it back; dies go home to their engine.
  mutating func undrain(_ place: Place) throws(ActionRefusal) {
    try check(place)
    switch place.part {
    case .dieLink, .uplink:
      guard let link = scenario.topology.link(place),
        health.links[link.rawValue] == .drained || health.links[link.rawValue] == .separated
      else {
        throw ActionRefusal("\(place) is not drained")
      }
      health.links[link.rawValue] = .healthy
    case .subPlane(let plane):
      guard health.subPlanes[plane] == .drained else { throw ActionRefusal("\(place) is not drained") }
      health.subPlanes[plane] = .healthy
    case .l1, .l2: setSwitch(place, .healthy)
    default:
      let dies = try dies(of: place)
      let drained = dies.filter { health.dies[$0] == .drained || health.dies[$0] == .separated }
      guard !drained.isEmpty else { throw ActionRefusal("\(place) is not drained") }
      for die in drained { health.dies[die] = .healthy }
      rejoinHome()
      raiseGrounded()
    }
    healthChanged()
  }

  /// Starts a die, an executor or a TE anew: its engine stops for an engine's initialisation, its requests begin again.
  mutating func restart(_ place: Place) throws(ActionRefusal) {
    let dies = try dies(of: place)
    guard !dies.isEmpty else { throw ActionRefusal("\(place) cannot be restarted; a die, an executor or a TE can") }
    let hit = Set(dies)
    guard layout.engines.indices.contains(where: { hosts(ofEngine: $0).contains(where: hit.contains) }) else {
      throw ActionRefusal("\(place) serves nobody")
    }
    for number in incidents.indices
    where incidents[number].ended == nil && incidents[number].dies.contains(where: hit.contains) {
      let fault = incidents[number].injection.fault
      if fault == .hungExecutor || fault == .dpMaster || fault == .hbmECC { endFault(number) }
    }
    restartEngines(hit)
  }

  // The steps of a change.

  private mutating func start(_ change: ServerChange) {
    changes.append(change)
    let number = changes.count - 1
    if let giver = change.giver, giver >= prefill.count { close(giver - prefill.count, dies: change.dies) }
    if change.giver == nil { load(number) } else { schedule(.change, at: now + Self.second, subject: number) }
  }

  /// Some dies of an engine take no more requests.
  private mutating func close(_ index: Int, dies: [Int]) {
    let leaving = Set(dies)
    for rank in 0..<decode[index].dies where leaving.contains(decode[index].hosts[rank]) {
      decode[index].closed[rank] = true
    }
  }

  /// A change goes on: a look whether dies are empty, or the end of a phase.
  mutating func continueChange(_ number: Int) {
    switch changes[number].phase {
    case .drain:
      let waited = Double(now - changes[number].since) / 1e9
      guard isEmpty(number) || waited >= Self.drainSeconds else {
        schedule(.change, at: now + Self.second, subject: number)
        return
      }
      leave(number)
    case .load: join(number)
    default: break
    }
  }

  /// Whether nothing runs on the dies that leave.
  private func isEmpty(_ number: Int) -> Bool {
    guard let giver = changes[number].giver else { return true }
    let leaving = Set(changes[number].dies)
    if giver < prefill.count {
      // KV that waits to be fetched lies on the engine's dies.
      return !requests.state.indices.contains {
        (requests.state[$0] == .deferred || requests.state[$0] == .transferring)
          && Int(requests.prefilledBy[$0]) == giver
      }
    }
    let engine = decode[giver - prefill.count]
    return !(0..<engine.dies).contains {
      leaving.contains(engine.hosts[$0]) && engine.count[$0] + engine.reserved[$0] > 0
    }
  }

  /// The dies leave their engine.
  private mutating func leave(_ number: Int) {
    guard let giver = changes[number].giver else { return }
    let leaving = Set(changes[number].dies)
    if giver < prefill.count {
      let stay = prefill[giver].hosts.filter { !leaving.contains($0) }
      prefill[giver].home.removeAll(where: leaving.contains)
      dropWaiting(prefilledBy: giver, number)
      rebuildPrefill(giver, hosts: stay, stopped: stay.isEmpty)
    } else {
      let index = giver - prefill.count
      decode[index].home.removeAll(where: leaving.contains)
      let before = totals.recomputed
      pause(index)
      reform(index, on: decode[index].hosts.filter { !leaving.contains($0) }, incident: nil)
      changes[number].recomputed = totals.recomputed - before
    }
    if case .drain = changes[number].action {
      for die in leaving { health.dies[die] = .drained }
      healthChanged()
    }
    if changes[number].taker == nil {
      finish(number)
    } else {
      load(number)
    }
  }

  /// KV on a prefill engine's dies that nobody fetched in time is computed again.
  private mutating func dropWaiting(prefilledBy giver: Int, _ number: Int) {
    for id in requests.state.indices where Int(requests.prefilledBy[id]) == giver {
      guard requests.state[id] == .deferred || requests.state[id] == .transferring else { continue }
      changes[number].recomputed += 1
      loseWaiting(id)
    }
  }

  private mutating func load(_ number: Int) {
    changes[number].phase = .load
    changes[number].since = now
    schedule(.change, at: now + Int64(FaultTimes.roleSwitch * 1e9), subject: number)
  }

  /// The dies join their new engine.
  private mutating func join(_ number: Int) {
    guard let taker = changes[number].taker else { return }
    let dies = changes[number].dies.filter { health.state(of: DieID($0)).serves && layout.roles[$0] == .spare }
    guard dies.count == changes[number].dies.count else {
      changes[number].phase = .aborted
      say(.high, layout.engines[taker].id, "a die was lost on its way: the servers stay spare")
      return
    }
    if taker < prefill.count {
      prefill[taker].home += dies
      rebuildPrefill(taker, hosts: prefill[taker].hosts + dies, stopped: false)
    } else {
      let index = taker - prefill.count
      decode[index].home += dies
      pause(index)
      let serving = decode[index].hosts.filter { health.state(of: DieID($0)).serves }
      reform(index, on: serving + dies, incident: nil)
      raiseGrounded()
      pair(index)
    }
    finish(number)
  }

  private mutating func finish(_ number: Int) {
    changes[number].phase = .done
    changes[number].since = now
    say(.normal, "", "\(changes[number].action): \(changes[number].dies.count) dies have moved")
  }

  /// Dies that serve again go home to the engines that lost them, after weights and graphs are there.
  mutating func rejoinHome() {
    for index in decode.indices {
      let missing = homeless(decode[index].home, decode[index].hosts)
      guard !missing.isEmpty, specification(index, dies: decode[index].hosts.count + missing.count) != nil else {
        continue
      }
      start(
        ServerChange(
          action: .undrain(scenario.topology.place(of: DieID(missing[0]))), since: now, phase: .load, dies: missing,
          giver: nil, taker: prefill.count + index))
      decode[index].home.removeAll(where: missing.contains)
    }
    for index in prefill.indices {
      let missing = homeless(prefill[index].home, prefill[index].hosts)
      let whole = missing.count / prefill[index].spec.tensorParallel * prefill[index].spec.tensorParallel
      guard whole > 0 else { continue }
      let dies = Array(missing.prefix(whole))
      start(
        ServerChange(
          action: .undrain(scenario.topology.place(of: DieID(dies[0]))), since: now, phase: .load, dies: dies,
          giver: nil, taker: index))
      prefill[index].home.removeAll(where: dies.contains)
    }
  }

  private func homeless(_ home: [Int], _ hosts: [Int]) -> [Int] {
    let present = Set(hosts)
    return home.filter {
      !present.contains($0) && layout.roles[$0] == .spare && health.state(of: DieID($0)).serves
    }
  }

  // Who gives and who takes.

  /// Dies that no engine has and that serve, of whole servers.
  var spareDies: [Int] {
    let perNode = scenario.topology.diesPerNode
    let moving = Set(changes.filter { $0.phase == .load }.flatMap(\.dies))
    return (0..<scenario.topology.nodes).flatMap { node -> [Int] in
      let dies = Array((node * perNode)..<((node + 1) * perNode))
      let free = dies.allSatisfy {
        layout.roles[$0] == .spare && health.state(of: DieID($0)).serves && !moving.contains($0)
      }
      return free ? dies : []
    }
  }

  /// Room that an engine has against its target: what is left of the SLO, as a share; more is better.
  func headroom(_ index: Int) -> Double {
    if index < prefill.count {
      let tokens = Double(prefill[index].pendingTokens)
      let rate = Double(max(prefill[index].hosts.count, 1))
      return 1 - tokens / rate / 1000
    }
    let engine = decode[index - prefill.count]
    let perToken =
      (engine.duration + DecodeEngine.gapMicros) / 1000 / (1 + Double(engine.mtpLayers) * engine.acceptance)
    return 1 - perToken / scenario.slo.tpotMilliseconds
  }

  private func taker(_ shift: ServerShift, toPrefill: Bool) throws(ActionRefusal) -> Int? {
    switch shift.to {
    case .spare: return nil
    case .executor(let executor): return try engine(executor)
    case nil:
      let all = toPrefill ? 0..<prefill.count : prefill.count..<(prefill.count + decode.count)
      return all.min { (headroom($0), $0) < (headroom($1), $1) }
    }
  }

  private func giver(_ shift: ServerShift, toPrefill: Bool, servers: Int) throws(ActionRefusal) -> Int? {
    switch shift.from {
    case .spare: return nil
    case .executor(let executor): return try engine(executor)
    case nil:
      let all = toPrefill ? prefill.count..<(prefill.count + decode.count) : 0..<prefill.count
      let need = servers * scenario.topology.diesPerNode
      return all.filter { hosts(ofEngine: $0).count >= need }.max { (headroom($0), -$0) < (headroom($1), -$1) }
    }
  }

  private func leavingDies(_ giver: Int?, servers: Int) throws(ActionRefusal) -> [Int] {
    let need = servers * scenario.topology.diesPerNode
    guard let giver else {
      let spare = spareDies
      guard spare.count >= need else {
        throw ActionRefusal(
          "\(servers) servers are asked for, \(spare.count / scenario.topology.diesPerNode) are spare")
      }
      return Array(spare.prefix(need))
    }
    let hosts = hosts(ofEngine: giver)
    guard hosts.count >= need else {
      throw ActionRefusal(
        "\(layout.engines[giver].id) has \(hosts.count / scenario.topology.diesPerNode) servers, \(servers) are asked for"
      )
    }
    guard giver >= prefill.count, decode[giver - prefill.count].layout == .split else {
      return Array(hosts.suffix(need))
    }
    throw ActionRefusal("\(layout.engines[giver].id) is split: its domains cannot give single servers")
  }

  /// Refuses what would leave an engine too small or one change on top of another.
  private func checkRoom(giver: Int?, taker: Int?, dies: [Int]) throws(ActionRefusal) {
    for change in changes where change.phase == .drain || change.phase == .load {
      let touched = [change.giver, change.taker].compactMap { $0 }
      if let busy = touched.first(where: { $0 == giver || $0 == taker }) {
        throw ActionRefusal("\(layout.engines[busy].id) is being changed already (\(change.action)); one at a time")
      }
    }
    guard let giver else { return }
    let gone = Set(dies)
    let left = hosts(ofEngine: giver).count { !gone.contains($0) }
    if giver < prefill.count {
      guard prefill.contains(where: { $0.index != giver && !$0.hosts.isEmpty }) || left > 0 else {
        throw ActionRefusal("nothing would prefill any more")
      }
      return
    }
    guard left > 0, specification(giver - prefill.count, dies: left) != nil else {
      throw ActionRefusal(
        "\(layout.engines[giver].id) cannot do without them: \(left) dies do not hold the model's experts")
    }
  }
}
