/// Anything that has an id: a part of the machine, of the serving system, or of the load.
///
/// `description` is the one spelling (zero-based, no padding); `init(_:in:)` reads it back, padded or in other case too.
public struct Place: Hashable, Sendable {
  /// Which pod of a fleet, nil where there is one.
  public var pod: Int?
  /// What it is in that pod.
  public var part: Part

  /// A place.
  public init(_ part: Part, pod: Int? = nil) {
    self.pod = pod
    self.part = part
  }

  /// A task executor's name: `P0`, `D1`.
  public struct Executor: Hashable, Sendable {
    /// Whether it prefills or decodes.
    public var prefills: Bool
    /// Its number among its kind.
    public var number: Int

    /// A name.
    public init(prefills: Bool, number: Int) {
      self.prefills = prefills
      self.number = number
    }
  }

  /// Everything that has an id; numbers count within the part before.
  public enum Part: Hashable, Sendable {
    /// `n17`
    case node(Int)
    /// `n17.c3`
    case npu(node: Int, npu: Int)
    /// `n17.c3.d1`
    case die(node: Int, npu: Int, die: Int)
    /// `n17.cpu2`
    case cpu(node: Int, cpu: Int)
    /// `n17.sp4`, the L1 switch of a sub-plane in a node.
    case l1(node: Int, subPlane: Int)
    /// `sp4`
    case subPlane(Int)
    /// `sp4.sw9`
    case l2(subPlane: Int, number: Int)
    /// `n17.c3.d1.sp4`, with `:up` or `:down` one direction of it.
    case dieLink(node: Int, npu: Int, die: Int, subPlane: Int, Direction?)
    /// `sp4.n30.sw9`, with `:up` or `:down` one direction of it.
    case uplink(subPlane: Int, node: Int, number: Int, Direction?)
    /// `n17.c3.d1.roce`
    case roce(node: Int, npu: Int, die: Int, Direction?)
    /// `n17.vpc`
    case vpc(node: Int, Direction?)
    /// `rack5`
    case rack(Int)
    /// `spare`, the servers that no executor has.
    case spare
    /// `P0`, `D0`
    case executor(Executor)
    /// `D0.dp17`
    case group(Executor, Int)
    /// `D0.ep201`, a die as host of experts.
    case expertRank(Executor, Int)
    /// `D0.ep201.s1`
    case expertSlot(Executor, rank: Int, slot: Int)
    /// `D0.m2`, a DP domain of the split layout.
    case domain(Executor, Int)
    /// `D0.shell`
    case shell(Executor)
    /// `L12.e201`
    case expert(layer: Int, expert: Int)
    /// `r123`
    case request(Int)
    /// `JE0`
    case jobExecutor(Int)
  }
}

/// Text that is no place, or none of this pod.
public struct PlaceProblem: Error, Hashable, Sendable {
  /// A sentence: what is wrong and what is accepted.
  public let message: String

  /// A problem.
  public init(message: String) { self.message = message }
}
