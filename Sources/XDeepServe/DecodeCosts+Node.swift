import SuperPod

extension Scenario.DecodeEngine {
  /// Whether the engine is a mixed one on a single node, whose dies share matrices that each of them has elsewhere.
  var standsOnOneNode: Bool { layout == .mixed && dies <= 16 }
}

extension DecodeCosts {
  /// Rate at which a die reads from others of its node, bytes a microsecond ([CM] table 1).
  static let nodeBytesPerMicro: Float = 167e3

  /// The kernels of an engine that stands where its scenario puts it.
  ///
  /// One node has no room for the whole model on every die beside 17 experts a layer: the output matrix of attention and
  /// both vocabulary matrices lie in slices on its dies (assumption: tensor parallel there, as open servers do). A row
  /// then travels: its heads' values to the slices, its sums back, and computes as much as before.
  func placed(_ spec: Scenario.DecodeEngine, model: ServedModel) -> DecodeCosts {
    guard spec.standsOnOneNode else { return self }
    var costs = self
    let dies = Float(spec.dies)
    let hidden = Float(model.hidden)
    let width = Float(model.attention.outputWidth)
    let output = width * hidden
    let streamed = chip.hbmBytesPerMicro * Self.weightEfficiency
    costs.projection.streaming -= output * (1 - 1 / dies) / streamed
    costs.projection.computePerRow += 2 * (width + hidden) / Self.nodeBytesPerMicro
    costs.head.streaming /= dies
    costs.head.computePerRow += 2 * hidden / Self.nodeBytesPerMicro
    let vocabulary = 4 * hidden * Float(model.vocabulary)
    let sliced = output * Float(model.layers + model.mtpLayers) + vocabulary
    costs.residentBytes -= sliced * (1 - 1 / dies)
    costs.streamedBytes -= sliced * (1 - 1 / dies)
    return costs
  }
}
