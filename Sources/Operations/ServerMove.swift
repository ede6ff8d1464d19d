public import SuperPod

/// Servers that go from one place to another, both named.
public struct ServerMove: Hashable, Sendable {
  /// How many, above zero.
  public var servers: Int
  /// Who gives.
  public var from: ServerShift.End
  /// Who takes.
  public var to: ServerShift.End

  /// A move.
  public init(servers: Int, from: ServerShift.End, to: ServerShift.End) {
    self.servers = servers
    self.from = from
    self.to = to
  }

  /// The moves that a shift means in a configuration.
  ///
  /// - Parameter headrooms: How far each TE is from its SLO, as a share of it; a TE without a number counts as 0. An
  ///   unnamed giver is the TE with most headroom (the next when that one has no server left), the taker the one with
  ///   least, ties to the lower id.
  /// - Throws: What stands against it, with the nearest that works.
  public static func moves(
    of shift: ServerShift, in configuration: Configuration, headrooms: [Place.Executor: Double] = [:]
  ) throws(Refusal) -> [ServerMove] {
    let moves = ServerMoves(configuration: configuration, headrooms: headrooms, shift: shift)
    do throws(Refusal) {
      return try moves.moves()
    } catch {
      throw Refusal(error.reason, nearest: moves.changesNothing ? nil : moves.nearest())
    }
  }
}

extension Configuration {
  /// The configuration after servers moved.
  func applying(_ moves: [ServerMove]) -> Configuration {
    var after = self
    for move in moves {
      after.change(move.from, by: -move.servers)
      after.change(move.to, by: move.servers)
    }
    return after
  }

  private mutating func change(_ end: ServerShift.End, by servers: Int) {
    switch end {
    case .spare: spare += servers
    case .executor(let executor):
      guard let index = index(of: executor) else { return }
      executors[index].take(servers, diesPerServer: diesPerServer)
    }
  }
}
