/// XCCL's send/recv: eight steps of handshake, then bytes through a pair of unified buffers in turn ([XDS] 3).
///
/// How fast the bytes go depends on how many AIV cores copy them, up to the line. Published: under 20 µs for less than
/// 1 MB on 2 cores; 9 MB on 48 cores more than 2.5 times faster than on 2.
public struct SendReceive: Hashable, Sendable {
  /// The handshake, microseconds (assumption that fits both published points).
  public static let handshakeMicros = 3.0
  /// What one AIV core copies, GB/s (assumption, likewise).
  public static let perCoreGigabytesPerSecond = 30.0
  /// AIV cores that copy.
  public var cores: Int
  /// Share of the paths that are healthy.
  public var healthyPaths: Double

  /// A channel; see the properties.
  public init(cores: Int, healthyPaths: Double = 1) {
    self.cores = cores
    self.healthyPaths = healthyPaths
  }

  /// Copying rate, GB/s: cores, or what a die reads from others across nodes ([CM] table 1), whichever is less.
  public var gigabytesPerSecond: Double {
    min(
      Double(cores) * Self.perCoreGigabytesPerSecond,
      Double(CollectiveCost.readGigabytesPerSecond) * healthyPaths)
  }

  /// Whole time of so many bytes, microseconds.
  public func micros(bytes: Double) -> Double {
    Self.handshakeMicros + bytes / (gigabytesPerSecond * 1e3)
  }
}
