import ArgumentParser
import Documents
import Words
import XDeepServe

/// `podium eplb`: the open expert balancer on a matrix of loads.
struct BalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eplb",
    abstract: "Choose and place expert replicas by the open algorithm (deepseek-ai/EPLB).")

  @Argument(help: "A JSON list of layers, each a list of one load an expert.")
  var file: String

  @Option(help: "Physical experts in all, replicas included.")
  var replicas: Int

  @Option(help: "Expert groups of the model's gating.")
  var groups = 1

  @Option(help: "Servers.")
  var nodes = 1

  @Option(help: "Devices in all.")
  var gpus: Int

  @Flag(help: "Print phy2log, log2phy, logcnt and load as JSON.")
  var json = false

  func run() throws {
    let matrix = try WeightMatrix(path: file)
    let balancer = OpenExpertBalancer(replicas: replicas, groups: groups, nodes: nodes, devices: gpus)
    let plan: OpenExpertBalancer.Plan
    do {
      plan = try balancer.rebalance(matrix.weights)
    } catch { throw ValidationError(error.message + ".") }
    print(json ? jsonText(plan) : table(plan))
  }

  private func jsonText(_ plan: OpenExpertBalancer.Plan) -> String {
    JSONValue.object([
      .init("phy2log", .list(plan.physicalToLogical.map { .list($0.map { JSONValue($0) }) })),
      .init("log2phy", .list(plan.logicalToPhysical.map { .list($0.map { .list($0.map { JSONValue($0) }) }) })),
      .init("logcnt", .list(plan.replicaCounts.map { .list($0.map { JSONValue($0) }) })),
      .init("load", .list(plan.deviceLoads.map { .list($0.map { JSONValue(Optional($0)) }) })),
    ]).text
  }

  private func table(_ plan: OpenExpertBalancer.Plan) -> String {
    var lines = ["layer  max/mean  most replicas  experts by place"]
    for layer in plan.physicalToLogical.indices {
      let loads = plan.deviceLoads[layer]
      let mean = loads.reduce(0, +) / Double(loads.count)
      let ratio = mean > 0 ? Decimals.text((loads.max() ?? 0) / mean, 3) : "·"
      let most = plan.replicaCounts[layer].max() ?? 0
      let places = plan.physicalToLogical[layer].map { "\($0)" }.joined(separator: " ")
      lines.append("\(pad("\(layer)", 5))  \(pad(ratio, 8))  \(pad("\(most)", 13))  \(places)")
    }
    return lines.joined(separator: "\n")
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
