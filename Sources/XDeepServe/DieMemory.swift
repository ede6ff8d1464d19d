/// What fills a die's memory apart from KV.
enum DieMemory {
  /// What a die has.
  static let gigabytes = DecodeEngine.memoryBytes / 1e9
  /// An idle die holds about so much ([B], design facts section 1).
  static let idleGigabytes: Float = 3

  /// What activations, graphs and buffers take of a die's memory.
  ///
  /// Less in a mixed engine on one node (assumption): rings to 15 peers instead of hundreds.
  static func workspaceBytes(_ spec: Scenario.DecodeEngine) -> Double {
    spec.standsOnOneNode ? 7.5e9 : DecodeEngine.workspaceBytes
  }

  /// Weights on an expert die of a split engine.
  static func expertGigabytes(_ engine: DecodeEngine) -> Float {
    engine.costs.expertBytes * Float(engine.placement.slotsPerDie) * Float(engine.expertLayers + 1) / 1e9
  }

  /// What the fullest die of a decode engine has left beside weights and workspace: room for KV where it has DP groups.
  static func spareGigabytes(_ model: ServedModel, _ spec: Scenario.DecodeEngine) -> Double {
    let costs = DecodeCosts(model: model).placed(spec, model: model)
    let slots = 1 + (spec.redundant + spec.expertParallel - 1) / spec.expertParallel
    let experts = Double(costs.expertBytes) * Double(slots) * Double(model.layers - model.denseLayers + 1)
    let resident = Double(costs.residentBytes)
    let weights = spec.layout == .split ? max(experts, resident) : experts + resident
    return (DecodeEngine.memoryBytes - weights - workspaceBytes(spec)) / 1e9
  }

  /// What a prefill die may hold of weights.
  static let prefillRoom = Float(gigabytes - DecodeEngine.workspaceBytes / 1e9)

  /// Weights on a prefill die: attention split over the tensor-parallel dies, so many slots of experts.
  static func prefillGigabytes(_ model: ServedModel, _ spec: Scenario.PrefillEngine, slots: Int) -> Float {
    let costs = DecodeCosts(model: model)
    let experts = costs.expertBytes * Float(slots) * Float(model.layers - model.denseLayers)
    return (costs.residentBytes / Float(spec.tensorParallel) + experts) / 1e9
  }

  /// The same with the slots that the engine has.
  static func prefillGigabytes(_ model: ServedModel, _ spec: Scenario.PrefillEngine) -> Float {
    prefillGigabytes(model, spec, slots: PrefillLayout.slots(model: model, spec: spec))
  }
}

extension ServedModel {
  /// Expert slots, each with its expert of every layer, for which a die has memory at all.
  public var mostSlotsPerDie: Int {
    let slot = 3 * Double(hidden) * Double(expertInner) * Double(layers - denseLayers)
    return Int(DecodeEngine.memoryBytes / slot)
  }
}
