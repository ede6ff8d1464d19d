/// What can go wrong: one word a fault, in the order of the language.
///
/// What each is, where it can strike and how long it lasts stands in `Fault.facts`.
public enum Fault: String, Hashable, CaseIterable, Sendable {
  case die, npu, node, l1, l2
  case linkDown = "link-down"
  case linkFlap = "link-flap"
  case lanesHalf = "lanes-half"
  case lanesQuarter = "lanes-quarter"
  case optics
  case hbmECC = "hbm-ecc"
  case slowDie = "slow-die"
  case hotDie = "hot-die"
  case hungExecutor = "hung-executor"
  case dpMaster = "dp-master"
  case teShell = "te-shell"
  case je
  case kvStall = "kv-stall"
  case surge
  case popularityShift = "popularity-shift"
  case longFlood = "long-flood"
  case jitter
}

extension Fault: CustomStringConvertible {
  /// Its word.
  public var description: String { rawValue }
}
