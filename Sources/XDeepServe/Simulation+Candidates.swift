import Operations
import SuperPod
import Words

// What an operator might do now: what a search for suggestions tries out.
extension Simulation {
  /// Imbalance of ranks from which moving experts is thought of (assumption).
  private static let unevenRanks: Float = 1.25

  /// Actions that are possible now and may be of use, the mildest first; of server moves one size each way.
  var candidates: [Action] {
    let now = configuration
    var actions: [Action] = []
    let decodes = now.executors.filter { !$0.executor.prefills }
    if decode.contains(where: { $0.imbalance > Self.unevenRanks }) {
      actions.append(.reshard(Reshard()))
      actions.append(.eplb(decodes.contains { !$0.balances } ? .on : .every(DurationAmount(seconds: 30))))
    }
    if decodes.contains(where: { $0.choice != .kv }) { actions.append(.balance(.kv)) }
    for measure in JitterMeasure.allCases where !now.jitterMeasures.contains(measure) {
      actions.append(.jitter(measure, on: true))
    }
    if let limit = decodes.map(\.batch).max() {
      actions.append(.batch(max(1, limit * 3 / 4)))
      actions.append(.batch(min(1024, limit * 5 / 4)))
    }
    if let layers = decodes.map(\.draftLayers).max() {
      for other in 0...2 where other != layers { actions.append(.mtp(other)) }
    }
    if now.admit != nil { actions.append(.admit(nil)) }
    for place in takenOut { actions.append(.undrain(place)) }
    for incident in incidents where incident.ended == nil && incident.detected != nil {
      guard let place = incident.injection.place else { continue }
      switch incident.injection.fault {
      case .slowDie, .hotDie: actions.append(.drain(place))
      case .hungExecutor, .dpMaster: actions.append(.restart(place))
      default: break
      }
    }
    for prefill in [true, false] { actions += Self.shifts(prefill: prefill, servers: 2, spare: now.spare) }
    if let rate = admissibleRate { actions.append(.admit(RateAmount(perSecond: rate))) }
    return actions.filter(isPossible)
  }

  /// Shifts of so many servers to a side: from spare ones where there are any, else from the other side.
  static func shifts(prefill: Bool, servers: Int, spare: Int) -> [Action] {
    let across = Action.pd(ServerShift(.more(servers, prefill: prefill)))
    guard spare > 0 else { return [across] }
    return [.pd(ServerShift(.more(min(servers, spare), prefill: prefill), from: .spare)), across]
  }

  /// A limit a tenth below what comes; nil where nothing is known of it.
  private var admissibleRate: Double? {
    guard let rate = scenario.workload.rate(at: now), admitLimit == nil else { return nil }
    return max(1, (rate * loadFactor * 0.9).rounded())
  }

  /// Whether an action would be carried out.
  func isPossible(_ action: Action) -> Bool {
    var copy = self
    do throws(ActionRefusal) { try copy.perform(action) } catch { return false }
    return true
  }
}
