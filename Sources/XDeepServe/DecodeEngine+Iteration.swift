import XCCL

extension DecodeEngine {
  /// Index of each kind of call in `counts`.
  static let dispatchCounts = 0, combineCounts = 1, mtpDispatchCounts = 2, mtpCombineCounts = 3

  /// Works out one whole iteration of the requests that run now: `duration`, waits, records and counts.
  ///
  /// - Complexity: O(layers × dies); no allocation.
  mutating func iterate() {
    if layout == .split {
      iterateSplit()
      return
    }
    if overlaps {
      iterateOverlapped()
      return
    }
    prepare()
    var clock = Double(Self.hostMicros) + Double(graphLaunch) * (mtpLayers > 0 ? 2 : 1)
    sums = Sums()
    mtpSums = Sums()
    iterations += 1

    // Draft layers: half as many rows, a graph of their own.
    let draftRows = Float(running)
    for draft in 0..<mtpLayers {
      launchGraph()
      fillCosts(rowsPerRequest: 1)
      addDraftProjection()
      clock += runLayers(
        expertLayers..<(expertLayers + 1), record: expertLayers + draft % 2, clock: clock, engineRows: draftRows,
        draft: true)
      clock += Double(finishGraph(rowsPerRequest: 1))
    }

    launchGraph()
    let perRequest = Float(1 + mtpLayers)
    fillCosts(rowsPerRequest: perRequest, chunks: layout == .mixed)
    let dense = denseLayers()
    let engineRows = Float(running) * perRequest + promptRows
    clock += runLayers(0..<expertLayers, record: 0, clock: clock, engineRows: engineRows, draft: false)
    records[0].dense = dense
    clock += Double(finishGraph(rowsPerRequest: perRequest))
    duration = clock
    addShares()
  }

  /// Prompt tokens of all dies in the iteration under way.
  private var promptRows: Float {
    guard layout == .mixed else { return 0 }
    var sum = Lanes.Vector()
    for value in chunkRows { sum += value }
    return sum.sum()
  }

  mutating func prepare() {
    for v in waits.indices { waits[v] = Lanes.Vector() }
    extremes = LayerKernel.Extremes()
    draftExtremes = extremes
    for v in 0..<vectors {
      let die = v * Lanes.count
      rows[v] = Lanes.Vector(SIMD4(count[die], count[die + 1], count[die + 2], count[die + 3]))
    }
  }

  /// Mean launch skew; whole graphs launch more evenly (assumption: half).
  private var launchSkew: Float { stack == .cloudmatrixInfer ? Self.launchSkewMicros / 2 : Self.launchSkewMicros }

  /// Every die's launch of a graph comes late by an exponential skew of its own.
  mutating func launchGraph() {
    let offset = Int(truncatingIfNeeded: stream.bits() % UInt64(NoiseTable.vectors))
    let (skew, skews) = (launchSkew, ExponentialTable.values)
    for v in 0..<vectors { lateness[v] = skew * skews[offset + v] }
    addJitter()
  }

  /// Per-die times that follow from a die's requests and KV.
  ///
  /// - Parameters:
  ///   - rowsPerRequest: Rows that a request brings.
  ///   - part: Share of the die's requests that run at a time (micro-batches).
  ///   - chunks: Whether prompts that are prefilled on the same dies take part.
  mutating func fillCosts(rowsPerRequest: Float, part: Float = 1, chunks: Bool = false) {
    let around = costs
    let remote = remoteShare
    let dispatchFixed = Lanes.Vector(repeating: around.dispatch.fixedMicros(ranks: ranks))
    let combineFixed = Lanes.Vector(repeating: around.combine.fixedMicros(ranks: ranks))
    let dispatchPull = around.dispatch.pullMicros(remote: remote)
    let combinePull = around.combine.pullMicros(remote: remote)
    for v in 0..<vectors {
      let (slow, far) = (pace[v], stretch[v])
      var dieRows = rows[v] * (rowsPerRequest * part)
      if chunks { dieRows += chunkRows[v] }
      let kvTokens = kvTokens(v) * part
      var base =
        around.prologue.micros(rows: dieRows) + around.projection.micros(rows: dieRows)
        + (around.othersFixed + around.othersPerRow * dieRows)
      if chunks { base += chunkAttention[v] }
      let streaming = around.mlaPerToken * kvTokens
      // A request's rows each attend to all of its KV: the sum of rows × KV is rows a request times KV of the die.
      let pairs = rowsPerRequest * kvTokens
      attentionINT8[v] = slow * (base + around.mla(compute: pairs * around.mlaPerRowTokenINT8, streaming: streaming))
      attentionBF16[v] = slow * (base + around.mla(compute: pairs * around.mlaPerRowTokenBF16, streaming: streaming))
      let destinations = dieRows * around.copies
      columns[v] = LayerKernel.DieColumn(
        dispatchOut: (around.dispatch.perRowOutMicros + around.dispatch.perRowServedMicros * far) * destinations
          + dispatchFixed,
        pull: dispatchPull * far, combineIn: combinePull * far * destinations + combineFixed, pace: slow)
    }
  }

  /// KV tokens of four dies.
  @inline(__always)
  private func kvTokens(_ vector: Int) -> Lanes.Vector {
    let place = vector * Lanes.count
    return Lanes.Vector(SIMD4(kv[place], kv[place + 1], kv[place + 2], kv[place + 3]))
  }

  // Each loop below takes the figures it needs out of the engine once: a look at `costs` for every vector copies it.

  @inline(__always)
  func roofline(_ kernel: DecodeCosts.Kernel, _ rows: Lanes.Vector) -> Lanes.Vector { kernel.micros(rows: rows) }

  /// The draft layer's input projection.
  mutating func addDraftProjection() {
    let projection = costs.mtpProjection
    for v in 0..<vectors { lateness[v] += pace[v] * roofline(projection, rows[v]) }
  }

  /// The first layers have no barrier: each die runs on by itself, and its lateness adds up.
  ///
  /// - Returns: Mean over dies of what launch and dense layers took.
  private mutating func denseLayers() -> Float {
    let perRequest = Float(1 + mtpLayers)
    let (layers, kernel, noise) = (costs.denseLayers, costs.dense, NoiseTable.values)
    for layer in 0..<layers {
      let offset = Int(truncatingIfNeeded: stream.bits() % UInt64(NoiseTable.vectors))
      let int8 = DecodeCosts.isINT8(layer: layer)
      for v in 0..<vectors {
        let dense = pace[v] * roofline(kernel, rows[v] * perRequest)
        let time = (int8 ? attentionINT8[v] : attentionBF16[v]) + dense
        lateness[v] += time * (1 + Self.attentionNoise * noise[offset + v])
      }
    }
    var sum = Lanes.Vector()
    for v in 0..<vectors { sum += lateness[v] }
    return sum.sum() / Float(dies)
  }

  /// Some MoE layers; returns how far the end of the last lies after the begin of the first, microseconds.
  ///
  /// - Parameters:
  ///   - record: Where the first one's record goes; the others' follow.
  ///   - clock: The first one's begin.
  ///   - attend: Whether the layers' attention is still to be done; without it `lateness` holds its ends.
  mutating func runLayers(
    _ layers: Range<Int>, record: Int, clock: Double, engineRows: Float, draft: Bool, attend: Bool = true
  ) -> Double {
    // Spans of two stored properties of one value exclude each other: move the columns out and back (no copy).
    var late: [Lanes.Vector] = []
    var arrive: [Lanes.Vector] = []
    var wait: [Lanes.Vector] = []
    var written: [LayerRecord] = []
    var dispatchBuckets: [UInt32] = []
    var combineBuckets: [UInt32] = []
    let first = draft ? Self.mtpDispatchCounts : Self.dispatchCounts
    swap(&late, &lateness)
    swap(&arrive, &arrivals)
    swap(&wait, &waits)
    swap(&written, &records)
    swap(&dispatchBuckets, &counts[first].buckets)
    swap(&combineBuckets, &counts[first + 1].buckets)
    let (int8, bf16, none) = (attentionINT8, attentionBF16, noAttention)
    let (dieColumns, expertColumns, shareColumn, noise) = (columns, experts, shares, NoiseTable.values)
    let constants = LayerKernel.Constants(
      attentionSpread: Self.attentionNoise, expertSpread: Self.expertNoise, engineRows: engineRows,
      experts: ExpertTime(fixed: costs.expertFixed, perRow: costs.expertPerRow),
      combinePerRow: costs.combine.perRowOutMicros)
    let stallLimit = Self.stallChance * Double(dies)
    let perDie = 1 / Float(dies)
    var (random, sum, reach) = (stream, draft ? mtpSums : sums, draft ? draftExtremes : extremes)
    var elapsed = 0.0
    do {
      var lateSpan = late.mutableSpan
      var arriveSpan = arrive.mutableSpan
      var waitSpan = wait.mutableSpan
      var recordSpan = written.mutableSpan
      var dispatchSpan = dispatchBuckets.mutableSpan
      var combineSpan = combineBuckets.mutableSpan
      // Asked for once: inside the loop each would be counted in and out.
      let (int8Span, bf16Span, noneSpan) = (int8.span, bf16.span, none.span)
      let (columnSpan, expertSpan, noiseSpan) = (dieColumns.span, expertColumns.span, noise.span)
      let shareSpan = shareColumn.span
      var place = record
      for layer in layers {
        let bits = random.bits()
        var chance = LayerKernel.Chance(
          attention: Int(bits & NoiseTable.mask), rows: Int((bits >> 12) & NoiseTable.mask),
          experts: Int((bits >> 24) & NoiseTable.mask))
        if Double(bits >> 36) * 0x1p-28 < stallLimit {
          chance.stalledDie = random.index(below: dies)
          chance.stall = Self.stallMicros * Float(random.exponential())
        }
        let attention = !attend ? noneSpan : DecodeCosts.isINT8(layer: layer) ? int8Span : bf16Span
        let result = LayerKernel.run(
          late: &lateSpan, arrive: &arriveSpan, wait: &waitSpan, attention: attention, columns: columnSpan,
          experts: expertSpan, shares: shareSpan, base: layer &* vectors, noise: noiseSpan, constants: constants,
          chance: chance,
          extremes: &reach, dispatchCounts: &dispatchSpan, combineCounts: &combineSpan)
        sum.add(result)
        let begin = Float(clock + elapsed)
        let attentionEnd = begin + result.attentionMaximum
        let expertsEnd = attentionEnd + result.expertsMaximum
        recordSpan[place] = LayerRecord(
          start: begin, attentionEnd: attentionEnd, dispatchEnd: attentionEnd + result.dispatchWire * perDie,
          expertsEnd: expertsEnd, combineEnd: expertsEnd + result.combineWire * perDie,
          dispatchWait: result.dispatchWait * perDie, combineWait: result.combineWait * perDie,
          slowestAttention: result.slowestAttention, slowestExperts: result.slowestExperts,
          attentionLag: result.attentionMaximum - result.attentionMean,
          expertsLag: result.expertsMaximum - result.expertsMean)
        elapsed += Double(result.attentionMaximum) + Double(result.expertsMaximum)
        place &+= 1
      }
    }
    stream = random
    if draft { (mtpSums, draftExtremes) = (sum, reach) } else { (sums, extremes) = (sum, reach) }
    swap(&late, &lateness)
    swap(&arrive, &arrivals)
    swap(&wait, &waits)
    swap(&written, &records)
    swap(&dispatchBuckets, &counts[first].buckets)
    swap(&combineBuckets, &counts[first + 1].buckets)
    counts[first].minimum = Lanes.smallest(reach.dispatchShortest)
    counts[first].maximum = Lanes.largest(reach.dispatchLongest)
    counts[first + 1].minimum = Lanes.smallest(reach.combineShortest)
    counts[first + 1].maximum = Lanes.largest(reach.combineLongest)
    return elapsed
  }

  /// The vocabulary matrix of the slowest die ends the graph; returns its end after the last barrier.
  private mutating func finishGraph(rowsPerRequest: Float) -> Float {
    var last = Lanes.Vector(repeating: 0)
    let head = costs.head
    for v in 0..<vectors {
      let end = lateness[v] + pace[v] * roofline(head, rows[v] * rowsPerRequest)
      last.replace(with: end, where: end .> last)
    }
    return Lanes.largest(last)
  }

  /// Busy time of the dies by kind of kernel, summed over dies.
  mutating func addShares() {
    let costs = costs
    let perRequest = Float(1 + mtpLayers)
    let drafts = Float(mtpLayers)
    let int8Layers = Float(costs.int8Layers)
    let bf16Layers = Float(costs.layers) - int8Layers
    let layers = Float(costs.layers)
    var attention = Lanes.Vector()
    var prologue = Lanes.Vector()
    var matmul = Lanes.Vector()
    for v in 0..<vectors {
      let all = rows[v] * perRequest
      let tokens = kvTokens(v)
      let streaming = costs.mlaPerToken * tokens
      let (int8, bf16) = (costs.mlaPerRowTokenINT8 * tokens, costs.mlaPerRowTokenBF16 * tokens)
      attention +=
        costs.mla(compute: perRequest * int8, streaming: streaming) * int8Layers
        + costs.mla(compute: perRequest * bf16, streaming: streaming) * bf16Layers
        + costs.mla(compute: int8, streaming: streaming) * drafts
      prologue += roofline(costs.prologue, all) * layers + roofline(costs.prologue, rows[v]) * drafts
      matmul += roofline(costs.projection, all) * layers + roofline(costs.dense, all) * Float(costs.denseLayers)
      matmul += (roofline(costs.projection, rows[v]) + roofline(costs.mtpProjection, rows[v])) * drafts
    }
    mlaMicros = Double(attention.sum())
    prologueMicros = Double(prologue.sum())
    matmulMicros = Double(matmul.sum()) + sums.experts + mtpSums.experts
  }
}

extension DecodeEngine.Sums {
  mutating func add(_ result: LayerKernel.Result) {
    dispatchWire += Double(result.dispatchWire)
    dispatchWait += Double(result.dispatchWait)
    combineWire += Double(result.combineWire)
    combineWait += Double(result.combineWait)
    experts += Double(result.experts)
  }
}
