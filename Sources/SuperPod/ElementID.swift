/// An index of one kind of element of a pod, wrapped so that indices of two kinds cannot be swapped.
public protocol ElementID: RawRepresentable, Hashable, Comparable, Sendable where RawValue == Int {
  /// Wraps an index.
  init(rawValue: Int)
}

extension ElementID {
  /// Wraps an index.
  public init(_ index: Int) { self.init(rawValue: index) }

  /// By index.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A server, 0 to `Topology.nodes`.
public struct NodeID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// An NPU of the pod, node by node.
public struct NPUID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A die of the pod, node by node, NPU by NPU.
public struct DieID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A CPU of the pod, node by node.
public struct CPUID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A UB sub-plane.
public struct SubPlaneID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// An L1 switch chip of the pod, node by node; its place in the node is its sub-plane.
public struct L1ID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// An L2 switch of the pod, sub-plane by sub-plane.
public struct L2ID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A link of the UB fabric: first all die–L1 links, then all L1–L2 links, each in the order of `Topology`.
public struct LinkID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}

/// A compute rack.
public struct RackID: ElementID {
  /// The index.
  public let rawValue: Int
  /// Wraps an index.
  public init(rawValue: Int) { self.rawValue = rawValue }
}
