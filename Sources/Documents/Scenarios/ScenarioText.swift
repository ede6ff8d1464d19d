import Operations
import SuperPod
import Words
public import XDeepServe

/// A scenario as YAML that reads back to the same value.
///
/// A trace is printed by the name it was read from; how often it was scaled is not known any more.
public struct ScenarioText: Hashable, Sendable, CustomStringConvertible {
  private var lines: [String] = []

  /// The text, a newline at its end.
  public var description: String { lines.joined(separator: "\n") + "\n" }

  /// Writes a scenario, every key that this program carries out.
  public init(_ scenario: Scenario) {
    lines = [
      "podium: \(SchemaVersion.current)",
      "name: \(Self.quoted(scenario.name))",
    ]
    if !scenario.about.isEmpty { lines.append("about: \(Self.quoted(scenario.about))") }
    lines += [
      "seed: \(scenario.seed)",
      "pod: {npus: \(scenario.topology.npus)\(Self.chip(scenario.chip))}",
      "model: \(ServedModel.named(scenario.model.id) == scenario.model ? scenario.model.id : ModelText(scenario.model).inline)",
      "stack: \(scenario.stack.rawValue)",
      "slo: {ttft: \(Self.milliseconds(scenario.slo.ttftMilliseconds)), "
        + "tpot: \(Self.milliseconds(scenario.slo.tpotMilliseconds))}",
      "start: \(scenario.start.rawValue)",
    ]
    writeEngines(scenario)
    if let spare = scenario.spare { lines.append("spare: \(spare)") }
    write(scenario.workload)
    let experts = scenario.experts
    let clients = scenario.clients
    lines += [
      "prefix_hit: \(ShareAmount(fraction: scenario.prefixHit))",
      "experts: {skew: \(DecimalNumber.text(experts.skew)), drift: \(Self.seconds(experts.driftSeconds)), "
        + "balancer: \(experts.balancer.rawValue), interval: \(Self.seconds(experts.intervalSeconds))}",
      "clients: {patience: \(Self.seconds(clients.patienceSeconds)), retries: \(clients.retries), "
        + "cancel: \(ShareAmount(fraction: clients.cancel))}",
    ]
    if scenario.backgroundFaults > 0 {
      lines.append("background_faults: \(DecimalNumber.text(scenario.backgroundFaults))")
    }
    if !scenario.events.isEmpty { lines.append("events:") }
    lines += scenario.events.map { "  - {at: \($0.time), do: \($0.action)}" }
  }

  private static func chip(_ chip: ChipRating) -> String {
    chip == .ascend910C ? "" : ", chip: \(ChipText(chip).inline)"
  }

  private mutating func writeEngines(_ scenario: Scenario) {
    if !scenario.prefill.isEmpty { lines.append("prefill:") }
    var rest = scenario.prefill[...]
    while let engine = rest.first {
      let count = rest.prefix { $0 == engine }.count
      rest = rest.dropFirst(count)
      lines.append(
        "  - {engines: \(count), dies: \(engine.dies), tp: \(engine.tensorParallel), dp: \(engine.dataParallel), "
          + "ep: \(engine.expertParallel), fabric: \(engine.fabric.rawValue), chip: \(engine.chip.rawValue), "
          + "scheduler: \(engine.scheduler.rawValue)}")
    }
    if !scenario.decode.isEmpty { lines.append("decode:") }
    for engine in scenario.decode {
      let domains = engine.layout == .split ? ", domains: \(engine.domains)" : ""
      let split =
        domains + (!domains.isEmpty || engine.microBatches > 1 ? ", micro_batches: \(engine.microBatches)" : "")
      lines.append(
        "  - {layout: \(engine.layout.rawValue), dies: \(engine.dies), dp: \(engine.dataParallel), ep: \(engine.expertParallel), "
          + "shared_copies: \(engine.sharedCopies), redundant: \(engine.redundant)\(split), batch: \(engine.batch), "
          + "mtp: {layers: \(engine.mtpLayers), acceptance: \(ShareAmount(fraction: engine.mtpAcceptance))}}")
    }
  }

  private mutating func write(_ workload: Scenario.Workload) {
    lines.append("workload:")
    switch workload {
    case .poisson(let rate, let prompt, let output):
      lines.append(
        "  poisson: {rate: \(RateAmount(perSecond: rate)), prompt: \(Self.text(prompt)), output: \(Self.text(output))}")
    case .daily(let mean, let start, let prompt, let output):
      lines.append(
        "  daily: {mean_rate: \(RateAmount(perSecond: mean)), start: \(DurationAmount(seconds: start)), "
          + "prompt: \(Self.text(prompt)), output: \(Self.text(output))}")
    case .closed(let requests, let prompt, let output):
      lines.append(
        "  closed: {requests_per_die: \(requests), prompt: \(Self.text(prompt)), output: \(Self.text(output))}")
    case .trace(_, let name):
      lines.append("  trace: {file: \(Self.quoted(name))}")
    }
  }

  private static func text(_ lengths: Lengths) -> String {
    func tokens(_ value: Double) -> TokenAmount { TokenAmount(tokens: Int64(value.rounded())) }
    guard !lengths.fixed else { return "\(tokens(lengths.mean))" }
    var parts = ["mean: \(tokens(lengths.mean))"]
    if let median = lengths.median { parts.append("p50: \(tokens(median))") }
    if let maximum = lengths.maximum { parts.append("max: \(TokenAmount(tokens: Int64(maximum)))") }
    if let shape = lengths.shape { parts.append("shape: \(DecimalNumber.text(shape))") }
    return "{\(parts.joined(separator: ", "))}"
  }

  private static func seconds(_ value: Double) -> DurationAmount { DurationAmount(seconds: value) }
  private static func milliseconds(_ value: Double) -> DurationAmount { DurationAmount(seconds: value / 1000) }

  /// A double-quoted YAML string; names hold no control characters any more.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.printable(limit: 1000).unicodeScalars {
      if scalar == "\"" || scalar == "\\" { quoted += "\\" }
      quoted.unicodeScalars.append(scalar)
    }
    return quoted + "\""
  }
}
