public import Operations
import SuperPod
import Words

extension Scenario {
  /// What an operator finds configured when the scenario starts.
  ///
  /// `ExecutorSettings.sizes` stays empty here: which sizes fit is the simulation's to say.
  public var startingConfiguration: Configuration {
    let expertLayers = min(model.denseLayers, model.layers - 1)...model.layers - 1
    var settings = prefill.enumerated().map { index, engine in
      ExecutorSettings(
        executor: Place.Executor(prefills: true, number: index), servers: servers(engine.dies),
        expertParallel: engine.expertParallel, draftLayers: 0, balances: false, expertLayers: expertLayers,
        mostDraftLayers: 0)
    }
    settings += decode.enumerated().map { index, engine in
      ExecutorSettings(
        executor: Place.Executor(prefills: false, number: index), servers: servers(engine.dies),
        expertParallel: engine.expertParallel, batch: engine.batch, draftLayers: engine.mtpLayers,
        balances: experts.balancer == .podium || experts.balancer == .eplb,
        interval: DurationAmount(seconds: experts.intervalSeconds), ranksFollowServers: engine.layout != .split,
        expertLayers: expertLayers, mostDraftLayers: model.mostDraftLayers)
    }
    let used = settings.reduce(0) { $0 + $1.servers }
    return Configuration(
      executors: settings, spare: max(0, topology.nodes - used), diesPerServer: topology.diesPerNode)
  }

  private func servers(_ dies: Int) -> Int { (dies + topology.diesPerNode - 1) / topology.diesPerNode }
}
