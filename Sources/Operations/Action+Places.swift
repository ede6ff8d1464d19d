public import SuperPod

extension Action {
  /// Every place that it names, TEs too, as it names them.
  public var places: [Place] {
    func named(_ executor: Place.Executor?) -> [Place] { executor.map { [Place(.executor($0))] } ?? [] }
    switch self {
    case .pd(let shift):
      return [shift.from, shift.to].compactMap { $0 }.map { end in
        switch end {
        case .executor(let executor): Place(.executor(executor))
        case .spare: Place(.spare)
        }
      }
    case .reshard(let reshard): return named(reshard.executor)
    case .eplb(_, let executor), .balance(_, let executor), .batch(_, let executor), .mtp(_, let executor):
      return named(executor)
    case .scale(let executor, _): return named(executor)
    case .drain(let place), .undrain(let place), .restart(let place): return [place]
    case .inject(let injection): return injection.place.map { [$0] } ?? []
    case .clear(_, let place): return place.map { [$0] } ?? []
    case .jitter, .recovery, .admit, .isolate, .undo, .traffic: return []
    }
  }
}
