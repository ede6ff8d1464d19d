extension DecodeEngine {
  /// Works out one iteration of a colocated engine whose two micro-batches run on two streams.
  ///
  /// A die's attention stream computes one micro-batch after the other; its expert stream takes each through dispatch,
  /// experts and combine, one at a time; the next layer of a micro-batch begins when its combine is done. The streams
  /// share the die's cores. Dispatch and combine stay barriers over all dies.
  ///
  /// - Complexity: O(layers × micro-batches × dies).
  mutating func iterateOverlapped() {
    let whole = costs
    costs = whole.sharingCores()
    prepare()
    for v in 0..<vectors { attentionWork[v] = Lanes.Vector() }
    sums = Sums()
    mtpSums = Sums()
    iterations += 1
    var clock = Self.hostMicros
    let draftRows = Float(running)
    for draft in 0..<mtpLayers {
      launchGraph()
      for v in 0..<vectors {
        lateness[v] += Lanes.Vector(repeating: clock + graphLaunch) + pace[v] * roofline(costs.mtpProjection, rows[v])
      }
      clock = passStreams(
        from: expertLayers, count: 1, record: expertLayers + draft % 2, rowsPerRequest: 1, engineRows: draftRows,
        draft: true)
    }
    launchGraph()
    for v in 0..<vectors { lateness[v] += Lanes.Vector(repeating: clock + graphLaunch) }
    clock = passStreams(
      from: 0, count: expertLayers, record: 0, rowsPerRequest: Float(1 + mtpLayers),
      engineRows: Float(running * (1 + mtpLayers)), draft: false)
    costs = whole
    duration = Double(clock)
    addShares()
    // A die rests where its attention stream does; what the expert stream waits meanwhile is covered.
    for v in 0..<vectors { waits[v] = Lanes.idle(of: clock, work: attentionWork[v]) }
  }

  /// Takes or leaves the second stream, whichever makes the iteration of the present requests shorter.
  ///
  /// Both are worked out on copies, so that the engine's own random numbers stay where they are.
  mutating func chooseStreams() {
    guard layout == .colocated, microBatches == 2, running > 0 else { return }
    var one = self
    one.overlaps = false
    one.iterate()
    var two = self
    two.overlaps = true
    two.iterate()
    overlaps = two.duration < one.duration
  }

  /// Launch of a whole graph ([CM]: 0.6–0.8 ms, twice an iteration), microseconds.
  var graphLaunch: Float { stack == .cloudmatrixInfer ? 700 : 0 }

  /// Layers of one graph; returns when its slowest die has its vocabulary matrix behind it.
  ///
  /// All times are microseconds after the iteration's begin. `lateness` holds when each die's attention stream is free.
  private mutating func passStreams(
    from first: Int, count layers: Int, record: Int, rowsPerRequest: Float, engineRows: Float, draft: Bool
  ) -> Float {
    let part = 1 / Float(microBatches)
    fillCosts(rowsPerRequest: rowsPerRequest, part: part)
    // Columns move out of the engine and back: spans of two stored properties exclude each other.
    var free: [Lanes.Vector] = []
    var work: [Lanes.Vector] = []
    swap(&free, &attentionFree)
    swap(&work, &attentionWork)
    for v in 0..<vectors {
      free[v] = lateness[v]
      expertFree[v] = Lanes.Vector()
    }
    if !draft { denseOverlapped(&free, rowsPerRequest: rowsPerRequest) }
    for batch in 0..<microBatches { batchReady[batch] = 0 }
    let noise = NoiseTable.values
    for index in 0..<layers {
      let layer = first + index
      let attention = DecodeCosts.isINT8(layer: layer) ? attentionINT8 : attentionBF16
      for batch in 0..<microBatches {
        let offset = Int(stream.bits() & NoiseTable.mask)
        let begin = Float(batchReady[batch])
        let result: StageKernel.Result
        do {
          var freeSpan = free.mutableSpan
          var workSpan = work.mutableSpan
          result = StageKernel.attend(
            late: &freeSpan, work: &workSpan, attention: attention.span, noise: noise.span, range: 0..<vectors,
            offset: offset,
            earliest: begin, spread: Self.attentionNoise)
        }
        // The expert stream takes the micro-batch when both it and the attention's results are there.
        for v in 0..<vectors {
          lateness[v] = free[v]
          lateness[v].replace(with: expertFree[v], where: expertFree[v] .> lateness[v])
        }
        let end = runLayers(
          layer..<(layer + 1), record: record + index, clock: 0, engineRows: engineRows * part, draft: draft,
          attend: false)
        for v in 0..<vectors { expertFree[v] = lateness[v] + Float(end) }
        batchReady[batch] = Double(Float(end) + lateness[0].sum() / Float(Lanes.count))
        records[record + index].start = max(begin, result.sum / Float(dies) - attention[0].sum() / Float(Lanes.count))
      }
    }
    var last: Float = 0
    for v in 0..<vectors {
      let head = pace[v] * roofline(costs.head, rows[v] * rowsPerRequest)
      work[v] += head
      var start = expertFree[v]
      start.replace(with: free[v], where: free[v] .> start)
      last = max(last, Lanes.largest(start + head))
    }
    swap(&free, &attentionFree)
    swap(&work, &attentionWork)
    return last
  }

  /// The first layers, without experts: attention by micro-batch, the dense part on the whole batch.
  private mutating func denseOverlapped(_ free: inout [Lanes.Vector], rowsPerRequest: Float) {
    for layer in 0..<costs.denseLayers {
      let attention = DecodeCosts.isINT8(layer: layer) ? attentionINT8 : attentionBF16
      for v in 0..<vectors {
        free[v] += Float(microBatches) * attention[v] + pace[v] * roofline(costs.dense, rows[v] * rowsPerRequest)
      }
    }
  }
}
