/// Dies that go from one engine to another.
public struct DieMove: Hashable, Sendable {
  /// Indices of the topology.
  public var dies: [Int]
  /// The engine that gives, nil for spare dies.
  public var from: String?
  /// The engine that takes, nil where they become spare.
  public var to: String?

  /// A move; see the properties.
  public init(dies: [Int], from: String?, to: String?) {
    self.dies = dies
    self.from = from
    self.to = to
  }
}
