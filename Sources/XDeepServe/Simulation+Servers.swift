import Operations
public import SuperPod
import Telemetry

// Who gives servers to whom.
extension Simulation {
  /// Moves servers between prefill, decode and spare, as the plan has it.
  mutating func move(_ moves: [ServerMove], as action: Action, number: Int) throws(ActionRefusal) {
    for move in moves {
      let (giver, taker) = (try layoutEngine(move.from), try layoutEngine(move.to))
      let dies = try leavingDies(giver, servers: move.servers)
      try checkRoom(giver: giver, taker: taker, dies: dies, number: number)
      start(ServerChange(action, number: number, now: now, dies: dies, giver: giver, taker: taker))
    }
  }

  /// Grows or shrinks a decode engine.
  mutating func scale(_ executor: Place.Executor, to size: Int, number: Int) throws(ActionRefusal) {
    let index = try engine(executor)
    let present = decode[index - prefill.count].home.count
    let servers = abs(size - present) / scenario.topology.diesPerNode
    let move =
      size > present
      ? ServerMove(servers: servers, from: .spare, to: .executor(executor))
      : ServerMove(servers: servers, from: .executor(executor), to: .spare)
    try self.move([move], as: .scale(executor, expertParallel: size), number: number)
  }

  private func layoutEngine(_ end: ServerShift.End) throws(ActionRefusal) -> Int? {
    switch end {
    case .spare: nil
    case .executor(let executor): try engine(executor)
    }
  }

  /// Dies that no engine has or is to have and that serve, of whole servers.
  var spareDies: [Int] {
    var taken = movingDies
    for engine in prefill { taken.formUnion(engine.home) }
    for engine in decode { taken.formUnion(engine.home) }
    return (0..<scenario.topology.nodes).flatMap { node -> [Int] in
      let dies = Array(scenario.topology.dies(of: NodeID(node)))
      let free = dies.allSatisfy {
        layout.roles[$0] == .spare && health.state(of: DieID($0)).serves && !taken.contains($0)
      }
      return free ? dies : []
    }
  }

  /// How far each engine is from its target: what is left of the SLO, as a share; more is better.
  public var headrooms: [Place.Executor: Double] {
    var result: [Place.Executor: Double] = [:]
    for index in prefill.indices { result[Place.Executor(prefills: true, number: index)] = headroom(index) }
    for index in decode.indices {
      result[Place.Executor(prefills: false, number: index)] = headroom(prefill.count + index)
    }
    return result
  }

  private func headroom(_ index: Int) -> Double {
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

  /// The dies of the last servers of an engine that are whole, or of the first spare ones.
  private func leavingDies(_ giver: Int?, servers: Int) throws(ActionRefusal) -> [Int] {
    let need = servers * scenario.topology.diesPerNode
    guard let giver else {
      let spare = spareDies
      guard spare.count >= need else {
        throw ActionRefusal(
          "\(servers) servers are asked for; of the spare ones \(spare.count / scenario.topology.diesPerNode) serve")
      }
      return Array(spare.prefix(need))
    }
    let hosts = hosts(ofEngine: giver)
    let home = giver < prefill.count ? prefill[giver].home : decode[giver - prefill.count].home
    let present = Set(home).intersection(hosts).subtracting(movingDies)
    var seen: Set<Int> = []
    var leaving: [Int] = []
    for die in hosts.reversed() where leaving.count < need {
      let node = die / scenario.topology.diesPerNode
      guard seen.insert(node).inserted else { continue }
      let dies = scenario.topology.dies(of: NodeID(node))
      let whole = dies.allSatisfy { present.contains($0) && health.state(of: DieID($0)).serves }
      if whole { leaving += dies }
    }
    guard leaving.count == need else {
      throw ActionRefusal(
        "\(servers) servers are asked for; \(layout.engines[giver].id) has "
          + "\(leaving.count / scenario.topology.diesPerNode) that serve whole")
    }
    return leaving.sorted()
  }

  /// Refuses what would leave an engine too small or one change on top of another.
  func checkRoom(giver: Int?, taker: Int?, dies: [Int], number: Int) throws(ActionRefusal) {
    for engine in [giver, taker] {
      if let engine { try checkIdle(engine, number: number) }
    }
    guard let giver else { return }
    let gone = Set(dies)
    let left = hosts(ofEngine: giver).filter { !gone.contains($0) }
    if giver < prefill.count {
      guard prefill.contains(where: { $0.index != giver && !$0.hosts.isEmpty && !$0.isLeaving }) || !left.isEmpty else {
        throw ActionRefusal("nothing would prefill any more")
      }
      return
    }
    guard !left.isEmpty, specification(giver - prefill.count, dies: left.count, of: left) != nil else {
      throw ActionRefusal(
        "\(layout.engines[giver].id) cannot do without them: \(left.count) dies do not hold the model's experts")
    }
  }

  /// Refuses what would come on top of something else that changes an engine.
  func checkIdle(_ engine: Int, number: Int) throws(ActionRefusal) {
    let busy = changes.first {
      !$0.phase.isOver && ($0.giver == engine || $0.taker == engine) && ($0.number == nil || $0.number != number)
    }
    if let busy {
      throw ActionRefusal("\(layout.engines[engine].id) is being changed already (\(busy.action)); one at a time")
    }
    if let other = performed.first(where: { $0.number != number && $0.isStarting(engine, at: now) }) {
      throw ActionRefusal("\(layout.engines[engine].id) is being started anew (\(other.action)); one at a time")
    }
    if engine >= prefill.count, let owner = decode[engine - prefill.count].rebalance?.number, owner != number {
      throw ActionRefusal(
        "\(layout.engines[engine].id) moves experts (\(performed[owner - 1].action)); one at a time")
    }
  }
}
