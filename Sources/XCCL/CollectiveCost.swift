/// Time that a die's part in a dispatch or a combine takes on the wire, without waiting for anybody.
///
/// Both are pull based ([XDS] 3): a rank announces its counts to every other rank, polls until all have announced,
/// then pulls its rows. So the time is a start, a part that grows with the ranks (announcing and polling), a part for
/// the rows that the die makes ready for others, and a part for the rows that it pulls itself.
public struct CollectiveCost: Hashable, Sendable {
  /// Start of the operation, microseconds.
  public var startMicros: Float
  /// Announcing to and polling one rank, microseconds.
  public var perRankMicros: Float
  /// What the operation takes longer in service than alone, microseconds.
  public var inServiceMicros: Float
  /// Making one row ready for its readers (quantising in dispatch, adding up in combine), microseconds.
  public var perRowOutMicros: Float
  /// Serving one row to its readers, over the wire, microseconds.
  public var perRowServedMicros: Float = 0
  /// Pulling one row, microseconds.
  public var perRowInMicros: Float
  /// What pulling a row takes longer where it comes from another node, microseconds.
  public var perRemoteRowMicros: Float = 0

  /// A cost; see the properties.
  public init(
    startMicros: Float, perRankMicros: Float, inServiceMicros: Float, perRowOutMicros: Float, perRowInMicros: Float
  ) {
    self.startMicros = startMicros
    self.perRankMicros = perRankMicros
    self.inServiceMicros = inServiceMicros
    self.perRowOutMicros = perRowOutMicros
    self.perRowInMicros = perRowInMicros
  }

  /// The part that does not depend on rows, in service, microseconds.
  public func fixedMicros(ranks: Int) -> Float {
    startMicros + perRankMicros * Float(ranks) + inServiceMicros
  }

  /// Wire time of one die, microseconds.
  ///
  /// - Parameter remote: Share of the pulled rows that come from other nodes.
  public func wireMicros(ranks: Int, rowsOut: Float, rowsIn: Float, remote: Float = 0) -> Float {
    fixedMicros(ranks: ranks) + (perRowOutMicros + perRowServedMicros) * rowsOut + pullMicros(remote: remote) * rowsIn
  }

  /// Pulling one row, where a share of them comes from other nodes, microseconds.
  public func pullMicros(remote: Float) -> Float { perRowInMicros + perRemoteRowMicros * remote }

  /// Share of a group's rows that cross nodes, where its ranks fill nodes of so many dies one after another.
  public static func remoteShare(ranks: Int, diesPerNode: Int = 16) -> Float {
    ranks <= diesPerNode ? 0 : 1 - Float(diesPerNode) / Float(ranks)
  }
}

extension CollectiveCost {
  /// Bytes of one row on the wire in a dispatch: INT8 values with their scale, [XDS] 3 gives 7.5 KB for 7,168.
  public static func dispatchRowBytes(hidden: Int) -> Float { Float(hidden) + 512 }
  /// Bytes of one row in a combine: BF16, [XDS] 3 gives 14 KB for 7,168.
  public static func combineRowBytes(hidden: Int) -> Float { Float(hidden) * 2 }
  /// Rate at which a die reads from other dies across nodes, GB/s ([CM] table 1).
  public static let readGigabytesPerSecond: Float = 164

  /// Share of a dispatch's pulling time that follows from the rows that the die itself receives; the rest is queueing at
  /// the senders, who serve every rank at once and send equally much (assumption).
  public static let receiverShare: Float = 0.5

  /// Dispatch of the *xdeepserve* stack for rows of a hidden size.
  ///
  /// The stand-alone part follows the curve of [XDS] (EP128: about 20 µs at batch 4, about 100 at 128) and its text:
  /// slower than combine at small batches, where it quantises, faster above 32. The in-service offset makes K3's minimum;
  /// both are assumptions, reasons in docs/model.md.
  public static func dispatch(hidden: Int) -> CollectiveCost {
    let bytes = dispatchRowBytes(hidden: hidden)
    let pull = bytes / (readGigabytesPerSecond * 1e3)
    var cost = CollectiveCost(
      startMicros: 8.5, perRankMicros: 0.1, inServiceMicros: 64.5, perRowOutMicros: bytes / 200e3,
      perRowInMicros: receiverShare * pull)
    cost.perRowServedMicros = (1 - receiverShare) * pull
    return cost
  }

  /// Combine of the *xdeepserve* stack (EP128: about 25 µs at batch 4, about 120 at 128).
  public static func combine(hidden: Int) -> CollectiveCost {
    let bytes = combineRowBytes(hidden: hidden)
    return CollectiveCost(
      startMicros: 3.75, perRankMicros: 0.1, inServiceMicros: 33.25, perRowOutMicros: bytes / 1_000e3,
      perRowInMicros: bytes / (readGigabytesPerSecond * 1e3))
  }

  /// Dispatch of the *cloudmatrix-infer* stack, whose stand-alone times [CM] publishes at batch 128 a rank.
  ///
  /// Rows inside a node cost quantising and pulling; rows from other nodes pass three switches and wait for more peers.
  /// Start, polling and the remote part are assumptions that meet the published table (K7) within 5 %.
  public static func inferDispatch(hidden: Int) -> CollectiveCost {
    let bytes = dispatchRowBytes(hidden: hidden)
    var cost = CollectiveCost(
      startMicros: 18, perRankMicros: 0.04, inServiceMicros: 0, perRowOutMicros: bytes / 206e3,
      perRowInMicros: bytes / (readGigabytesPerSecond * 1e3))
    cost.perRemoteRowMicros = bytes / 236e3
    return cost
  }

  /// Combine of the *cloudmatrix-infer* stack.
  public static func inferCombine(hidden: Int) -> CollectiveCost {
    let bytes = combineRowBytes(hidden: hidden)
    var cost = CollectiveCost(
      startMicros: 21.5, perRankMicros: 0.01, inServiceMicros: 0, perRowOutMicros: 0,
      perRowInMicros: bytes / (readGigabytesPerSecond * 1e3))
    cost.perRemoteRowMicros = bytes / 450e3
    return cost
  }
}
