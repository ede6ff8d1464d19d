import Testing
import XCCL

/// Rows K7 and K8 of the calibration table: within 5 %.
struct PublishedCostTests {
  @Test(arguments: [(8, 116.0, 118.0), (32, 133, 146), (128, 152, 150)])
  func dispatchAndCombineAloneMeetK7(ranks: Int, dispatch: Double, combine: Double) {
    // Batch 128 a rank, eight routed copies and the shared expert as a ninth destination.
    let rows: Float = 128 * 9
    let remote = CollectiveCost.remoteShare(ranks: ranks)
    func time(_ cost: CollectiveCost) -> Double {
      Double(cost.wireMicros(ranks: ranks, rowsOut: rows, rowsIn: rows, remote: remote))
    }
    #expect(abs(time(.inferDispatch(hidden: 7168)) / dispatch - 1) < 0.05, "\(time(.inferDispatch(hidden: 7168)))")
    #expect(abs(time(.inferCombine(hidden: 7168)) / combine - 1) < 0.05, "\(time(.inferCombine(hidden: 7168)))")
  }

  @Test(arguments: [
    (PointToPoint.Peer.npu, PointToPoint.Operation.read, 164.0, 167.0, 1.9, 1.2), (.npu, .write, 135, 137, 2.1, 1.3),
    (.cpu, .read, 147, 151, 1.7, 1.0), (.cpu, .write, 107, 110, 1.9, 1.1),
  ])
  func pointToPointMeetsK8(
    peer: PointToPoint.Peer, operation: PointToPoint.Operation, across: Double, inside: Double, latencyAcross: Double,
    latencyInside: Double
  ) {
    for (same, rate, latency) in [(false, across, latencyAcross), (true, inside, latencyInside)] {
      let transfer = PointToPoint(peer: peer, operation: operation, sameNode: same)
      #expect(abs(transfer.gigabytesPerSecond / rate - 1) < 0.05)
      #expect(abs(transfer.micros(bytes: 512) / latency - 1) < 0.05)
    }
  }

  /// [XDS] 3: under 20 µs for less than 1 MB on 2 AIV cores; 9 MB on 48 cores more than 2.5 times faster than on 2.
  @Test func sendReceiveMeetsBothPublishedPoints() {
    #expect(SendReceive(cores: 2).micros(bytes: 1e6) < 20)
    #expect(SendReceive(cores: 2).micros(bytes: 9e6) / SendReceive(cores: 48).micros(bytes: 9e6) > 2.5)
    // Nobody sends faster than a die reads.
    let line = PointToPoint(operation: .read, sameNode: false).gigabytesPerSecond
    for cores in 1...48 { #expect(SendReceive(cores: cores).gigabytesPerSecond < line * 1.01) }
  }

  @Test func lostPathsSlowExactlyTheirShare() {
    let whole = PointToPoint(operation: .read, sameNode: false)
    let half = PointToPoint(operation: .read, sameNode: false, healthyPaths: 0.5)
    #expect(abs(half.gigabytesPerSecond * 2 - whole.gigabytesPerSecond) < 1e-9)
    #expect(half.latencyMicros == whole.latencyMicros)
  }

  /// The link inside a package carries 270 GB/s ([CM]), and nothing on the way switches.
  @Test(arguments: PointToPoint.Operation.allCases)
  func theTwoDiesOfAPackageAreNearerThanTheirNode(operation: PointToPoint.Operation) {
    let node = PointToPoint(operation: operation, sameNode: true)
    var package = node
    package.samePackage = true
    #expect(package.gigabytesPerSecond > node.gigabytesPerSecond && package.gigabytesPerSecond < 270)
    #expect(package.latencyMicros < node.latencyMicros && package.latencyMicros > 0.8)
  }
}
