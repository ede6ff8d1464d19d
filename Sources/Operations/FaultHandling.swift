/// Who notices a fault and what mends it, with the sources of the times.
public struct FaultHandling: Hashable, Sendable {
  /// What shows it.
  public var seenBy: String
  /// What the system does about it.
  public var mendedBy: String
}

extension Fault {
  /// Its handling in the third stage of recovery; [MC] Ascend mind-cluster, [RM] ReviveMoE, [XDS] xDeepServe.
  public var handling: FaultHandling {
    let heartbeats = "heartbeats [XDS], three of a second missed (assumed)"
    let lanes = "counters of lanes, read each second (assumed)"
    let reformed = "engine re-formed without it: 10.2 s without expert loss, 10.7 s with replicas, 52.7 s without [RM]"
    let goesOn = "nothing stops; other ways carry the bytes"
    switch self {
    case .die, .npu, .node: return FaultHandling(seenBy: heartbeats, mendedBy: reformed)
    case .l1: return FaultHandling(seenBy: heartbeats, mendedBy: "node set apart [MC], " + reformed)
    case .l2: return FaultHandling(seenBy: heartbeats, mendedBy: "iteration redone after 50 ms (assumed); " + goesOn)
    case .linkDown:
      return FaultHandling(
        seenBy: "port down, ignored for 20 s [MC]", mendedBy: "die set apart [MC], engine re-formed in 10.7 s [RM]")
    case .linkFlap:
      return FaultHandling(
        seenBy: lanes, mendedBy: "iterations redone after 50 ms (assumed); the fifth time sets the link apart [MC]")
    case .lanesHalf, .lanesQuarter: return FaultHandling(seenBy: lanes, mendedBy: "reported [MC]; nothing stops")
    case .optics: return FaultHandling(seenBy: lanes, mendedBy: "iteration redone after 50 ms (assumed); " + goesOn)
    case .hbmECC:
      return FaultHandling(
        seenBy: "the hardware, at once (assumed 0.1 s)",
        mendedBy: "memory remapped and masked, step redone [MC] in 0.5 s (assumed)")
    case .slowDie: return FaultHandling(seenBy: "comparison with its peers, 10 s (assumed)", mendedBy: "reported")
    case .hotDie:
      return FaultHandling(seenBy: "HBM's alarm at 95 °C", mendedBy: "clocks fall, at most to half (assumed)")
    case .hungExecutor: return FaultHandling(seenBy: "hang check, 60 s × 5 [MC]", mendedBy: reformed)
    case .dpMaster: return FaultHandling(seenBy: heartbeats, mendedBy: "attention die's restart, 10.2 s [RM]")
    case .teShell: return FaultHandling(seenBy: heartbeats, mendedBy: "started anew in 5 s (assumed)")
    case .je: return FaultHandling(seenBy: heartbeats, mendedBy: "another takes over in 5 s (assumed)")
    case .kvStall:
      return FaultHandling(
        seenBy: "link probes [XDS], three of a second lost (assumed)",
        mendedBy: "KV takes other ways; transfers are sent anew")
    case .surge: return FaultHandling(seenBy: "nobody: load, not a failure", mendedBy: "admission and backpressure")
    case .popularityShift:
      return FaultHandling(seenBy: "nobody: load, not a failure", mendedBy: "the next balancing, within 60 s [XDS]")
    case .longFlood: return FaultHandling(seenBy: "nobody: load, not a failure", mendedBy: "prefill in parts [XDS]")
    case .jitter: return FaultHandling(seenBy: "comparison with its peers, 10 s (assumed)", mendedBy: "reported")
    }
  }
}
