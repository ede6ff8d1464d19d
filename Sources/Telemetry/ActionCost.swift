/// What an action costs beside what it does to latency and throughput, as far as a future was worked out.
public struct ActionCost: Hashable, Sendable {
  /// Links of a node that carry more with an action than without it.
  public struct Load: Hashable, Sendable {
    /// Index of the node.
    public var node: Int
    /// The most that its busiest up-link carries with the action, per cent of the line rate over a second.
    public var peak: Float
    /// The most that it carries without the action.
    public var without: Float
    /// Seconds in which it carries clearly more.
    public var seconds: Int

    /// A load; see the properties.
    public init(node: Int, peak: Float, without: Float, seconds: Int) {
      self.node = node
      self.peak = peak
      self.without = without
      self.seconds = seconds
    }
  }

  /// Bytes of weights that dies load which come, or start anew.
  public var weightBytes = 0.0
  /// How long they load, seconds.
  public var weightSeconds = 0.0
  /// Bytes of expert weights that cross the fabric.
  public var expertBytes = 0.0
  /// Requests that have to run out on dies that leave.
  public var drained = 0
  /// How long they take, seconds; nil while that is not known.
  public var drainSeconds: Int?
  /// Requests that begin again.
  public var recomputed = 0
  /// Servers that would serve without the action and do not with it, times seconds.
  public var lostServerSeconds = 0.0
  /// Dies that change what they do, for good.
  public var moved = 0
  /// How what goes on ends, in a few words each.
  public var ends: [String] = []
  /// Nodes whose up-links carry clearly more, the busiest first.
  public var loads: [Load] = []
  /// The most that any up-link carries without the action, per cent of the line rate over a second.
  public var busiestWithout: Float = 0
  /// Seconds that were worked out.
  public var seconds = 0

  /// Nothing yet.
  public init() {}

  /// In sentences; none of what costs nothing.
  public var sentences: [String] {
    func number(_ value: Double) -> String { DecimalText.of(Float(value), 0) }
    var sentences: [String] = []
    if weightBytes > 0 {
      sentences.append("weights \(number(weightBytes / 1e9)) GB from disk, \(number(weightSeconds)) s")
    }
    if expertBytes > 0 { sentences.append("experts \(number(expertBytes / 1e9)) GB over the fabric") }
    if drained > 0 {
      sentences.append("drain \(drained) requests" + (drainSeconds.map { ", \($0) s" } ?? ""))
    }
    if recomputed > 0 { sentences.append("recompute \(recomputed) requests") }
    if lostServerSeconds >= 0.5 { sentences.append("lost \(number(lostServerSeconds)) server·s") }
    if moved > 0 { sentences.append("\(moved) dies change what they do") }
    return sentences + ends
  }
}
