public import Operations
import SuperPod
import Words

extension Simulation {
  /// What is meant to be configured now: servers on their way count where they are to be, lost dies where they belong.
  ///
  /// - Complexity: O(engines + changes).
  public var configuration: Configuration {
    let perNode = scenario.topology.diesPerNode
    let model = scenario.model
    let layers = min(model.denseLayers, model.layers - 1)...model.layers - 1
    var executors = prefill.map { engine in
      ExecutorSettings(
        executor: Place.Executor(prefills: true, number: engine.index), servers: engine.home.count / perNode,
        expertParallel: engine.home.count, draftLayers: 0, balances: false, sizes: sizes[engine.index],
        expertLayers: layers, mostDraftLayers: 0)
    }
    executors += decode.map { engine in
      let isSplit = engine.layout == .split
      return ExecutorSettings(
        executor: Place.Executor(prefills: false, number: engine.index), servers: engine.home.count / perNode,
        expertParallel: isSplit ? scenario.decode[engine.index].expertParallel : engine.home.count,
        batch: engine.batchLimit, draftLayers: engine.wantedDrafts, choice: engine.choice,
        balances: balancingInterval[engine.index] != nil,
        interval: DurationAmount(seconds: balancingPeriod[engine.index]), sizes: sizes[prefill.count + engine.index],
        ranksFollowServers: !isSplit, expertLayers: layers, mostDraftLayers: model.mostDraftLayers)
    }
    let used = executors.reduce(0) { $0 + $1.servers }
    var measures: Set<JitterMeasure> = []
    if jitter.pin { measures.insert(.pin) }
    if jitter.graph { measures.insert(.graph) }
    if jitter.gc { measures.insert(.gc) }
    return Configuration(
      executors: executors, spare: scenario.topology.nodes - used, diesPerServer: perNode, jitterMeasures: measures,
      recovery: recovery, admit: admitLimit.map { RateAmount(perSecond: $0) },
      isolate: isolatedPrompt.map { TokenAmount(tokens: Int64($0)) }, drained: Set(takenOut), traffic: trafficFactor,
      faults: incidents.filter { $0.ended == nil }.map(\.injection))
  }

  /// Numbers of dies, or of expert ranks, that each engine can have.
  func possibleSizes() -> [[Int]] {
    // Engines alike have alike sizes.
    var known: [(spec: Scenario.PrefillEngine, sizes: [Int])] = []
    let prefillSizes = prefill.indices.map { index in
      let spec = scenario.prefill[index]
      if let twin = known.first(where: { $0.spec == spec }) { return twin.sizes }
      known.append((spec, sizes(ofPrefill: index)))
      return known[known.count - 1].sizes
    }
    return prefillSizes + decode.indices.map { sizes(ofDecode: $0) }
  }

  /// Numbers of expert ranks in which a decode engine comes, in whole servers; a split one keeps its own.
  private func sizes(ofDecode index: Int) -> [Int] {
    guard decode[index].layout != .split else { return [scenario.decode[index].expertParallel] }
    let perNode = scenario.topology.diesPerNode
    return stride(from: perNode, through: scenario.topology.dies, by: perNode).filter {
      specification(index, dies: $0)?.dies == $0
    }
  }

  /// Numbers of dies on which a prefill engine holds the model.
  private func sizes(ofPrefill index: Int) -> [Int] {
    let perNode = scenario.topology.diesPerNode
    var spec = scenario.prefill[index]
    return stride(from: perNode, through: scenario.topology.dies, by: perNode).filter { dies in
      guard dies % spec.tensorParallel == 0 else { return false }
      spec.dies = dies
      spec.dataParallel = dies / spec.tensorParallel
      spec.expertParallel = dies
      return Double(DieMemory.prefillGigabytes(scenario.model, scenario.chip, spec)) < scenario.chip.hbmBytes / 1e9
    }
  }
}
