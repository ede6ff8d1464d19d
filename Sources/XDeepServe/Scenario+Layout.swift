import Operations
import SuperPod
public import Telemetry

extension Scenario {
  /// Who does what on which dies: prefill engines first, then decode engines, node by node; the rest is spare.
  public var layout: PodLayout {
    var roles = Array(repeating: DieRole.spare, count: topology.dies)
    var engines: [EngineLayout] = []
    var die = 0
    var group = 0
    for (index, engine) in prefill.enumerated() {
      let range = die..<min(die + engine.dies, topology.dies)
      for place in range { roles[place] = .prefill }
      engines.append(
        EngineLayout(
          id: "P\(index)", kind: .prefill, dies: range, groups: group..<(group + engine.dataParallel),
          expertParallel: engine.expertParallel))
      die = range.upperBound
      group += engine.dataParallel
    }
    for (index, engine) in decode.enumerated() {
      let range = die..<min(die + engine.dies, topology.dies)
      for place in range {
        let attention = place - range.lowerBound < engine.dataParallel
        roles[place] = engine.layout != .split ? .decode : attention ? .attention : .expert
      }
      engines.append(
        EngineLayout(
          id: "D\(index)", kind: engine.layout == .mixed ? .mixed : .decode, dies: range,
          groups: group..<(group + engine.dataParallel),
          expertParallel: engine.expertParallel))
      die = range.upperBound
      group += engine.dataParallel
    }
    return PodLayout(
      topology: topology, model: model.title, name: name, engines: engines, roles: roles,
      sloTTFT: Float(slo.ttftMilliseconds), sloTPOT: Float(slo.tpotMilliseconds))
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
      let weights = Double(DieMemory.prefillGigabytes(model, engine))
      guard weights < DieMemory.gigabytes else {
        throw ScenarioProblem(
          key: "prefill.\(index).dies",
          message: "are too few: \(model.title)'s weights take \(Int(weights.rounded())) GB on each, and a die has "
            + "\(Int(DieMemory.gigabytes))")
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
    let room = DieMemory.spareGigabytes(model, engine)
    guard room > 0 else {
      throw ScenarioProblem(
        key: key + ".redundant",
        message: "leaves no memory: a die's weights and workspace are \(Int(-room.rounded(.down))) GB more than it has")
    }
  }
}
