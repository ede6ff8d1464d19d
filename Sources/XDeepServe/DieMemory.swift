public import SuperPod

/// What fills a die's memory apart from KV.
enum DieMemory {
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
  static func spareGigabytes(_ model: ServedModel, _ chip: ChipRating, _ spec: Scenario.DecodeEngine) -> Double {
    let costs = DecodeCosts(model: model, chip: chip).placed(spec, model: model)
    let slots = 1 + (spec.redundant + spec.expertParallel - 1) / spec.expertParallel
    let experts = Double(costs.expertBytes) * Double(slots) * Double(model.layers - model.denseLayers + 1)
    let resident = Double(costs.residentBytes)
    let weights = spec.layout == .split ? max(experts, resident) : experts + resident
    return (chip.hbmBytes - weights - workspaceBytes(spec)) / 1e9
  }

  /// What a prefill die may hold of weights.
  static func prefillRoom(_ chip: ChipRating) -> Float { Float((chip.hbmBytes - DecodeEngine.workspaceBytes) / 1e9) }

  /// Weights on a prefill die: attention split over the tensor-parallel dies, so many slots of experts.
  static func prefillGigabytes(
    _ model: ServedModel, _ chip: ChipRating, _ spec: Scenario.PrefillEngine, slots: Int
  ) -> Float {
    let costs = DecodeCosts(model: model, chip: chip)
    let experts = costs.expertBytes * Float(slots) * Float(model.layers - model.denseLayers)
    return (costs.residentBytes / Float(spec.tensorParallel) + experts) / 1e9
  }

  /// The same with the slots that the engine has.
  static func prefillGigabytes(_ model: ServedModel, _ chip: ChipRating, _ spec: Scenario.PrefillEngine) -> Float {
    prefillGigabytes(model, chip, spec, slots: PrefillLayout.slots(model: model, chip: chip, spec: spec))
  }
}

extension ServedModel {
  /// Expert slots, each with its expert of every layer, for which a die has memory at all.
  public func mostSlotsPerDie(_ chip: ChipRating) -> Int {
    let slot = 3 * Double(hidden) * Double(expertInner) * Double(layers - denseLayers)
    return Int(chip.hbmBytes / slot)
  }
}
