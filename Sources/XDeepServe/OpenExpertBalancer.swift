/// The open expert balancer (deepseek-ai/EPLB): hierarchical where groups divide evenly over nodes, else global.
///
/// Pure: weights in, maps out. Ties go to the lower index, so that the result is the same on any machine.
public struct OpenExpertBalancer: Hashable, Sendable {
  /// Physical experts in all, replicas included.
  public let replicas: Int
  /// Expert groups of the model's gating.
  public let groups: Int
  /// Servers.
  public let nodes: Int
  /// Devices in all.
  public let devices: Int

  /// What the balancer decides for every layer.
  public struct Plan: Hashable, Sendable {
    /// Logical expert in each physical place, layers × replicas.
    public var physicalToLogical: [[Int]]
    /// Physical places of each logical expert, layers × experts × the largest count, -1 where there are fewer.
    public var logicalToPhysical: [[[Int]]]
    /// Replicas of each logical expert, layers × experts.
    public var replicaCounts: [[Int]]
    /// Load of each device, layers × devices.
    public var deviceLoads: [[Double]]
  }

  /// Why a balancing cannot be done.
  public struct Mismatch: Error, Hashable, Sendable {
    /// A sentence: what does not fit and what is accepted.
    public let message: String
  }

  /// A balancer for a machine; see the properties.
  public init(replicas: Int, groups: Int, nodes: Int, devices: Int) {
    self.replicas = replicas
    self.groups = groups
    self.nodes = nodes
    self.devices = devices
  }

  /// Balances a matrix of loads, layers × experts.
  ///
  /// - Throws: `Mismatch` where counts do not divide.
  /// - Complexity: O(layers × replicas × experts).
  public func rebalance(_ weights: [[Double]]) throws(Mismatch) -> Plan {
    guard let experts = weights.first?.count, experts > 0 else {
      throw Mismatch(message: "there are no weights; expected are rows of numbers, one row a layer")
    }
    guard weights.allSatisfy({ $0.count == experts }) else {
      throw Mismatch(message: "the rows differ in length; expected are \(experts) numbers in each, as in the first")
    }
    guard weights.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }) else {
      throw Mismatch(message: "a weight is negative or no number; accepted are zero and above")
    }
    guard groups >= 1, nodes >= 1, devices >= 1, experts % groups == 0 else {
      throw Mismatch(message: "\(groups) groups do not divide the \(experts) experts")
    }
    guard replicas >= experts, replicas % devices == 0, devices % nodes == 0 else {
      throw Mismatch(
        message:
          "\(replicas) replicas must be at least the \(experts) experts and a multiple of the \(devices) devices, "
          + "and these a multiple of the \(nodes) nodes")
    }
    // Group-limited placement only where every node takes the same number of groups.
    let hierarchical = groups % nodes == 0
    let layers = weights.map {
      hierarchical
        ? balance($0, groups: groups, nodes: nodes) : balance($0, groups: 1, nodes: 1)
    }
    return plan(layers, weights: weights)
  }

  /// The global policy for one layer on devices that have different numbers of places: replicas as ever, then packed,
  /// heaviest first, each on the lightest device with a place left.
  ///
  /// - Parameter rooms: Places of each device; in all at least as many as there are experts.
  /// - Returns: Experts of each device.
  static func experts(weights: [Double], rooms: [Int]) -> [[Int]] {
    let places = rooms.reduce(0, +)
    precondition(places >= weights.count, "every expert needs a place")
    let balancer = OpenExpertBalancer(replicas: places, groups: 1, nodes: 1, devices: rooms.count)
    let layer = balancer.replicate(weights, places: places)
    let loads = layer.physical.map { weights[$0] / Double(layer.counts[$0]) }
    var result = rooms.map { _ in [Int]() }
    for (place, device) in balancer.pack(loads, rooms: rooms).pack.enumerated() {
      result[device].append(layer.physical[place])
    }
    return result
  }

  private struct Layer {
    var physical: [Int]
    var rank: [Int]
    var counts: [Int]
  }

  /// Puts equal numbers of items into packs, heaviest first, each into the lightest pack with room.
  private func pack(_ weights: [Double], packs: Int) -> (pack: [Int], rank: [Int]) {
    pack(weights, rooms: Array(repeating: weights.count / packs, count: packs))
  }

  /// The same with packs of different sizes.
  private func pack(_ weights: [Double], rooms: [Int]) -> (pack: [Int], rank: [Int]) {
    let packs = rooms.count
    if packs == weights.count && rooms.allSatisfy({ $0 == 1 }) {
      return (Array(weights.indices), Array(repeating: 0, count: weights.count))
    }
    let order = weights.indices.sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
    var load = [Double](repeating: 0, count: packs)
    var held = [Int](repeating: 0, count: packs)
    var pack = [Int](repeating: 0, count: weights.count)
    var rank = pack
    for item in order {
      var best = -1
      for candidate in 0..<packs where held[candidate] < rooms[candidate] {
        if best < 0 || load[candidate] < load[best] { best = candidate }
      }
      pack[item] = best
      rank[item] = held[best]
      load[best] += weights[item]
      held[best] += 1
    }
    return (pack, rank)
  }

  /// Gives further replicas, one by one, to the expert with the largest load a replica.
  private func replicate(_ weights: [Double], places: Int) -> Layer {
    let experts = weights.count
    var layer = Layer(
      physical: Array(0..<experts), rank: Array(repeating: 0, count: experts),
      counts: Array(repeating: 1, count: experts))
    for _ in experts..<max(places, experts) {
      var hottest = 0
      for expert in 1..<max(experts, 1)
      where weights[expert] / Double(layer.counts[expert]) > weights[hottest] / Double(layer.counts[hottest]) {
        hottest = expert
      }
      layer.physical.append(hottest)
      layer.rank.append(layer.counts[hottest])
      layer.counts[hottest] += 1
    }
    return layer
  }

  private func balance(_ weights: [Double], groups: Int, nodes: Int) -> Layer {
    let experts = weights.count
    let size = experts / groups
    let groupsPerNode = groups / nodes
    let expertsPerNode = experts / nodes
    let placesPerNode = replicas / nodes
    let devicesPerNode = devices / nodes
    let placesPerDevice = replicas / devices

    // 1. Groups to nodes: a permutation of the experts that puts a node's experts side by side.
    let groupLoads = (0..<groups).map { group in
      (0..<size).reduce(0.0) { $0 + weights[group * size + $1] }
    }
    let (groupNode, groupRank) = pack(groupLoads, packs: nodes)
    var sideBySide = [Int](repeating: 0, count: experts)
    for expert in 0..<experts {
      let group = expert / size
      sideBySide[(groupNode[group] * groupsPerNode + groupRank[group]) * size + expert % size] = expert
    }

    var result = Layer(
      physical: Array(repeating: 0, count: replicas), rank: Array(repeating: 0, count: replicas),
      counts: Array(repeating: 0, count: experts))
    for node in 0..<nodes {
      // 2. Replicas inside the node.
      let members = Array(sideBySide[(node * expertsPerNode)..<((node + 1) * expertsPerNode)])
      let local = replicate(members.map { weights[$0] }, places: placesPerNode)
      // 3. Replicas to the node's devices.
      let loads = local.physical.map { weights[members[$0]] / Double(local.counts[$0]) }
      let (device, rank) = pack(loads, packs: devicesPerNode)
      for place in 0..<placesPerNode {
        let target = node * placesPerNode + device[place] * placesPerDevice + rank[place]
        result.physical[target] = members[local.physical[place]]
        result.rank[target] = local.rank[place]
      }
      for (index, expert) in members.enumerated() { result.counts[expert] = local.counts[index] }
    }
    return result
  }

  private func plan(_ layers: [Layer], weights: [[Double]]) -> Plan {
    let most = layers.flatMap(\.counts).max() ?? 1
    var plan = Plan(physicalToLogical: [], logicalToPhysical: [], replicaCounts: [], deviceLoads: [])
    let perDevice = replicas / devices
    for (layer, weight) in zip(layers, weights) {
      var places = Array(repeating: Array(repeating: -1, count: most), count: weight.count)
      var loads = [Double](repeating: 0, count: devices)
      for place in 0..<replicas {
        let expert = layer.physical[place]
        places[expert][layer.rank[place]] = place
        loads[place / perDevice] += weight[expert] / Double(layer.counts[expert])
      }
      plan.physicalToLogical.append(layer.physical)
      plan.logicalToPhysical.append(places)
      plan.replicaCounts.append(layer.counts)
      plan.deviceLoads.append(loads)
    }
    return plan
  }
}
