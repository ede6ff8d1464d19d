import SuperPod

/// What tells whether KV gets from one die to another.
struct KVWays: Sendable {
  /// By die: how many stalls hold it.
  let stalled: [Int]
  let fabric: FabricHealth
  let health: PodHealth
  /// Dies of a node.
  let perNode: Int

  /// Whether it does, from a die, or from any where none is named.
  func carry(from source: Int?, to target: Int, over way: Scenario.PrefillEngine.Fabric) -> Bool {
    guard stalled[target] == 0 else { return false }
    guard let source else { return fabric.local[target] < FabricHealth.cut }
    guard stalled[source] == 0 else { return false }
    if way == .roce { return health.roce[source].serves && health.roce[target].serves }
    let wires = source / perNode == target / perNode ? fabric.local : fabric.remote
    return wires[source] < FabricHealth.cut && wires[target] < FabricHealth.cut
  }
}
