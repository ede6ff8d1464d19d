import Deployments
import Operations
import SuperPod
import Telemetry

/// An action that is looked at before it is done: its preview grows while an operator decides.
struct Plan: Sendable {
  /// The buttons of a preview, in the order of Tab.
  enum Button: Int, Hashable, CaseIterable, Sendable {
    /// Nothing is done.
    case cancel
    /// Back to the command line with the action.
    case adjust
    /// Does it; where it cannot be done, looks at the nearest that can.
    case run
  }

  /// Horizons that the key goes through, seconds; nil is the action's own.
  static let horizons: [Int?] = [nil, 30, 60, 120, 300, 600]
  /// Numbers of futures that the key goes through.
  static let seedCounts = [5, 9, 1, 3]

  /// What is asked of the rehearsal.
  var request: PreviewRequest
  /// The entry of the audit log that it undoes, nil for none.
  var undoes: Int?
  /// What that entry is to the deployment.
  var performed: Int?
  /// How far the rehearsal has come, nil before its first second.
  private(set) var preview: Preview?
  /// Why it cannot be done, nil where it can as far as anybody knows.
  var refusal: Refusal?
  /// Whether time goes on while it is looked at, since somebody let it.
  var letsTimeRun = false
  /// The button that Enter presses.
  var focus = Button.cancel
  /// What the charts show.
  private(set) var curves: [ForecastCurves] = []
  /// What the last seconds before it brought.
  private(set) var before = Outlook()

  /// A plan whose rehearsal begins.
  init(request: PreviewRequest, undoes: AuditRecord? = nil, refusal: Refusal? = nil) {
    self.request = request
    self.undoes = undoes?.entry.number
    performed = undoes?.performed
    self.refusal = refusal
  }

  /// The action as the audit log spells it: an undoing names an entry of the log.
  var action: Action { undoes.map { .undo($0) } ?? request.action }

  /// Whether it can be run: nothing stands against it.
  var canRun: Bool { refusal == nil }

  /// The buttons that can be pressed.
  var buttons: [Button] { canRun || refusal?.nearest != nil ? Button.allCases : [.cancel, .adjust] }

  /// Moves the focus; it goes round.
  mutating func moveFocus(_ step: Int) {
    let buttons = buttons
    let index = buttons.firstIndex(of: focus) ?? 0
    focus = buttons[(index + step + buttons.count) % buttons.count]
  }

  /// Takes how far the rehearsal has come; what belongs to another request is left.
  mutating func take(_ new: Preview, service: ServiceRecord) {
    guard new.request == request else { return }
    preview = new
    if let reason = new.refusal, refusal == nil {
      // The nearest has a line of its own.
      let tail = new.nearest.map { "; the nearest that works is `\($0)`" } ?? ""
      refusal = Refusal(reason.hasSuffix(tail) ? String(reason.dropLast(tail.count)) : reason, nearest: new.nearest)
      focus = .cancel
    }
    let past = service.between(new.time - 60_000_000_000, new.time)
    before = past.reduce(Outlook(), +)
    curves = Futures.Measure.charted.enumerated().map { index, measure in
      ForecastCurves(
        measure, past: past, futures: new.futures, scale: index < curves.count ? curves[index].scale : nil)
    }
  }

  /// Seconds ahead that are foreseen so far: those of the first future, until it is whole.
  var foreseen: Int {
    guard let futures = preview?.futures else { return 0 }
    return futures.finished > 0 ? futures.horizon : futures.with.first?.count ?? 0
  }

  /// The seconds that the table speaks of: a long horizon's last thirty, when the action is through.
  var stretch: Range<Int> { Futures.settled(foreseen) }

  /// Begins anew with another horizon or number of futures.
  mutating func restart(number: Int, seeds: Int? = nil, horizon: Int?? = nil) {
    request.number = number
    if let seeds { request.seeds = seeds }
    if let horizon { request.horizon = horizon }
    preview = nil
    curves = []
    focus = .cancel
  }

  /// What the audit log keeps of the prediction: each measure over the stretch.
  var forecasts: [AuditEntry.Forecast] {
    guard let futures = preview?.futures else { return [] }
    return Futures.Measure.charted.compactMap { measure in
      guard let figure = futures.figure(measure, seconds: stretch) else { return nil }
      // One future has no band: nothing would lie within it.
      let hasBand = futures.finished >= 2
      return AuditEntry.Forecast(
        metric: measure.auditName, before: measure.value(before), after: figure.with,
        low: hasBand ? figure.low : nil, high: hasBand ? figure.high : nil)
    }
  }

  /// Tells this plan from any other: FNV-1a of the action, the moment and what was foreseen.
  var digest: UInt64 {
    var text = "\(action)|\(preview?.time ?? 0)|\(request.seeds)"
    for forecast in forecasts { text += "|\(forecast.metric) \(forecast.after ?? 0)" }
    return text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  /// The action with both ends named, where the rehearsal knows them: what is carried out is what was looked at.
  var named: Action {
    guard case .pd(var shift) = action, let moves = preview?.moves, moves.count == 1, let move = moves.first else {
      return action
    }
    func end(_ id: String?) -> ServerShift.End? {
      guard let id else { return .spare }
      guard case .executor(let executor)? = (try? Place(id))?.part else { return nil }
      return .executor(executor)
    }
    shift.from = shift.from ?? end(move.from)
    shift.to = shift.to ?? end(move.to)
    return .pd(shift)
  }
}

extension Futures.Measure {
  /// As screens name it, with its unit.
  var title: (name: String, unit: String) {
    switch self {
    case .ttftP99: ("TTFT p99", "s")
    case .ttftP50: ("TTFT p50", "s")
    case .ttft: ("TTFT mean", "s")
    case .tpotP99: ("TPOT p99", "ms")
    case .tpotP50: ("TPOT p50", "ms")
    case .tpot: ("TPOT mean", "ms")
    case .throughput: ("output", "ktok/s")
    case .goodput: ("goodput", "req/s")
    case .waiting: ("waiting", "req")
    }
  }

  /// What turns a value into its unit on the screen.
  var scale: Double {
    switch self {
    case .ttft, .ttftP50, .ttftP99, .throughput: 0.001
    default: 1
    }
  }

  /// Digits after the point on the screen.
  var digits: Int {
    switch self {
    case .ttft, .ttftP50, .ttftP99: 2
    case .waiting: 0
    default: 1
    }
  }
}
