import SuperPod
import Telemetry

/// What DistFlow's probes have found out about the ways of KV ([XDS]: dummy payloads; delayed means that decode is
/// saturated, blocked that a link is at fault).
///
/// Every decode group is probed once an interval, over the way that KV takes, by prefill groups in turn. A probe without
/// an answer within an interval counts as lost, one whose RECV waits behind requests for so long as late; so many in a
/// row mean something. At most one prefill engine's probe in a few is lost where that engine is at fault, and all where
/// the target is: that tells the ends apart where several engines prefill.
struct LinkProbes: Hashable, Sendable {
  /// What became of a probe.
  enum Answer: UInt8, Sendable {
    case none, came, lost
  }

  /// Time between two probes, and for which one waits for an answer, seconds (assumption).
  static let interval = 1.0
  /// Probes in a row that have to be lost, or late (assumption).
  static let limit: UInt8 = 3

  /// By die, as source or target of KV: what becomes of the probe under way, and how many in a row were lost.
  private(set) var sent: [Answer]
  private(set) var lost: [UInt8]
  /// By die: whether so many were lost that KV takes other ways.
  private(set) var isBlocked: [Bool]
  /// By decode engine: the last request that waited before the probe under way, probes in a row that were late or in
  /// time, and whether the engine counts as saturated.
  private(set) var behind: [UInt64?]
  private(set) var late: [UInt8]
  private(set) var timely: [UInt8]
  private(set) var isSaturated: [Bool]
  /// By layout engine: whether KV reaches none of its groups, or comes from none, as far as probes tell.
  var isCutOff: [Bool]
  /// Probes sent so far.
  private(set) var turn = 0

  init(dies: Int, prefill: Int, decode: Int) {
    sent = Array(repeating: .none, count: dies)
    lost = Array(repeating: 0, count: dies)
    isBlocked = Array(repeating: false, count: dies)
    behind = Array(repeating: nil, count: decode)
    late = Array(repeating: 0, count: decode)
    timely = late
    isSaturated = Array(repeating: false, count: decode)
    isCutOff = Array(repeating: false, count: prefill + decode)
  }

  /// The interval of the probes under way is over.
  ///
  /// - Returns: Whether any die became blocked, or is reached again.
  mutating func settle() -> Bool {
    var changed = false
    for die in sent.indices {
      switch sent[die] {
      case .none: continue
      case .came: lost[die] = 0
      case .lost: lost[die] = min(lost[die] + 1, Self.limit)
      }
      sent[die] = .none
      let blocked = lost[die] >= Self.limit
      if blocked != isBlocked[die] {
        isBlocked[die] = blocked
        changed = true
      }
    }
    turn += 1
    return changed
  }

  /// A probe goes between two dies; a source that gets any answer is not at fault.
  mutating func send(from source: Int?, to target: Int, arrives: Bool) {
    sent[target] = arrives ? .came : .lost
    guard let source else { return }
    if arrives { sent[source] = .came } else if sent[source] == .none { sent[source] = .lost }
  }

  /// What becomes of a decode engine's RECV queue since the last probe.
  ///
  /// - Parameters:
  ///   - isWaiting: Whether a request, given by its number, still waits.
  ///   - last: The request that waits last now.
  /// - Returns: Whether the engine began, or ceased, to count as saturated.
  mutating func queue(ofEngine index: Int, last: UInt64?, isWaiting: (UInt64) -> Bool) -> Bool {
    let isLate = behind[index].map(isWaiting) ?? false
    behind[index] = last
    late[index] = isLate ? min(late[index] + 1, Self.limit) : 0
    timely[index] = isLate ? 0 : min(timely[index] + 1, Self.limit)
    let saturated = isSaturated[index] ? timely[index] < Self.limit : late[index] >= Self.limit
    defer { isSaturated[index] = saturated }
    return saturated != isSaturated[index]
  }

  func encode(into digest: inout StateDigest) {
    digest.add(turn)
    for die in sent.indices where sent[die] != .none || lost[die] > 0 {
      digest.add(die << 16 | Int(sent[die].rawValue) << 8 | Int(lost[die]))
    }
    for index in behind.indices {
      digest.add(behind[index] ?? .max)
      digest.add(Int(late[index]) << 8 | Int(timely[index]))
    }
  }
}
