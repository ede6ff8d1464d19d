/// How much of the traffic each expert of each layer draws, drifting over time.
///
/// The logarithm of an expert's popularity is normal: a part that stays (what the model learned) and a part that
/// forgets itself over the drift time (what today's prompts are about). The spread follows from the skew, the hottest
/// expert of a layer over the mean ([XDS] 4.5: 12 to 30).
struct ExpertPopularity: Hashable, Sendable {
  /// Share of the variance that drifts (assumption: most of an expert's popularity is the model's own).
  static let driftingShare = 0.05
  /// Spread of the logarithm of observed loads around the true ones: counts are taken in slices of a balancing interval
  /// (assumption; with fresh statistics EP32 ranks still come to about 1.1 times the mean).
  static let observationSpread = 0.16
  /// Simulated seconds between two steps of the drift.
  static let stepSeconds = 5.0

  let layers: Int
  let experts: Int
  private let spread: Double
  private let memory: Double
  private var lasting: [Double]
  private var drifting: [Double]
  /// Share of a layer's routed rows by expert, layers × experts, each layer sums to one.
  private(set) var shares: [Float]
  private var stream: RandomStream

  init(layers: Int, experts: Int, skew: Double, driftSeconds: Double, seed: UInt64) {
    self.layers = layers
    self.experts = experts
    // The largest of n normals is about q = quantile(1 − 1/(2n)) out; exp(σq)/exp(σ²/2) = skew gives σ.
    let q = PortableMath.normalQuantile(1 - 0.55 / Double(experts))
    let room = q * q - 2 * PortableMath.ln(max(skew, 1))
    spread = q - max(room, 0).squareRoot()
    memory = PortableMath.exp(-Self.stepSeconds / driftSeconds)
    stream = RandomStream(seed: seed, name: "expert-popularity")
    let count = layers * experts
    lasting = []
    drifting = []
    lasting.reserveCapacity(count)
    drifting.reserveCapacity(count)
    for _ in 0..<count {
      lasting.append(stream.normal())
      drifting.append(stream.normal())
    }
    shares = Array(repeating: 0, count: count)
    refresh()
  }

  /// One step of the drift, or several at once.
  mutating func step(times: Int = 1) {
    var kept = 1.0
    for _ in 0..<times { kept *= memory }
    let fresh = (1 - kept * kept).squareRoot()
    for index in drifting.indices {
      drifting[index] = kept * drifting[index] + fresh * stream.normal()
    }
    refresh()
  }

  /// Other experts become popular at once: what lasted is drawn anew for half of it (assumption).
  mutating func shift() {
    let kept = 0.5.squareRoot()
    for index in lasting.indices { lasting[index] = kept * lasting[index] + kept * stream.normal() }
    refresh()
  }

  private mutating func refresh() {
    let steady = spread * (1 - Self.driftingShare).squareRoot()
    let moving = spread * Self.driftingShare.squareRoot()
    for layer in 0..<layers {
      let base = layer * experts
      var sum: Float = 0
      for expert in base..<(base + experts) {
        let value = Float(PortableMath.exp(steady * lasting[expert] + moving * drifting[expert]))
        shares[expert] = value
        sum += value
      }
      for expert in base..<(base + experts) { shares[expert] /= sum }
    }
  }

  /// What counting finds: the loads with an error of its own for each expert.
  static func observed(_ loads: [Float], _ errors: inout RandomStream) -> [Float] {
    loads.map { $0 * Float(PortableMath.exp(observationSpread * errors.normal())) }
  }

  /// Hottest expert over the mean, averaged over layers.
  var hottestOverMean: Float {
    var total: Float = 0
    for layer in 0..<layers {
      var hottest: Float = 0
      for expert in 0..<experts { hottest = max(hottest, shares[layer * experts + expert]) }
      total += hottest * Float(experts)
    }
    return total / Float(layers)
  }

  func encode(into digest: inout StateDigest) {
    for value in lasting { digest.add(value) }
    for value in drifting { digest.add(value) }
    digest.add(stream)
  }
}
