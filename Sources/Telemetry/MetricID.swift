/// The metrics of the catalogue, in the order of a frame's columns.
///
/// `MetricID.metric` is the catalogue's row.
public enum MetricID: UInt8, CaseIterable, Sendable {
  // Pod.
  case ttftP50, ttftP99, tpotP50, tpotP99
  case outputTokens, inputTokens, goodput, sloShare, arrivals, finished
  case waiting, running, podKV, tokensPerStep, acceptance
  // Node.
  case nodeExpertLoad
  case nodeCPUUp, nodeCPUDown
  // Die.
  case dieBusy, dieStall, dieBatch, dieKV, dieHBMUsed, dieHBMBandwidth, dieExpertLoad, diePower, dieTemperature
  case dieHealth
  // Links, bytes of the last second.
  case dieLinkUp, dieLinkDown, uplinkUp, uplinkDown
  // Engines.
  case engineQueue, engineRunning, engineKV, engineIteration, engineBusy, engineExpertImbalance
  // DP groups.
  case groupBatch, groupKV
  // Primitives.
  case primitiveCalls, primitiveBytes, primitiveMean, primitiveMin, primitiveP50, primitiveP99, primitiveMax
  case primitiveWire, primitiveWait

  /// The catalogue's row.
  public var metric: Metric { MetricCatalogue.rows[Int(rawValue)] }
}
