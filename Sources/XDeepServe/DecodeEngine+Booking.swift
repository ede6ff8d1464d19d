import Telemetry

/// What an iteration leaves in the books.
///
/// These functions change nothing of the engine. They are `mutating` because the optimiser then works on the engine where
/// it lies; else each call copies it, forty arrays counted in and out.
extension DecodeEngine {
  /// Books the work of a part of the iteration.
  ///
  /// - Parameters:
  ///   - place: The engine's place among all engines of the pod.
  ///   - share: The part.
  mutating func bookWork(into second: inout SecondAccumulator, place: Int, share: Double) {
    let perRequest = Float(1 + mtpLayers)
    let drafts = Float(mtpLayers)
    let streamed = Double(costs.streamedBytes)
    let expertStream = Double(costs.expertBytes) * Double(expertLayers)
    let part = Float(share)
    let places = Double(placement.slotsPerDie)
    let copies = Double(costs.copies)
    let layers = Float(expertLayers)
    let hostsExperts = layout != .split
    let (waits, hosts, count, chunkRows, kv) = (waits.span, hosts.span, count.span, chunkRows.span, kv.span)
    second.busy[place] += duration * share
    // Moved out and back: unique storage without asking for each die.
    var (wait, rowLayers, memory): ([Float], [Float], [Double]) = ([], [], [])
    swap(&wait, &second.wait)
    swap(&rowLayers, &second.rowLayers)
    swap(&memory, &second.memoryBytes)
    do {
      var wait = wait.mutableSpan
      var rowLayers = rowLayers.mutableSpan
      var memory = memory.mutableSpan
      let expertWork = share * expertStream * Double(microBatches * domains * placement.slotsPerDie)
      for die in dies..<(waits.count * Lanes.count) {
        wait[hosts[die]] += waits[die / Lanes.count][die % Lanes.count] * part
        memory[hosts[die]] += expertWork
      }
      for die in 0..<dies {
        let host = hosts[die]
        wait[host] += waits[die / Lanes.count][die % Lanes.count] * part
        let requests = Float(count[die])
        let rows = requests * perRequest + chunkRows[die / Lanes.count][die % Lanes.count]
        rowLayers[host] += part * (rows * layers + requests * drafts)
        let slots = !hostsExperts ? 0 : min(places, Double(rows) * copies)
        memory[host] += share * (streamed + slots * expertStream + Double(kv[die]) * kvBytesPerToken)
      }
    }
    swap(&wait, &second.wait)
    swap(&rowLayers, &second.rowLayers)
    swap(&memory, &second.memoryBytes)
  }

  /// Keeps the iteration whole, while the second has room.
  mutating func keepIteration(in second: inout SecondAccumulator) {
    let kept = second.iterations[index]
    second.iterations[index] += 1
    guard kept < SecondAccumulator.keptIterations else { return }
    let place = index * SecondAccumulator.keptIterations + kept
    second.durations[place] = duration
    second.starts[place] = iterationStart
    second.hosts[place] = hosts
    let base = place * second.recordsPerIteration
    var target = second.records.mutableSpan
    let source = records.span
    precondition(base >= 0 && base + source.count <= target.count)
    for layer in source.indices { unsafe target[unchecked: base &+ layer] = source[unchecked: layer] }
  }

  /// Books the iteration's calls, primitive by primitive.
  mutating func bookCalls(into calls: inout [CallTally]) {
    if layout == .split {
      let half = operations.count / 2
      for index in 0..<operationCount {
        let (send, back) = (operations[index], operations[half + index])
        calls[Primitive.a2e.index].add(wire: Double(send.wire), wait: Double(send.wait))
        calls[Primitive.e2a.index].add(wire: Double(back.wire), wait: Double(back.wait))
      }
      return
    }
    let streams = overlaps ? microBatches : 1
    let number = dies * expertLayers * streams
    let drafts = dies * mtpLayers * streams
    calls[Primitive.dispatch.index].add(
      counts[Self.dispatchCounts], calls: number, wire: sums.dispatchWire, wait: sums.dispatchWait)
    calls[Primitive.combine.index].add(
      counts[Self.combineCounts], calls: number, wire: sums.combineWire, wait: sums.combineWait)
    calls[Primitive.mtpDispatch.index].add(
      counts[Self.mtpDispatchCounts], calls: drafts, wire: mtpSums.dispatchWire, wait: mtpSums.dispatchWait)
    calls[Primitive.mtpCombine.index].add(
      counts[Self.mtpCombineCounts], calls: drafts, wire: mtpSums.combineWire, wait: mtpSums.combineWait)
  }

  /// Books what the iteration took, for a run's report.
  mutating func book(into measurement: inout RunMeasurement) {
    measurement.iteration.add(Float(duration))
    measurement.gap.add(Float(Self.gapMicros))
    let dispatch = sums.dispatchWire + sums.dispatchWait + mtpSums.dispatchWire + mtpSums.dispatchWait
    let combine = sums.combineWire + sums.combineWait + mtpSums.combineWire + mtpSums.combineWait
    // Two streams of a die work at the same time: what they do adds up to more than the iteration.
    measurement.dieTime +=
      overlaps
      ? matmulMicros + mlaMicros + prologueMicros + (dispatch + combine) + othersMicros
      : duration * Double(waits.count * Lanes.count)
    measurement.matmul += matmulMicros
    measurement.mla += mlaMicros
    measurement.prologue += prologueMicros
    measurement.dispatch += dispatch
    measurement.combine += combine
    measurement.rankImbalance += Double(imbalance)
    measurement.iterations += 1
  }
}
