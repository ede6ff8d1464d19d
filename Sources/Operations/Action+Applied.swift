public import SuperPod
import Words

extension Action {
  /// Why it cannot be done now, with the nearest that can; nil if it can.
  public func refusal(in configuration: Configuration, headrooms: [Place.Executor: Double] = [:]) -> Refusal? {
    do throws(Refusal) {
      _ = try applied(to: configuration, headrooms: headrooms)
      return nil
    } catch {
      return error
    }
  }

  /// What is meant to be configured after it; `undo` is resolved by who keeps the audit log and changes nothing here.
  ///
  /// - Parameter headrooms: See `ServerMove.moves`.
  /// - Throws: What stands against it, with the nearest that works.
  public func applied(
    to configuration: Configuration, headrooms: [Place.Executor: Double] = [:]
  ) throws(Refusal) -> Configuration {
    var after = configuration
    switch self {
    case .pd(let shift):
      return configuration.applying(try ServerMove.moves(of: shift, in: configuration, headrooms: headrooms))
    case .reshard(let reshard): try check(reshard, in: configuration)
    case .eplb(let state, let executor):
      try after.settle(executor) {
        switch state {
        case .on: $0.balances = true
        case .off: $0.balances = false
        case .every(let interval):
          $0.balances = true
          $0.interval = interval
        }
      }
    case .scale(let executor, let ranks): try after.scale(executor, to: ranks)
    case .drain(let place):
      if let holder = configuration.drained.first(holding: place) {
        throw Refusal("\(place) is out of service already" + (holder == place ? "" : ", with \(holder)"))
      }
      after.drained.insert(place)
    case .undrain(let place):
      if let holder = configuration.drained.subtracting([place]).first(holding: place) {
        throw Refusal(
          "\(place) is out of service with \(holder)", nearest: Action.undrain(holder).ifPossible(in: configuration))
      }
      guard after.drained.remove(place) != nil else {
        let known = configuration.drained.map(\.description).sorted()
        let nearest = NearestWord(known: known)(to: place.description)
        throw Refusal(
          "\(place) was not taken out of service",
          nearest: configuration.drained.first { $0.description == nearest }.flatMap {
            Action.undrain($0).ifPossible(in: configuration)
          })
      }
    case .restart(let place):
      if let executor = place.owner { _ = try configuration.serving(executor) }
    case .balance(let choice, let executor): try after.settle(executor) { $0.choice = choice }
    case .batch(let limit, let executor): try after.settle(executor) { $0.batch = limit }
    case .mtp(let layers, let executor):
      for settings in configuration.meant(executor) where layers > settings.mostDraftLayers {
        throw Refusal(
          "the model of \(settings.executor) has \(settings.mostDraftLayers) draft layers",
          nearest: Action.mtp(settings.mostDraftLayers, of: executor).ifPossible(in: configuration))
      }
      try after.settle(executor) { $0.draftLayers = layers }
    case .jitter(let measure, let on):
      if on { after.jitterMeasures.insert(measure) } else { after.jitterMeasures.remove(measure) }
      try refuseSame(after, configuration)
    case .recovery(let stage):
      after.recovery = stage
      try refuseSame(after, configuration)
    case .admit(let rate):
      after.admit = rate
      try refuseSame(after, configuration)
    case .isolate(let length):
      after.isolate = length
      try refuseSame(after, configuration)
    case .undo: break
    case .traffic(let factor, _):
      after.traffic = factor
      try refuseSame(after, configuration)
    case .inject(let injection):
      guard !configuration.faults.contains(where: { $0.fault == injection.fault && $0.place == injection.place })
      else { throw Refusal("\(injection.fault)\(injection.place.map { " at \($0)" } ?? "") goes on already") }
      after.faults.append(injection)
    case .clear(let fault, let place):
      after.faults.removeAll { $0.fault == fault && (place == nil || $0.place == place) }
      guard after.faults.count < configuration.faults.count else {
        let elsewhere = configuration.faults.first { $0.fault == fault } ?? configuration.faults.first
        throw Refusal(
          "\(fault)\(place.map { " at \($0)" } ?? "") does not go on",
          nearest: elsewhere.map { .clear($0.fault, at: $0.place) })
      }
    }
    return after
  }

  /// Itself, as advice, if it can be done.
  private func ifPossible(in configuration: Configuration) -> Action? {
    refusal(in: configuration) == nil ? self : nil
  }

  private func refuseSame(_ after: Configuration, _ before: Configuration) throws(Refusal) {
    if after == before { throw Refusal("it is so already") }
  }

  private func check(_ reshard: Reshard, in configuration: Configuration) throws(Refusal) {
    if let executor = reshard.executor { _ = try configuration.serving(executor) }
    let meant = configuration.meant(reshard.executor)
    guard !meant.isEmpty else { throw Refusal("there is no decode TE") }
    guard let layers = reshard.layers else { return }
    for settings in meant where layers.clamped(to: settings.expertLayers) != layers {
      var nearest: Action?
      if layers.overlaps(settings.expertLayers) {
        var clamped = reshard
        clamped.layers = layers.clamped(to: settings.expertLayers)
        nearest = Action.reshard(clamped).ifPossible(in: configuration)
      }
      let has = "\(settings.expertLayers.lowerBound) to \(settings.expertLayers.upperBound)"
      throw Refusal("the layers with experts of \(settings.executor) are \(has)", nearest: nearest)
    }
  }
}

extension Set<Place> {
  /// The place that holds another, the first by its spelling so that every run names the same.
  fileprivate func first(holding place: Place) -> Place? {
    filter { $0.holds(place) }.min { $0.description < $1.description }
  }
}

extension Configuration {
  /// The decode TEs that are meant: one, or every one.
  fileprivate func meant(_ executor: Place.Executor?) -> [ExecutorSettings] {
    executors.filter { executor == nil ? !$0.executor.prefills : $0.executor == executor }
  }

  /// A TE that has servers.
  fileprivate func serving(_ executor: Place.Executor) throws(Refusal) -> Int {
    guard let index = index(of: executor) else {
      let known = executors.filter { $0.executor.prefills == executor.prefills }.map { "\($0.executor)" }
      throw Refusal("there is no \(executor); there is \(known.asAlternatives)")
    }
    guard executors[index].servers > 0 else { throw Refusal("\(executor) has no servers") }
    return index
  }

  /// Changes settings of one decode TE, or of every one; nothing new is refused.
  fileprivate mutating func settle(
    _ executor: Place.Executor?, _ change: (inout ExecutorSettings) -> Void
  ) throws(Refusal) {
    let before = self
    if let executor {
      change(&executors[try serving(executor)])
    } else {
      let decode = executors.indices.filter { !executors[$0].executor.prefills }
      guard !decode.isEmpty else { throw Refusal("there is no decode TE") }
      for index in decode { change(&executors[index]) }
    }
    guard self != before else { throw Refusal("it is so already") }
  }

  fileprivate mutating func scale(_ executor: Place.Executor, to ranks: Int) throws(Refusal) {
    let index = try serving(executor)
    let settings = executors[index]
    let old = settings.expertParallel
    guard ranks != old else { throw Refusal("\(executor) has \(old) expert ranks already") }
    // What can be reached in whole servers, with what is spare, keeping one.
    let reach = (-(settings.servers - 1)...max(spare, 0)).map { old + $0 * diesPerServer }
    let possible = reach.filter { $0 > 0 && $0 != old && settings.takes($0) }
    guard possible.contains(ranks) else {
      let nearest = possible.min { abs($0 - ranks) < abs($1 - ranks) }
      let reason =
        !settings.takes(ranks)
        ? "\(executor) cannot stand on \(ranks) expert ranks"
        : (ranks - old) % diesPerServer != 0
          ? "\(ranks) expert ranks are no whole servers of \(diesPerServer) dies more or fewer than \(old)"
          : ranks > old
            ? "\(ranks) expert ranks need \((ranks - old) / diesPerServer) spare servers and there are \(spare)"
            : "\(executor) must keep a server"
      throw Refusal(reason, nearest: nearest.map { .scale(executor, expertParallel: $0) })
    }
    let more = (ranks - old) / diesPerServer
    executors[index].servers += more
    executors[index].expertParallel = ranks
    spare -= more
  }
}
