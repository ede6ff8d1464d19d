import Operations
import SuperPod
public import Telemetry

extension Scenario {
  /// Who does what on which dies: prefill engines first, then decode engines, node by node; the rest is spare.
  public var layout: PodLayout {
    var die = 0
    func next(_ count: Int) -> Range<Int> {
      defer { die = min(die + count, topology.dies) }
      return die..<min(die + count, topology.dies)
    }
    var layout = PodLayout(
      topology: topology, model: model.title, name: name, engines: [],
      roles: Array(repeating: .spare, count: topology.dies), sloTTFT: Float(slo.ttftMilliseconds),
      sloTPOT: Float(slo.tpotMilliseconds))
    layout.seat(
      prefill.enumerated().map { SeatedEngine("P\($0)", $1, on: next($1.dies)) }
        + decode.enumerated().map { SeatedEngine("D\($0)", $1, on: next($1.dies)) })
    return layout
  }

  /// Throws what does not fit together, whoever made the scenario.
  func check() throws(ScenarioProblem) {
    let perNode = topology.diesPerNode
    guard !decode.isEmpty else {
      throw ScenarioProblem(key: "decode", message: "there is no decode engine; at least one is needed")
    }
    var used = 0
    for (index, engine) in prefill.enumerated() {
      try whole(engine.dies, key: "prefill.\(index).dies", perNode: perNode)
      guard engine.tensorParallel * engine.dataParallel == engine.dies else {
        throw ScenarioProblem(
          key: "prefill.\(index).dp",
          message: "tp \(engine.tensorParallel) × dp \(engine.dataParallel) is not the engine's \(engine.dies) dies")
      }
      let weights = Double(DieMemory.prefillGigabytes(model, chip, engine))
      guard weights < chip.hbmBytes / 1e9 else {
        throw ScenarioProblem(
          key: "prefill.\(index).dies",
          message: "are too few: \(model.title)'s weights take \(Int(weights.rounded())) GB on each, and a die has "
            + "\(Int(chip.hbmBytes / 1e9))")
      }
      used += engine.dies
    }
    for (index, engine) in decode.enumerated() {
      try whole(engine.dies, key: "decode.\(index).dies", perNode: perNode)
      try check(engine, key: "decode.\(index)")
      used += engine.dies
    }
    guard used <= topology.dies else {
      throw ScenarioProblem(
        key: "decode", message: "the engines take \(used) dies, the pod has \(topology.dies)")
    }
    if let spare, spare * perNode != topology.dies - used {
      throw ScenarioProblem(
        key: "spare", message: "says \(spare) servers, the engines leave \((topology.dies - used) / perNode)")
    }
    if case .closed(let each, _, _) = workload {
      guard each >= 1, decode.allSatisfy({ $0.batch >= each }) else {
        throw ScenarioProblem(
          key: "workload.closed.requests_per_die",
          message: "\(each) is not between 1 and the decode engines' batch limit")
      }
    } else if decode.contains(where: { $0.layout == .mixed }) {
      guard prefill.isEmpty, decode.allSatisfy({ $0.layout == .mixed }) else {
        throw ScenarioProblem(
          key: "prefill", message: "mixed engines prefill themselves and stand beside no others")
      }
    } else if prefill.isEmpty {
      throw ScenarioProblem(key: "prefill", message: "requests that arrive need at least one prefill engine")
    }
  }

  private func checkSplit(_ engine: DecodeEngine, key: String) throws(ScenarioProblem) {
    guard engine.dataParallel + engine.expertParallel == engine.dies else {
      throw ScenarioProblem(
        key: key + ".dies",
        message: "a split engine has dies = dp + ep, and \(engine.dataParallel) + \(engine.expertParallel) is not "
          + "\(engine.dies)")
    }
    guard engine.domains >= 1, engine.domains <= 16, engine.dataParallel % (engine.domains * Lanes.count) == 0 else {
      throw ScenarioProblem(
        key: key + ".domains",
        message: "\(engine.domains) domains do not take the \(engine.dataParallel) DP groups in equal parts of a "
          + "multiple of \(Lanes.count); accepted are 1 to 16")
    }
    guard engine.expertParallel % Lanes.count == 0, (1...4).contains(engine.microBatches) else {
      throw ScenarioProblem(
        key: key + ".micro_batches", message: "\(engine.microBatches) is not between 1 and 4")
    }
  }

  private func whole(_ dies: Int, key: String, perNode: Int) throws(ScenarioProblem) {
    guard dies > 0, dies % perNode == 0 else {
      throw ScenarioProblem(
        key: key, message: "\(dies) is not a number of whole servers; accepted are multiples of \(perNode)")
    }
  }

  private func check(_ engine: DecodeEngine, key: String) throws(ScenarioProblem) {
    switch engine.layout {
    case .colocated, .mixed:
      guard engine.dataParallel == engine.dies, engine.expertParallel == engine.dies else {
        throw ScenarioProblem(
          key: key + ".dp", message: "a colocated engine has dp = ep = dies, here \(engine.dies)")
      }
    case .split:
      try checkSplit(engine, key: key)
    }
    let hosts = engine.expertParallel
    if model.sharedExperts == 0 {
      guard engine.sharedCopies == 0 else {
        throw ScenarioProblem(
          key: key + ".shared_copies",
          message: "is \(engine.sharedCopies), and \(model.title) has no shared expert; accepted is 0")
      }
    } else {
      guard engine.sharedCopies >= 1, engine.sharedCopies < hosts else {
        throw ScenarioProblem(
          key: key + ".shared_copies",
          message: "\(engine.sharedCopies) is not between 1 and \(hosts - 1): the shared expert needs a die")
      }
    }
    let slots = hosts - engine.sharedCopies + engine.redundant
    guard engine.redundant >= 0, slots >= model.experts else {
      throw ScenarioProblem(
        key: key + ".redundant",
        message: "gives \(slots) slots for the \(model.experts) routed experts of \(model.title); accepted is "
          + "\(max(0, model.experts - hosts + engine.sharedCopies)) or more")
    }
    guard engine.batch >= 1, engine.batch <= 1024 else {
      throw ScenarioProblem(key: key + ".batch", message: "\(engine.batch) is not between 1 and 1024")
    }
    guard engine.mtpLayers >= 0, engine.mtpLayers <= model.mostDraftLayers else {
      let accepted =
        model.mostDraftLayers == 0 ? "\(model.title) has no MTP layer; accepted is 0" : "accepted are 0, 1 and 2"
      throw ScenarioProblem(key: key + ".mtp.layers", message: "is \(engine.mtpLayers); \(accepted)")
    }
    let room = DieMemory.spareGigabytes(model, chip, engine)
    guard room > 0 else {
      throw ScenarioProblem(
        key: key + ".redundant",
        message: "leaves no memory: a die's weights and workspace are \(Int(-room.rounded(.down))) GB more than it has")
    }
  }
}

/// An engine and the dies that it stands on.
struct SeatedEngine {
  let id: String
  let kind: EngineKind
  let dies: [Int]
  let groups: Int
  let expertParallel: Int
  /// Dies from here on hold experts alone; nil where every die does both.
  let experts: Int?

  /// A prefill engine; without dies it has no groups.
  init(_ id: String, _ spec: Scenario.PrefillEngine, on dies: some Sequence<Int>) {
    self.id = id
    kind = .prefill
    self.dies = Array(dies)
    groups = self.dies.count / spec.tensorParallel
    expertParallel = spec.expertParallel
    experts = nil
  }

  /// A decode engine, with a group on each die that attends.
  init(_ id: String, _ spec: Scenario.DecodeEngine, on dies: some Sequence<Int>) {
    self.id = id
    kind = spec.layout == .mixed ? .mixed : .decode
    self.dies = Array(dies)
    groups = spec.dataParallel
    expertParallel = spec.expertParallel
    experts = spec.layout == .split ? spec.dataParallel : nil
  }

  /// What the die of a rank does.
  func role(ofRank rank: Int) -> DieRole {
    if kind == .prefill { return .prefill }
    guard let experts else { return .decode }
    return rank < experts ? .attention : .expert
  }
}

extension PodLayout {
  /// Seats engines anew; dies without one are spare.
  mutating func seat(_ seated: [SeatedEngine]) {
    for die in roles.indices { roles[die] = .spare }
    var group = 0
    engines = seated.map { engine in
      for (rank, die) in engine.dies.enumerated() { roles[die] = engine.role(ofRank: rank) }
      defer { group += engine.groups }
      return EngineLayout(
        id: engine.id, kind: engine.kind, dies: engine.dies, groups: group..<(group + engine.groups),
        expertParallel: engine.expertParallel)
    }
  }
}
