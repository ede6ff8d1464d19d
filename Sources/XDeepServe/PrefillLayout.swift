import SuperPod

/// Which experts the dies of a prefill engine hold, and how unevenly that loads them.
///
/// Every die has a copy of the shared expert, its part of the routed ones, and one slot more for a replica where memory
/// allows (assumption: [CM] gives 1 shared, 8 routed and 1 redundant expert on each of 32 dies).
struct PrefillLayout: Sendable {
  private(set) var placement: ExpertPlacement
  /// Rows of the busiest die over the mean die's, mean over layers.
  private(set) var imbalance: Double = 1

  private let topK: Int

  init(
    model: ServedModel, chip: ChipRating, spec: Scenario.PrefillEngine, observed: [Float], popularity: ExpertPopularity,
    policy: ExpertPlacement.Policy
  ) {
    topK = model.topK
    let dies = spec.expertParallel
    let shared = model.sharedExperts > 0 ? dies : 0
    placement = ExpertPlacement(
      layers: popularity.layers, experts: model.experts, dies: dies, sharedCopies: shared,
      redundant: dies * (Self.slots(model: model, chip: chip, spec: spec) - 1), observed: observed,
      sharedShare: model.sharedExperts > 0 ? 1 / Float(model.topK) : 0, policy: policy)
    refresh(popularity)
  }

  /// Expert slots of a die.
  static func slots(model: ServedModel, chip: ChipRating, spec: Scenario.PrefillEngine) -> Int {
    let dies = spec.expertParallel
    let needed = (model.experts + dies - 1) / dies + model.sharedExperts
    return DieMemory.prefillGigabytes(model, chip, spec, slots: needed + 1) < DieMemory.prefillRoom(chip)
      ? needed + 1 : needed
  }

  /// Takes over how popular experts are now.
  mutating func refresh(_ popularity: ExpertPopularity) {
    imbalance = Double(placement.imbalance(popularity.shares, topK: topK))
  }

  /// Where experts should lie by what was observed; nil where that is where they are.
  func move(observed: [Float], expertBytes: Double) -> PrefillMove? {
    let target = placement.rebalanced(observed: observed, topK: topK)
    let changes = placement.changes(to: target)
    guard let most = changes.max(), most > 0 else { return nil }
    return PrefillMove(
      target: target, slots: changes.reduce(0, +), bytes: Double(changes.reduce(0, +)) * expertBytes,
      dieBytes: Double(most) * expertBytes)
  }

  /// Experts lie where they were moved to.
  mutating func take(_ target: ExpertPlacement, _ popularity: ExpertPopularity) {
    placement = target
    refresh(popularity)
  }
}

/// A change of where a prefill engine's experts lie: weights come over the links behind its steps, then are put in place.
struct PrefillMove: Hashable, Sendable {
  var target: ExpertPlacement
  var slots: Int
  /// What comes in, in all and on the die that gets most.
  var bytes: Double
  var dieBytes: Double
}
