import SuperPod

extension SoakCase {
  /// The scenario as a file, without what happens in it.
  public var yaml: String {
    var lines = [
      "podium: 1", "name: \(scenario.name)", "seed: \(seed)", "pod: {npus: \(scenario.topology.npus)}",
      "stack: \(scenario.stack.rawValue)", "start: \(scenario.start.rawValue)",
    ]
    if let engine = scenario.prefill.first {
      lines.append("prefill:")
      lines.append(
        "  - {engines: \(scenario.prefill.count), dies: \(engine.dies), tp: \(engine.tensorParallel), "
          + "dp: \(engine.dataParallel), ep: \(engine.expertParallel), fabric: \(engine.fabric.rawValue), "
          + "chip: \(engine.chip.rawValue), scheduler: \(engine.scheduler.rawValue)}")
    }
    lines.append("decode:")
    for engine in scenario.decode { lines.append("  - \(text(engine))") }
    lines.append("workload:")
    switch scenario.workload {
    case .poisson(let rate, let prompt, let output):
      lines.append("  poisson: {rate: \(Int(rate))/s, prompt: \(text(prompt)), output: \(text(output))}")
    case .daily(let mean, let start, let prompt, let output):
      lines.append(
        "  daily: {mean_rate: \(Int(mean))/s, start: \(Int(start / 3600))h, prompt: \(text(prompt)), "
          + "output: \(text(output))}")
    case .closed(let each, let prompt, let output):
      lines.append("  closed: {requests_per_die: \(each), prompt: \(text(prompt)), output: \(text(output))}")
    case .trace: break
    }
    let (experts, clients) = (scenario.experts, scenario.clients)
    lines.append("prefix_hit: \(scenario.prefixHit)")
    lines.append(
      "experts: {skew: \(Int(experts.skew)), drift: \(Int(experts.driftSeconds))s, "
        + "balancer: \(experts.balancer.rawValue), interval: \(Int(experts.intervalSeconds))s}")
    lines.append(
      "clients: {patience: \(Int(clients.patienceSeconds))s, retries: \(clients.retries), cancel: \(clients.cancel)}")
    if scenario.backgroundFaults > 0 { lines.append("background_faults: \(Int(scenario.backgroundFaults))") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func text(_ engine: Scenario.DecodeEngine) -> String {
    var keys = ["layout: \(engine.layout.rawValue)", "dies: \(engine.dies)", "dp: \(engine.dataParallel)"]
    keys.append("ep: \(engine.expertParallel)")
    if engine.layout == .split { keys.append("domains: \(engine.domains)") }
    if engine.layout == .split || (scenario.stack == .cloudmatrixInfer && engine.layout == .colocated) {
      keys.append("micro_batches: \(engine.microBatches)")
    }
    keys.append("shared_copies: \(engine.sharedCopies)")
    keys.append("redundant: \(engine.redundant)")
    keys.append("batch: \(engine.batch)")
    keys.append("mtp: {layers: \(engine.mtpLayers), acceptance: \(engine.mtpAcceptance)}")
    return "{\(keys.joined(separator: ", "))}"
  }

  private func text(_ lengths: Lengths) -> String {
    if lengths.fixed { return "\(Int(lengths.mean))" }
    return "{mean: \(Int(lengths.mean))" + (lengths.maximum.map { ", max: \($0)" } ?? "") + "}"
  }
}
