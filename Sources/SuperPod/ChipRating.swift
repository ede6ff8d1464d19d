/// What one die can do at best.
public struct ChipRating: Hashable, Sendable {
  /// Name on screens.
  public var name: String
  /// BF16 operations a second.
  public var bf16PerSecond: Double
  /// INT8 operations a second.
  public var int8PerSecond: Double
  /// HBM, bytes.
  public var hbmBytes: Double
  /// HBM, bytes a second.
  public var hbmBytesPerSecond: Double
  /// Vector cores (AIV), which copy what XCCL sends and receives.
  public var vectorCores: Int

  /// A rating; see the properties.
  public init(
    name: String, bf16PerSecond: Double, int8PerSecond: Double, hbmBytes: Double, hbmBytesPerSecond: Double,
    vectorCores: Int
  ) {
    self.name = name
    self.bf16PerSecond = bf16PerSecond
    self.int8PerSecond = int8PerSecond
    self.hbmBytes = hbmBytes
    self.hbmBytesPerSecond = hbmBytesPerSecond
    self.vectorCores = vectorCores
  }

  /// INT8 operations a microsecond.
  public var int8PerMicro: Float { Float(int8PerSecond / 1e6) }
  /// BF16 operations a microsecond.
  public var bf16PerMicro: Float { Float(bf16PerSecond / 1e6) }
  /// Bytes of HBM a microsecond.
  public var hbmBytesPerMicro: Float { Float(hbmBytesPerSecond / 1e6) }

  /// One of the two dies of an Ascend 910C: figures of [CM] (arXiv 2506.12708); INT8 is twice BF16 by arithmetic.
  public static let ascend910C = ChipRating(
    name: "Ascend 910C", bf16PerSecond: 376e12, int8PerSecond: 752e12, hbmBytes: 64e9, hbmBytesPerSecond: 1.6e12,
    vectorCores: 48)
  /// Matrix cores (AIC) that give a die of the 910C its peaks ([CM]).
  public static let ascend910CMatrixCores = 24
}
