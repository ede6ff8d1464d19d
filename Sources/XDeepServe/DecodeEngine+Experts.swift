/// What popular experts bring to an engine's dies.
extension DecodeEngine {
  /// The pod's dies that hold experts, by rank.
  var expertHosts: ArraySlice<Int> { hosts[firstExpert..<(firstExpert + expertDies)] }

  /// Ranks that take part in a dispatch.
  var ranks: Int { dies }

  /// Whether another engine's experts lie in the same slots and take as long to stream.
  func standsAs(_ other: DecodeEngine) -> Bool {
    costs.expertPerSlot == other.costs.expertPerSlot && placement == other.placement
  }

  /// Takes over what another engine that stands alike has worked out of the present popularity.
  mutating func takeExperts(of other: DecodeEngine) {
    experts = other.experts
    shares = other.shares
    meanShare = other.meanShare
    meanLoad = other.meanLoad
    peakLoad = other.peakLoad
    imbalance = other.imbalance
  }

  /// Takes over how popular experts are now: rows of each die and layer follow from the placement.
  mutating func refreshExperts(_ popularity: ExpertPopularity) {
    let layers = expertLayers + 1
    let dies = expertDies
    let vectors = expertVectors
    var rows = [Float](repeating: 0, count: layers * dies)
    placement.rowsPerRow(shares: popularity.shares, topK: topK, into: &rows)
    var occupied = rows
    placement.occupied(into: &occupied)
    var worst: Float = 0
    // Moved out and back: spans of two stored properties of one value exclude each other.
    var (bringing, sharing, mean, peak): ([LayerKernel.ExpertColumn], [Lanes.Vector], [Float], [Float]) =
      ([], [], [], [])
    swap(&bringing, &experts)
    swap(&sharing, &shares)
    swap(&mean, &meanShare)
    swap(&peak, &peakLoad)
    do {
      var columns = bringing.mutableSpan
      var shares = sharing.mutableSpan
      var means = mean.mutableSpan
      var peaks = peak.mutableSpan
      let (rows, occupied) = (rows.span, occupied.span)
      let (perSlot, part) = (costs.expertPerSlot, Float(expertLayers))
      for die in 0..<dies {
        means[die] = 0
        peaks[die] = 0
      }
      for layer in 0..<layers {
        var largest = Lanes.Vector()
        var sum: Float = 0
        for v in 0..<vectors {
          let die = layer * dies + v * Lanes.count
          let value = Lanes.Vector(rows[die], rows[die + 1], rows[die + 2], rows[die + 3])
          let slots = Lanes.Vector(occupied[die], occupied[die + 1], occupied[die + 2], occupied[die + 3])
          shares[layer * vectors + v] = value
          columns[layer * vectors + v] = LayerKernel.ExpertColumn(root: value.squareRoot(), slots: slots * perSlot)
          largest = Lanes.larger(largest, value)
          for lane in 0..<Lanes.count { sum += value[lane] }
        }
        guard layer < expertLayers else { continue }
        let average = sum / Float(dies)
        worst += Lanes.largest(largest) / average
        for die in 0..<dies {
          let value = rows[layer * dies + die]
          means[die] += value / part
          peaks[die] = max(peaks[die], value / average)
        }
      }
    }
    swap(&bringing, &experts)
    swap(&sharing, &shares)
    swap(&mean, &meanShare)
    swap(&peak, &peakLoad)
    let average = meanShare.reduce(0, +) / Float(dies)
    for die in 0..<dies { meanLoad[die] = meanShare[die] / average }
    imbalance = worst / Float(expertLayers)
  }
}
