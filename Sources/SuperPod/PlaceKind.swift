/// What kind of thing a place is; faults and actions name the kinds that they befall.
public enum PlaceKind: String, Hashable, CaseIterable, Sendable {
  case node
  case npu = "NPU"
  case die
  case cpu = "CPU"
  case l1 = "L1 switch"
  case subPlane = "sub-plane"
  case l2 = "L2 switch"
  case dieLink = "die–L1 link"
  case uplink = "L1–L2 link"
  case roce = "RoCE port"
  case vpc = "VPC card"
  case rack
  case spare = "spare servers"
  case prefillExecutor = "prefill TE"
  case decodeExecutor = "decode TE"
  case group = "DP group"
  case expertRank = "expert rank"
  case expertSlot = "expert slot"
  case domain = "DP domain"
  case shell = "TE-shell"
  case expert
  case request
  case jobExecutor = "JE"

  /// The kind of a place.
  public init(_ part: Place.Part) {
    self =
      switch part {
      case .node: .node
      case .npu: .npu
      case .die: .die
      case .cpu: .cpu
      case .l1: .l1
      case .subPlane: .subPlane
      case .l2: .l2
      case .dieLink: .dieLink
      case .uplink: .uplink
      case .roce: .roce
      case .vpc: .vpc
      case .rack: .rack
      case .spare: .spare
      case .executor(let executor): executor.prefills ? .prefillExecutor : .decodeExecutor
      case .group: .group
      case .expertRank: .expertRank
      case .expertSlot: .expertSlot
      case .domain: .domain
      case .shell: .shell
      case .expert: .expert
      case .request: .request
      case .jobExecutor: .jobExecutor
      }
  }

  /// An id of that kind.
  public var example: String {
    switch self {
    case .node: "n17"
    case .npu: "n17.c3"
    case .die: "n17.c3.d1"
    case .cpu: "n17.cpu2"
    case .l1: "n17.sp4"
    case .subPlane: "sp4"
    case .l2: "sp4.sw9"
    case .dieLink: "n17.c3.d1.sp4"
    case .uplink: "sp4.n30.sw9"
    case .roce: "n17.c3.d1.roce"
    case .vpc: "n17.vpc"
    case .rack: "rack5"
    case .spare: "spare"
    case .prefillExecutor: "P0"
    case .decodeExecutor: "D0"
    case .group: "D0.dp17"
    case .expertRank: "D0.ep201"
    case .expertSlot: "D0.ep201.s1"
    case .domain: "D0.m2"
    case .shell: "D0.shell"
    case .expert: "L12.e201"
    case .request: "r123"
    case .jobExecutor: "JE0"
    }
  }
}

extension Place {
  /// What kind of thing it is.
  public var kind: PlaceKind { PlaceKind(part) }
}
