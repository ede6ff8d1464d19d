import SuperPod
import Telemetry

extension Simulation {
  /// Prompt tokens that a running request weighs in the choice of a mixed engine (assumption: its rows and KV lengthen
  /// iterations about so much while a prompt is prefilled).
  static let runningWeight = 50.0

  /// Engines report their loads to the job executor, and will again.
  mutating func reportLoads() {
    guard !prefill.isEmpty else { return }
    for index in prefill.indices { reports.report(prefill[index].pendingWork, ofPrefill: index) }
    for index in decode.indices { reports.report(decode[index].load, ofDecode: index) }
    schedule(.loadReport, at: now + LoadReports.interval)
  }

  /// The decode engine with the lightest load as far as the job executor knows; ties go to the lower index.
  var reportedLightestDecode: Int {
    var engine = 0
    var least = Double.infinity
    for index in decode.indices {
      // A stopped engine, or one that KV does not reach, is known to be so only after somebody noticed; its load
      // report looks the same until then.
      let load = reports.decode[index] + (isKnownDown(index) || probes.isCutOff[prefill.count + index] ? 1e6 : 0)
      if load < least {
        least = load
        engine = index
      }
    }
    return engine
  }

  /// Sets prefill engines aside for prompts of at least so many tokens, or gives them back.
  ///
  /// A quarter of the engines, the last ones, take the long prompts and nothing else (assumption); one engine alone is
  /// not divided.
  public mutating func isolate(promptsFrom tokens: Int32?) {
    isolatedPrompt = tokens
    say(
      .normal, "",
      tokens.map { "prompts from \($0) tokens on have prefill engines of their own" }
        ?? "prompts share all prefill engines")
  }

  /// Prefill engines that take a prompt of so many tokens.
  private func eligible(_ prompt: Int32) -> Range<Int> {
    guard let isolatedPrompt, prefill.count > 1 else { return prefill.indices }
    let first = prefill.count - max(1, prefill.count / 4)
    return prompt >= isolatedPrompt ? first..<prefill.count : 0..<first
  }

  /// The prefill engine that would have a prompt done first.
  ///
  /// By what is cached of it, what the engine has to do as far as is known, and the prompt's length. Ties go to the
  /// lower index; engines of the older scheduler take turns.
  mutating func routePrefill(_ id: Int) -> Int {
    let range = eligible(requests.prompt[id])
    if prefill[range.lowerBound].spec.scheduler == .twoLevel {
      for _ in range {
        reports.turn += 1
        let index = range.lowerBound + reports.turn % range.count
        guard !prefill[index].hosts.isEmpty, !prefill[index].isLeaving else { continue }
        if !isKnownStopped(index) && !probes.isCutOff[index] { return index }
      }
    }
    var best = range.lowerBound
    var least = Int64.max
    // Engines alike have alike work with a prompt: a large pod has hundreds of them, so that nothing of an engine itself
    // is read here.
    var known: (kind: Int32, all: Int32, pooled: Int32, own: Int64)?
    let plain = caches.isEmpty ? cachedTokens(id, engine: range.lowerBound) : nil
    for index in range where routes[index].groups > 0 {
      let hits = plain ?? cachedTokens(id, engine: index)
      let route = routes[index]
      // Most have more work before them than the best so far: that is told without a division.
      if plain != nil, let known, known.kind == route.kind, least < Int64.max,
        reports.prefill[index] >= (least - known.own) * Int64(route.groups)
      {
        continue
      }
      let own: Int64
      if let known, known.all == hits.all, known.pooled == hits.pooled, known.kind == route.kind {
        own = known.own
      } else {
        own = Int64(ownWork(id, engine: index, all: hits.all, pooled: hits.pooled) * 1000)
        known = (route.kind, hits.all, hits.pooled, own)
      }
      let score =
        reports.prefill[index] / Int64(route.groups) + own
        + ((route.stopped && isKnownStopped(index)) || probes.isCutOff[index]
          ? 1 << 50 : route.leaving ? 1 << 49 : 0)
      if score < least {
        least = score
        best = index
      }
    }
    return best
  }

  /// Takes over what routing has to know of a prefill engine, after it changed.
  mutating func reroute(_ index: Int) {
    let (spec, hosts) = (prefill[index].spec, prefill[index].hosts.count)
    let kind = prefill.firstIndex { $0.spec == spec } ?? index
    routes[index] = PrefillRoute(
      groups: hosts > 0 ? Int32(spec.dataParallel) : 0, kind: Int32(kind), stopped: prefill[index].stopped,
      leaving: prefill[index].isLeaving)
  }

  /// Work that a prompt is for a prefill engine after its hits, microseconds.
  private func ownWork(_ id: Int, engine: Int, all: Int32, pooled: Int32) -> Double {
    let costs = prefill[engine].costs
    return costs.planned(tokens: Double(requests.prompt[id] - all), before: Double(all))
      + costs.reuse(cached: Double(all), pooled: Double(pooled))
  }

  /// The mixed engine that would have a prompt done first: by what it has cached of it, its prompts and its load.
  ///
  /// An engine without room is taken only where none has room; ties go to the lower index.
  func routeMixed(_ id: Int) -> Int {
    var best = 0
    var least = Double.infinity
    let tokens = estimate(id)
    for index in decode.indices {
      let fresh = requests.prompt[id] - cachedTokens(id, engine: index).all
      let dies = Double(decode[index].dies)
      var score =
        Double(fresh) + Double(pendingPrompts[index]) / dies + Self.runningWeight * Double(decode[index].running) / dies
      if isKnownDown(index) { score += 1e10 }
      if !decode[index].deferred.isEmpty || decode[index].choose(tokens: tokens) == nil { score += 1e9 }
      if score < least {
        least = score
        best = index
      }
    }
    return best
  }
}

/// What routing has to know of a prefill engine beside its reports.
struct PrefillRoute: Hashable, Sendable {
  /// Its DP groups, none without dies.
  var groups: Int32 = 0
  /// The same for engines alike.
  var kind: Int32 = 0
  var stopped = false
  /// Some of its dies are to leave it.
  var leaving = false
}
