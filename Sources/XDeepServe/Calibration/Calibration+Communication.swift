import XCCL

extension Calibration {
  /// K7: dispatch and combine alone, batch 128 a rank, DeepSeek's shapes.
  static func collectives() -> [CalibrationRow] {
    let model = ServedModel.deepSeekR1
    let rows = Float(128 * (model.topK + model.sharedExperts))
    var result: [CalibrationRow] = []
    for (name, cost, targets) in [
      ("dispatch", CollectiveCost.inferDispatch(hidden: model.hidden), [116.0, 133, 152]),
      ("combine", CollectiveCost.inferCombine(hidden: model.hidden), [118, 146, 150]),
    ] {
      for (ranks, target) in zip([8, 32, 128], targets) {
        let micros = cost.wireMicros(
          ranks: ranks, rowsOut: rows, rowsIn: rows, remote: CollectiveCost.remoteShare(ranks: ranks))
        result.append(
          CalibrationRow("K7", "\(name) alone, EP\(ranks), µs", target, .share(0.05), model: Double(micros)))
      }
    }
    return result
  }

  /// K8: one die to another, or to a CPU.
  static func pointToPoint() -> [CalibrationRow] {
    let pairs: [(PointToPoint.Peer, PointToPoint.Operation, rates: [Double], latencies: [Double])] = [
      (.npu, .read, [164, 167], [1.9, 1.2]), (.npu, .write, [135, 137], [2.1, 1.3]),
      (.cpu, .read, [147, 151], [1.7, 1.0]), (.cpu, .write, [107, 110], [1.9, 1.1]),
    ]
    var result: [CalibrationRow] = []
    for (peer, operation, rates, latencies) in pairs {
      for (place, sameNode) in [false, true].enumerated() {
        let transfer = PointToPoint(peer: peer, operation: operation, sameNode: sameNode)
        let name = "\(peer == .npu ? "NPU" : "CPU") \(operation.rawValue) \(sameNode ? "in a node" : "across nodes")"
        result.append(
          CalibrationRow("K8", "\(name), GB/s", rates[place], .share(0.05), model: transfer.gigabytesPerSecond))
        result.append(
          CalibrationRow(
            "K8", "\(name), µs for 512 B", latencies[place], .share(0.05), model: transfer.micros(bytes: 512)))
      }
    }
    return result
  }
}
