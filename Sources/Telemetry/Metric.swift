/// What one number of a column belongs to.
///
/// The element's index is its index in the pod's `Topology` or `PodLayout`.
public enum ElementKind: UInt8, CaseIterable, Sendable {
  /// One value for the whole deployment.
  case pod
  /// A server.
  case node
  /// A die.
  case die
  /// A die–L1 link, `Topology.dieLinks` of them.
  case dieLink
  /// An L1–L2 link, `Topology.uplinks` of them.
  case uplink
  /// A task executor, in the order of `PodLayout.engines`.
  case engine
  /// A data-parallel group, in the order of `PodLayout.groups`.
  case group
  /// An XCCL primitive, in the order of `Primitive.allCases`.
  case primitive
}

/// The XCCL primitives as the model and the JSON name them.
public enum Primitive: String, CaseIterable, Sendable {
  case dispatch, combine
  case mtpDispatch = "mtp_dispatch"
  case mtpCombine = "mtp_combine"
  case a2e, e2a
  case sendRecv = "send_recv"

  /// Position in columns of kind `primitive`.
  public var index: Int {
    switch self {
    case .dispatch: 0
    case .combine: 1
    case .mtpDispatch: 2
    case .mtpCombine: 3
    case .a2e: 4
    case .e2a: 5
    case .sendRecv: 6
    }
  }
}

/// A row of the catalogue: everything that any part of Podium needs to know of a metric.
public struct Metric: Sendable {
  /// Spelling for people and files, such as `die_busy`.
  public let name: String
  /// Unit of the stored value, such as `%`, `ms`, `GB/s`; empty for a plain count.
  public let unit: String
  /// What a value belongs to.
  public let element: ElementKind
  /// Scale of ramps and gauges, fixed so that colours mean the same everywhere.
  public let range: ClosedRange<Float>
  /// Step to which recordings round.
  public let quantum: Float
  /// Digits after the point on screens.
  public let decimals: Int
  /// One sentence for tooltips and docs.
  public let help: String
  /// Name in the exposition format.
  public let prometheusName: String
  /// Why no deployment fills it yet; nil once its mechanism exists.
  public let pending: String?

  /// A row; see the properties.
  public init(
    name: String, unit: String, element: ElementKind, range: ClosedRange<Float>, quantum: Float, decimals: Int,
    help: String, prometheusName: String, pending: String? = nil
  ) {
    self.name = name
    self.unit = unit
    self.element = element
    self.range = range
    self.quantum = quantum
    self.decimals = decimals
    self.help = help
    self.prometheusName = prometheusName
    self.pending = pending
  }

  /// What a value is multiplied by to get the base unit of `prometheusName`: seconds, bytes, shares of one.
  public var prometheusScale: Double {
    switch unit {
    case "%": 0.01
    case "ms": 1e-3
    case "µs": 1e-6
    case "GB", "GB/s": 1e9
    case "TB/s": 1e12
    default: 1
    }
  }
}
