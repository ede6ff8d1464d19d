import SuperPod
import Telemetry

/// Bytes of the last second on every link and between every pair of nodes.
///
/// Dispatch, combine and KV transfers spread over the paths that carry anything: 7 inside a node, 7 × 16 across nodes,
/// so in a healthy pod a die's seven links carry a seventh each and a node's 112 uplinks a 112th (design facts, section
/// 1); `FabricHealth` says what others carry where some are lost.
struct FabricLoad {
  private let topology: Topology
  private var dieOut: [Double]
  private var dieIn: [Double]
  private var matrix: [Double]
  /// Bytes that each node's CPUs sent and received.
  private var cpuOut: [Double]
  private var cpuIn: [Double]
  private let measured: Bool
  private let fabric: FabricHealth

  init(_ simulation: Simulation) {
    topology = simulation.scenario.topology
    measured = simulation.now >= Simulation.second
    fabric = simulation.fabric
    dieOut = simulation.last.kvOut
    dieIn = simulation.last.kvIn
    matrix = simulation.last.kvMatrix
    cpuOut = simulation.last.returned
    cpuIn = Array(repeating: 0, count: topology.nodes)
    addPool(fetched: simulation.last.fetched, stored: simulation.last.stored)
    for engine in simulation.decode { add(engine, rowLayers: simulation.last.rowLayers) }
    for (index, engine) in simulation.prefill.enumerated() {
      add(engine, tokens: simulation.last.prefillTokens[index])
    }
  }

  /// The pool lies on all nodes' CPUs alike.
  private mutating func addPool(fetched: [Double], stored: [Double]) {
    let nodes = topology.nodes
    let share = 1 / Double(nodes)
    for node in 0..<nodes {
      var (into, out) = (0.0, 0.0)
      for die in topology.dies(of: NodeID(node)) {
        dieIn[die] += fetched[die]
        dieOut[die] += stored[die]
        into += fetched[die]
        out += stored[die]
      }
      guard into > 0 || out > 0 else { continue }
      for other in 0..<nodes {
        cpuOut[other] += into * share
        cpuIn[other] += out * share
        matrix[other * nodes + node] += into * share
        matrix[node * nodes + other] += out * share
      }
    }
  }

  private mutating func add(_ engine: DecodeEngine, rowLayers: [Float]) {
    let perNode = topology.diesPerNode
    let nodes = topology.nodes
    let dispatch = Double(engine.costs.dispatchRowBytes)
    let combine = Double(engine.costs.combineRowBytes)
    let copies = Double(engine.costs.copies)
    var sent = [Double](repeating: 0, count: nodes)
    var hosted = [Double](repeating: 0, count: nodes)
    var total = 0.0
    for local in 0..<engine.dies { total += Double(rowLayers[engine.hosts[local]]) }
    for local in 0..<engine.dies {
      let die = engine.hosts[local]
      let rows = Double(rowLayers[die])
      sent[die / perNode] += rows
      dieOut[die] += rows * copies * dispatch
      dieIn[die] += rows * copies * combine
    }
    for local in 0..<engine.expertDies {
      let die = engine.hosts[engine.firstExpert + local]
      let share = Double(engine.meanShare[local])
      hosted[die / perNode] += share
      dieOut[die] += share * total * combine
      dieIn[die] += share * total * dispatch
    }
    for from in 0..<nodes where sent[from] + hosted[from] > 0 {
      for to in 0..<nodes where sent[to] + hosted[to] > 0 {
        matrix[from * nodes + to] += sent[from] * hosted[to] * dispatch + sent[to] * hosted[from] * combine
      }
    }
  }

  private mutating func add(_ engine: PrefillEngine, tokens: Double) {
    // What 910B servers exchange goes over RoCE.
    guard tokens > 0, engine.spec.chip == .c910 else { return }
    let bytes = tokens * engine.layerCopies * engine.rowBytes
    let perNode = topology.diesPerNode
    var share = [Double](repeating: 0, count: topology.nodes)
    // The dies of a DP group sum up attention among themselves, inside a node.
    let sums = tokens / Double(engine.spec.dataParallel) * engine.sumBytes
    for die in engine.hosts {
      dieOut[die] += bytes / Double(engine.hosts.count) + sums
      dieIn[die] += bytes / Double(engine.hosts.count) + sums
      matrix[die / perNode * (topology.nodes + 1)] += sums
      share[die / perNode] += 1 / Double(engine.hosts.count)
    }
    for from in share.indices where share[from] > 0 {
      for to in share.indices where share[to] > 0 {
        matrix[from * topology.nodes + to] += bytes * share[from] * share[to]
      }
    }
  }

  /// By node: what its busiest up-link carried, the busier way, per cent of the line rate.
  var busiest: [Float] {
    let nodes = topology.nodes
    let perNode = topology.uplinks / nodes
    let rate = Float(FabricRating.cloudMatrix384.l1ToL2)
    return (0..<nodes).map { node in
      var (leaving, coming) = (0.0, 0.0)
      for other in 0..<nodes where other != node {
        leaving += matrix[node * nodes + other]
        coming += matrix[other * nodes + node]
      }
      let share = fabric.uplinks[(node * perNode)..<((node + 1) * perNode)].max() ?? 0
      return 100 * Float(max(leaving, coming)) * share / rate
    }
  }

  /// Writes the link columns and the matrix, in GB/s.
  func fill(_ frame: inout Frame) {
    guard measured else { return }
    let planes = topology.subPlanes
    let perNode = topology.uplinks / topology.nodes
    var up = [Float](repeating: 0, count: topology.dieLinks)
    var down = up
    for die in 0..<topology.dies {
      let out = Float(dieOut[die] / 1e9)
      let into = Float(dieIn[die] / 1e9)
      for place in (die * planes)..<((die + 1) * planes) {
        up[place] = out * fabric.dieLinks[place]
        down[place] = into * fabric.dieLinks[place]
      }
    }
    frame[.dieLinkUp] = up
    frame[.dieLinkDown] = down
    var uplinkUp = [Float](repeating: 0, count: topology.uplinks)
    var uplinkDown = uplinkUp
    let nodes = topology.nodes
    var leaving = [Double](repeating: 0, count: nodes)
    var coming = leaving
    for from in 0..<nodes {
      for to in 0..<nodes where to != from {
        let bytes = matrix[from * nodes + to]
        leaving[from] += bytes
        coming[to] += bytes
      }
    }
    for node in 0..<nodes {
      let all = Float(leaving[node] / 1e9)
      let back = Float(coming[node] / 1e9)
      for place in (node * perNode)..<((node + 1) * perNode) {
        uplinkUp[place] = all * fabric.uplinks[place]
        uplinkDown[place] = back * fabric.uplinks[place]
      }
    }
    frame[.uplinkUp] = uplinkUp
    frame[.uplinkDown] = uplinkDown
    frame[.nodeCPUUp] = cpuOut.map { Float($0 / 1e9) }
    frame[.nodeCPUDown] = cpuIn.map { Float($0 / 1e9) }
    frame.traffic = matrix.map { Float($0 / 1e9) }
  }
}
