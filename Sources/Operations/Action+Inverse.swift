public import SuperPod

extension Action {
  /// What brings the configuration back, to be done in this order; none where nothing does (`canBeUndone`).
  ///
  /// - Parameters:
  ///   - configuration: As it was before the action.
  ///   - headrooms: Those with which the action was planned.
  ///   - present: As it is when it is undone; nil for right after the action.
  /// - Throws: Why the action could not have been done.
  public func inverse(
    given configuration: Configuration, headrooms: [Place.Executor: Double] = [:], now present: Configuration? = nil
  ) throws(Refusal) -> [Action] {
    let after = try applied(to: configuration, headrooms: headrooms)
    switch self {
    case .pd(let shift):
      let moves = try ServerMove.moves(of: shift, in: configuration, headrooms: headrooms)
      return Self.back(moves, from: present ?? after)
    case .eplb:
      return Self.back(configuration, after) { old, new in
        var actions: [Action] = []
        if old.interval != new.interval { actions.append(.eplb(.every(old.interval), of: old.executor)) }
        // Setting an interval switches on, then and now: what was off goes off last.
        if old.balances != new.balances {
          actions.append(.eplb(old.balances ? .on : .off, of: old.executor))
        }
        return actions
      }
    case .balance:
      return Self.back(configuration, after) { old, new in
        old.choice == new.choice ? [] : [.balance(old.choice, of: old.executor)]
      }
    case .batch:
      return Self.back(configuration, after) { old, new in
        old.batch == new.batch ? [] : [.batch(old.batch, of: old.executor)]
      }
    case .mtp:
      return Self.back(configuration, after) { old, new in
        old.draftLayers == new.draftLayers ? [] : [.mtp(old.draftLayers, of: old.executor)]
      }
    case .scale(let executor, _):
      guard let index = configuration.index(of: executor) else { return [] }
      return [.scale(executor, expertParallel: configuration.executors[index].expertParallel)]
    case .drain(let place): return [.undrain(place)]
    case .undrain(let place): return [.drain(place)]
    case .jitter(let measure, let on): return [.jitter(measure, on: !on)]
    case .recovery: return [.recovery(configuration.recovery)]
    case .admit: return [.admit(configuration.admit)]
    case .isolate: return [.isolate(configuration.isolate)]
    case .traffic: return [.traffic(factor: configuration.traffic)]
    case .inject(let injection): return [.clear(injection.fault, at: injection.place)]
    case .reshard, .restart, .undo, .clear: return []
    }
  }

  /// The shifts that send servers back.
  private static func back(_ moves: [ServerMove], from present: Configuration) -> [Action] {
    var configuration = present
    return moves.reversed().map { move in
      let back = ServerMove(servers: move.servers, from: move.to, to: move.from)
      configuration = configuration.applying([back])
      guard case .executor(let taker) = back.to else {
        // To spare there is no word but the ratio.
        let aim = ServerShift.Aim.ratio(
          prefill: configuration.servers(prefill: true), decode: configuration.servers(prefill: false))
        return .pd(ServerShift(aim, from: back.from, to: .spare))
      }
      return .pd(ServerShift(.more(back.servers, prefill: taker.prefills), from: back.from, to: back.to))
    }
  }

  private static func back(
    _ before: Configuration, _ after: Configuration,
    _ actions: (_ old: ExecutorSettings, _ new: ExecutorSettings) -> [Action]
  ) -> [Action] {
    zip(before.executors, after.executors).flatMap { actions($0, $1) }
  }
}
