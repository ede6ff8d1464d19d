extension ActionName {
  /// Its form, as help writes it.
  public var syntax: String {
    switch self {
    case .pd: "pd 16:30|+2d|+1p [from P7|D1|spare] [to D1|P7|spare]"
    case .reshard: "reshard [D0] [layers 3-60] [budget 64] [policy podium|eplb]"
    case .eplb: "eplb on|off|every 60s [D0]"
    case .scale: "scale D0 ep 256"
    case .drain: "drain PLACE"
    case .undrain: "undrain PLACE"
    case .restart: "restart PLACE"
    case .balance: "balance kv|round-robin|least-requests [D0]"
    case .batch: "batch 60 [D0]"
    case .mtp: "mtp 0|1|2 [D0]"
    case .jitter: "jitter pin|graph|gc on|off"
    case .recovery: "recovery 1|2|3"
    case .admit: "admit 120/s|off"
    case .isolate: "isolate long 32k|off"
    case .undo: "undo [N]"
    case .traffic: "traffic x2 [for 5m]"
    case .inject: "inject FAULT [at PLACE] [by X] [for T]"
    case .clear: "clear FAULT [at PLACE]"
    }
  }

  /// What it does, in one sentence.
  public var help: String {
    switch self {
    case .pd: "Move servers between prefill, decode and spare; the plan names giver and taker."
    case .reshard: "Balance experts now, while serving."
    case .eplb: "Balance experts by itself at an interval, or stop that."
    case .scale: "Grow or shrink a decode TE to a number of expert ranks."
    case .drain: "Take a die, an NPU, a node, a link, a sub-plane or a switch out of service."
    case .undrain: "Take back into service what was drained."
    case .restart: "Start a die, an executor or a TE anew."
    case .balance: "How decode chooses the DP group of a request."
    case .batch: "The most requests that a die decodes at once."
    case .mtp: "Draft layers of decode."
    case .jitter: "Pinned cores, cached graph guards, garbage collection by hand: each on or off."
    case .recovery: "Restart everything (1), fail over apart (2), roll back or mask finely (3)."
    case .admit: "Limit the requests that are let in."
    case .isolate: "Give long inputs resources of their own."
    case .undo: "Do the inverse of an entry of the audit log, of the last if none is named."
    case .traffic: "Multiply the load, for a time if one is given."
    case .inject: "Make something fail."
    case .clear: "End a fault, everywhere if no place is named."
    }
  }
}
