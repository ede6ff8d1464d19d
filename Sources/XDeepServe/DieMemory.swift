/// What fills a die's memory apart from KV.
enum DieMemory {
  /// An idle die holds about so much ([B], design facts section 1).
  static let idleGigabytes: Float = 3

  /// Weights on an expert die of a split engine.
  static func expertGigabytes(_ engine: DecodeEngine) -> Float {
    engine.costs.expertBytes * Float(engine.placement.slotsPerDie) * Float(engine.expertLayers + 1) / 1e9
  }

  /// What a die with DP groups has left for KV.
  static func cacheGigabytes(_ model: ServedModel, _ spec: Scenario.DecodeEngine) -> Double {
    let costs = DecodeCosts(model: model)
    let slots = spec.layout == .split ? 0 : 1 + (spec.redundant + spec.dies - 1) / spec.dies
    let experts = Double(costs.expertBytes) * Double(slots) * Double(model.layers - model.denseLayers + 1)
    return (DecodeEngine.memoryBytes - Double(costs.residentBytes) - experts - DecodeEngine.workspaceBytes) / 1e9
  }

  /// Weights on a prefill die: attention split over the tensor-parallel dies, experts over all of the engine.
  static func prefillGigabytes(_ model: ServedModel, _ spec: Scenario.PrefillEngine) -> Float {
    let costs = DecodeCosts(model: model)
    let experts =
      costs.expertBytes * Float(model.experts + model.sharedExperts) * Float(model.layers - model.denseLayers)
    return (costs.residentBytes / Float(spec.tensorParallel) + experts / Float(spec.expertParallel)) / 1e9
  }
}

extension ServedModel {
  /// Expert slots, each with its expert of every layer, for which a die has memory at all.
  public var mostSlotsPerDie: Int {
    let slot = 3 * Double(hidden) * Double(expertInner) * Double(layers - denseLayers)
    return Int(DecodeEngine.memoryBytes / slot)
  }
}
