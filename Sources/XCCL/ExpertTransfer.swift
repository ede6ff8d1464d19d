/// A2E and E2A: moving a micro-batch between a domain's attention dies and the expert dies, by trampoline forwarding.
///
/// As many expert dies as attention dies take part directly; they forward to the rest ([XDS] 3). Rows are quantised on
/// the way out (7.5 KB) and come back in BF16 (14 KB). What an operation takes longer in service than its parts is an
/// assumption that meets K4's 172 and 193 µs.
public struct ExpertTransfer: Hashable, Sendable {
  /// Attention dies of the domain.
  public var attentionDies: Int
  /// Expert dies.
  public var expertDies: Int
  /// Width of a row.
  public var hidden: Int

  /// A pairing; see the properties.
  public init(attentionDies: Int, expertDies: Int, hidden: Int) {
    self.attentionDies = attentionDies
    self.expertDies = expertDies
    self.hidden = hidden
  }

  /// Share of the expert dies that are reached by forwarding.
  public var forwardedShare: Float {
    max(0, 1 - Float(attentionDies) / Float(expertDies))
  }

  /// Rows that an expert die takes part in for each of an attention die's: more where attention dies outnumber them.
  private var crowding: Float { max(1, Float(attentionDies) / Float(expertDies)) }

  /// The whole A2E, first byte to last receiver, microseconds.
  ///
  /// - Parameters:
  ///   - rowsOut: Rows that an attention die sends, copies counted.
  ///   - stretch: How much longer bytes take than over healthy links.
  public func toExpertsMicros(rowsOut: Float, stretch: Float = 1) -> Float {
    let bytes = CollectiveCost.dispatchRowBytes(hidden: hidden)
    let pull = bytes / (CollectiveCost.readGigabytesPerSecond * 1e3) * stretch
    // A trampoline receives as much as an attention die sends and hands on the part that is not its own.
    return 5 + polling + 30 + rowsOut * (bytes / 200e3 + pull * crowding) + rowsOut * forwardedShare * pull
  }

  /// The whole E2A, microseconds.
  public func toAttentionMicros(rowsIn: Float, stretch: Float = 1) -> Float {
    let bytes = CollectiveCost.combineRowBytes(hidden: hidden)
    let pull = bytes / (CollectiveCost.readGigabytesPerSecond * 1e3) * stretch
    return 10 + polling + 29 + rowsIn * pull * crowding + rowsIn * forwardedShare * pull
  }

  private var polling: Float { 0.1 * Float(attentionDies + expertDies) }
}
