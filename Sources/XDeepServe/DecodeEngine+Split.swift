import XCCL

extension DecodeEngine {
  /// A persistent expert kernel's polling for its next micro-batch (assumption; K4's MoE time pins it).
  static let pollingMicros: Float = 6

  /// How far a stage of the expert dies is booked, and where each micro-batch stands.
  private struct Rotation {
    var toExperts: Double
    var experts: Double
    var toAttention: Double
    /// When a domain's micro-batch has its experts' results.
    var ready: [Double]
    /// When the slowest die of a domain ends what it is doing.
    var domainFree: [Double]
  }

  /// Works out one iteration of a split engine.
  ///
  /// Each domain's dies compute the attention of one micro-batch after the other; each micro-batch then passes three
  /// stages on the expert dies (A2E, experts, E2A) that hold one micro-batch at a time ([XDS] 3). The next layer of a
  /// micro-batch begins when its results are back. Domains take turns, first come, first served.
  ///
  /// - Complexity: O(layers × micro-batches × dies); no allocation.
  mutating func iterateSplit() {
    prepare()
    operationCount = 0
    sums = Sums()
    mtpSums = Sums()
    iterations += 1
    for v in 0..<expertVectors { stage[v] = Lanes.Vector() }
    findSlowestWires()
    countRequests()
    let host = Double(Self.hostMicros)
    var rotation = Rotation(toExperts: host, experts: host, toAttention: host, ready: [], domainFree: [])
    swap(&rotation.ready, &batchReady)
    swap(&rotation.domainFree, &domainFree)
    for place in rotation.ready.indices { rotation.ready[place] = host }
    for domain in 0..<domains { rotation.domainFree[domain] = host }
    // Domains come one after another: each begins a part of a layer's period later.
    let stagger = 1400 / Double(domains)
    for domain in 0..<domains { rotation.domainFree[domain] += stagger * Double(domain) }

    for draft in 0..<mtpLayers {
      launchDomains(&rotation)
      fillCosts(rowsPerRequest: 1, part: 1 / Float(microBatches))
      addDraftProjection()
      passLayer(expertLayers, record: expertLayers + draft % 2, rowsPerRequest: 1, &rotation, counted: false)
      finishDomains(rowsPerRequest: 1, &rotation)
    }
    let perRequest = Float(1 + mtpLayers)
    launchDomains(&rotation)
    fillCosts(rowsPerRequest: perRequest, part: 1 / Float(microBatches))
    denseMicroBatches(rowsPerRequest: perRequest)
    for layer in 0..<expertLayers {
      passLayer(layer, record: layer, rowsPerRequest: perRequest, &rotation, counted: true)
    }
    finishDomains(rowsPerRequest: perRequest, &rotation)
    // A domain's own time counts from its own begin.
    var longest = 0.0
    for domain in 0..<domains { longest = max(longest, rotation.domainFree[domain] - stagger * Double(domain)) }
    duration = longest
    swap(&rotation.ready, &batchReady)
    swap(&rotation.domainFree, &domainFree)
    settleWaits()
    addShares()
  }

  /// A whole A2E or E2A ends with its slowest receiver: the worst links of a domain's dies and of the expert dies count.
  private mutating func findSlowestWires() {
    var experts: Float = 1
    for v in vectors..<(vectors + expertVectors) { experts = max(experts, Lanes.largest(stretch[v])) }
    let perDomain = vectors / domains
    for domain in 0..<domains {
      slowestWire[domain] = experts
      for v in (domain * perDomain)..<((domain + 1) * perDomain) {
        slowestWire[domain] = max(slowestWire[domain], Lanes.largest(stretch[v]))
      }
    }
  }

  /// Launch skew of every die; from here on `lateness` is a die's time after its domain's.
  private mutating func launchDomains(_ rotation: inout Rotation) {
    launchGraph()
    for domain in 0..<domains {
      for batch in 0..<microBatches { rotation.ready[domain * microBatches + batch] = rotation.domainFree[domain] }
    }
  }

  /// The first layers, which have no experts: attention goes by micro-batch, the dense part takes the whole batch.
  private mutating func denseMicroBatches(rowsPerRequest: Float) {
    for layer in 0..<costs.denseLayers {
      let int8 = DecodeCosts.isINT8(layer: layer)
      for v in 0..<vectors {
        let one = int8 ? attentionINT8[v] : attentionBF16[v]
        let work = Float(microBatches) * one + pace[v] * roofline(costs.dense, rows[v] * rowsPerRequest)
        lateness[v] += work
        waits[v] += work
      }
    }
  }

  /// One MoE layer of all domains and micro-batches.
  private mutating func passLayer(
    _ layer: Int, record: Int, rowsPerRequest: Float, _ rotation: inout Rotation, counted: Bool
  ) {
    let perDomain = vectors / domains
    let transfer = ExpertTransfer(attentionDies: dies / domains, expertDies: expertDies, hidden: costs.hidden)
    // Columns move out of the engine and back: spans of two stored properties of one value exclude each other.
    var lateColumn: [Lanes.Vector] = []
    var workColumn: [Lanes.Vector] = []
    var timeColumn: [Lanes.Vector] = []
    var stageColumn: [Lanes.Vector] = []
    var recordColumn: [LayerRecord] = []
    var operationColumn: [StageOperation] = []
    swap(&lateColumn, &lateness)
    swap(&workColumn, &waits)
    swap(&timeColumn, &arrivals)
    swap(&stageColumn, &stage)
    swap(&recordColumn, &records)
    swap(&operationColumn, &operations)
    let (noise, attention) = (NoiseTable.values, DecodeCosts.isINT8(layer: layer) ? attentionINT8 : attentionBF16)
    let (experts, pace) = (experts, pace)
    var random = stream
    do {
      var late = lateColumn.mutableSpan
      var work = workColumn.mutableSpan
      var times = timeColumn.mutableSpan
      var stage = stageColumn.mutableSpan
      var records = recordColumn.mutableSpan
      var operations = operationColumn.mutableSpan
      for batch in 0..<microBatches {
        for domain in 0..<domains {
          let place = domain * microBatches + batch
          let range = (domain * perDomain)..<((domain + 1) * perDomain)
          let begin = rotation.ready[place]
          let origin = rotation.domainFree[domain]
          // Each die goes on when it is free and the results it needs are there.
          let attended = StageKernel.attend(
            late: &late, work: &work, attention: attention.span, noise: noise.span, range: range,
            offset: Int(random.bits() & NoiseTable.mask), earliest: Float(begin - origin), spread: Self.attentionNoise)
          let arrived = origin + Double(attended.slowest)
          let rowsTotal = domainRequests[domain] * rowsPerRequest / Float(microBatches)
          let rowsOut = rowsTotal * costs.copies / Float(dies / domains)

          let sendWire = Double(transfer.toExpertsMicros(rowsOut: rowsOut, stretch: slowestWire[domain]))
          let sendStart = max(arrived, rotation.toExperts)
          rotation.toExperts = sendStart + sendWire
          let computeStart = max(rotation.toExperts, rotation.experts)
          // The slowest die holds the stage. Stages are persistent kernels that never return to the host, so that the
          // host's stalls do not strike here.
          let bits = random.bits()
          let computed = StageKernel.compute(
            times: &times, work: &stage, experts: experts.span, pace: pace.span, noise: noise.span,
            base: layer * expertVectors, rows: rowsTotal, rowNoise: Int(bits & NoiseTable.mask),
            timeNoise: Int((bits >> 12) & NoiseTable.mask), fixed: Self.pollingMicros + costs.expertFixed,
            perRow: costs.expertPerRow, spread: Self.expertNoise)
          sums.experts += Double(computed.sum)
          rotation.experts = computeStart + Double(computed.slowest)
          let backWire = Double(transfer.toAttentionMicros(rowsIn: rowsOut, stretch: slowestWire[domain]))
          let backStart = max(rotation.experts, rotation.toAttention)
          rotation.toAttention = backStart + backWire
          rotation.ready[place] = rotation.toAttention

          if counted {
            operations[operationCount] = StageOperation(wire: Float(sendWire), wait: Float(sendStart - arrived))
            operations[operations.count / 2 + operationCount] = StageOperation(
              wire: Float(backWire), wait: Float(backStart - rotation.experts))
            operationCount += 1
          }
          records[record * domains * microBatches + place] = LayerRecord(
            start: Float(begin), attentionEnd: Float(arrived), dispatchEnd: Float(rotation.toExperts),
            expertsEnd: Float(rotation.experts), combineEnd: Float(rotation.toAttention),
            dispatchWait: Float(sendStart - arrived), combineWait: Float(backStart - rotation.experts),
            slowestAttention: attended.place, slowestExperts: Int32(dies) + computed.place,
            attentionLag: attended.slowest - attended.sum / Float(range.count * Lanes.count),
            expertsLag: computed.slowest - computed.sum / Float(expertDies))
        }
      }
    }
    stream = random
    swap(&lateColumn, &lateness)
    swap(&workColumn, &waits)
    swap(&timeColumn, &arrivals)
    swap(&stageColumn, &stage)
    swap(&recordColumn, &records)
    swap(&operationColumn, &operations)
  }

  private mutating func countRequests() {
    let perDomain = vectors / domains
    for domain in 0..<domains {
      var requests = Lanes.Vector()
      for v in (domain * perDomain)..<((domain + 1) * perDomain) { requests += rows[v] }
      domainRequests[domain] = requests.sum()
    }
  }

  /// The vocabulary matrix of each die; a domain's slowest ends its graph.
  private mutating func finishDomains(rowsPerRequest: Float, _ rotation: inout Rotation) {
    let perDomain = vectors / domains
    for domain in 0..<domains {
      var results = 0.0
      for batch in 0..<microBatches { results = max(results, rotation.ready[domain * microBatches + batch]) }
      let earliest = Lanes.Vector(repeating: Float(results - rotation.domainFree[domain]))
      var last = Lanes.Vector(repeating: 0)
      for v in (domain * perDomain)..<((domain + 1) * perDomain) {
        var start = lateness[v]
        start.replace(with: earliest, where: earliest .> start)
        let work = pace[v] * roofline(costs.head, rows[v] * rowsPerRequest)
        waits[v] += work
        let end = start + work
        last.replace(with: end, where: end .> last)
      }
      rotation.domainFree[domain] += Double(Lanes.largest(last))
    }
  }

  /// Turns the dies' work into what they waited.
  private mutating func settleWaits() {
    for v in 0..<vectors { waits[v] = Lanes.idle(of: Float(duration), work: waits[v]) }
    for v in 0..<expertVectors { waits[vectors + v] = Lanes.idle(of: Float(duration), work: stage[v]) }
  }
}
