/// Time of one transfer between two memories of the pod, by one engine, on healthy links.
///
/// Latency is a start plus one step a switch passed (one inside a node, three across), bandwidth what the near end
/// sustains less a little for each further hop. The constants follow [CM] table 1 (512 B latencies and bandwidths of
/// reads and writes between NPUs and CPUs); a write's steps are longer because its acknowledgement comes back.
/// Of the link inside a package only the rate is published; that it is filled alike and passes no switch is an assumption.
public struct PointToPoint: Hashable, Sendable {
  /// What the far end is.
  public enum Peer: String, CaseIterable, Sendable {
    case npu, cpu
  }

  /// Which way the bytes go, seen from the one that asks.
  public enum Operation: String, CaseIterable, Sendable {
    case read, write
  }

  /// The far end.
  public var peer: Peer
  /// Read or write.
  public var operation: Operation
  /// Whether both ends stand in one node.
  public var sameNode: Bool
  /// Whether both ends are dies of one package, which a link of its own joins.
  public var samePackage = false
  /// Share of the paths that are healthy; the others carry nothing.
  public var healthyPaths: Double

  /// A transfer; see the properties.
  public init(peer: Peer = .npu, operation: Operation, sameNode: Bool, healthyPaths: Double = 1) {
    self.peer = peer
    self.operation = operation
    self.sameNode = sameNode
    self.healthyPaths = healthyPaths
  }

  /// Line rate of the near end, GB/s: seven links of 28 a die, about 160 a CPU, 270 inside a package ([CM]).
  public var lineGigabytesPerSecond: Double { samePackage ? 270 : peer == .npu ? 7 * 28 : 160 }

  /// Switches on the way; none inside a package.
  public var hops: Int { samePackage ? 0 : sameNode ? 1 : 3 }

  /// Time before the first byte is usable, microseconds.
  public var latencyMicros: Double {
    let start = peer == .npu ? 0.85 : 0.65
    switch operation {
    case .read: return start + 0.35 * Double(hops)
    case .write: return start + 0.05 + 0.4 * Double(hops)
    }
  }

  /// Sustained bandwidth, GB/s.
  public var gigabytesPerSecond: Double {
    // Share of the line that the engines keep filled: writes wait for credits, reads stream.
    let filled: Double
    switch (peer, operation) {
    case (.npu, .read): filled = 0.852
    case (.npu, .write): filled = 0.699
    case (.cpu, .read): filled = 0.944
    case (.cpu, .write): filled = 0.688
    }
    return lineGigabytesPerSecond * filled * (1 - 0.01 * Double(max(hops, 1) - 1)) * healthyPaths
  }

  /// Whole time of so many bytes, microseconds.
  ///
  /// - Precondition: `bytes >= 0`.
  public func micros(bytes: Double) -> Double {
    precondition(bytes >= 0, "a transfer has no negative size")
    return latencyMicros + bytes / (gigabytesPerSecond * 1e3)
  }
}
