import Operations
public import Telemetry
import Words

/// Keeps the audit log: what was ordered, what came of it, and, when the seconds of its prediction have passed, what
/// came in truth.
public struct AuditKeeper: Sendable {
  /// Every entry that is known, oldest first.
  public private(set) var records: [AuditRecord]
  /// Why the log cannot be written, nil where it can.
  public private(set) var problem: String?

  private let file: AuditFile?
  private var open: [Open] = []
  private var lastNumber: Int

  /// An action whose end, or whose real effect, is still to come.
  private struct Open: Sendable {
    var number: Int
    var order: Order
    var performed: Int?
    var time: Int64
    var isMeasured: Bool
    var hasEnded: Bool
  }

  /// A keeper of a log; without a file it remembers only.
  public init(file: AuditFile?) {
    self.file = file
    records = (file?.entries() ?? []).map { AuditRecord(entry: $0, isOfThisRun: false) }
    lastNumber = records.map(\.entry.number).max() ?? 0
  }

  /// Takes down what came of an order.
  public mutating func note(_ result: OrderResult) {
    // Another console may have written since.
    lastNumber = max(lastNumber, file?.entries().map(\.number).max() ?? 0) + 1
    let order = result.order
    let entry = AuditEntry(
      number: lastNumber, time: DurationAmount(nanoseconds: result.time), who: order.who, action: order.action,
      plan: order.plan, prediction: order.prediction, outcome: result.refusal == nil ? .begun : .refused,
      note: result.refusal ?? "", undoes: order.undoes)
    records.append(AuditRecord(entry: entry, performed: result.performed, inverse: result.inverse))
    write(entry)
    guard result.refusal == nil else { return }
    if let undone = order.undoes, let place = records.lastIndex(where: { $0.entry.number == undone }) {
      records[place].undoneBy = lastNumber
    }
    open.append(
      Open(
        number: lastNumber, order: order, performed: result.performed, time: result.time,
        isMeasured: order.prediction.isEmpty, hasEnded: false))
  }

  /// Looks whether actions have ended and their predictions' seconds have passed.
  ///
  /// - Returns: Whether an entry changed.
  public mutating func follow(_ frame: Frame, _ service: ServiceRecord) -> Bool {
    var changed = false
    for index in open.indices {
      let pending = open[index]
      guard let place = records.lastIndex(where: { $0.entry.number == pending.number }) else { continue }
      if !pending.isMeasured, service.newest >= pending.time + Int64(pending.order.horizon) * 1_000_000_000 {
        measure(place, pending, service)
        open[index].isMeasured = true
        changed = true
      }
      if !pending.hasEnded, let (outcome, note) = Self.end(of: pending, frame) {
        records[place].entry.end(outcome, note: note)
        open[index].hasEnded = true
        changed = true
        write(records[place].entry)
      } else if pending.isMeasured != open[index].isMeasured, open[index].hasEnded {
        write(records[place].entry)
      }
    }
    open.removeAll { $0.isMeasured && $0.hasEnded }
    return changed
  }

  /// How an action ended; nil while it goes on.
  ///
  /// One that the deployment tells no progress of is done at once.
  private static func end(of pending: Open, _ frame: Frame) -> (AuditEntry.Outcome, String)? {
    guard frame.time > pending.time else { return nil }
    guard let operation = frame.operations.last(where: { $0.number == pending.performed }) else {
      return pending.order.action.name.phases.isEmpty || frame.time > pending.time + 600_000_000_000 ? (.done, "") : nil
    }
    let took = DurationAmount(nanoseconds: max(0, operation.since - operation.began))
    switch operation.state {
    case .running: return nil
    case .done:
      // What took effect at once took no time.
      let words = [took.nanoseconds > 0 ? "took \(took)" : "", operation.note].filter { !$0.isEmpty }
      return (.done, words.joined(separator: "; "))
    case .aborted: return (.aborted, operation.note)
    case .failed: return (.failed, operation.note)
    case .rolledBack: return (.rolledBack, operation.note)
    }
  }

  /// Puts beside each forecast what came over the same seconds of the horizon.
  private mutating func measure(_ place: Int, _ pending: Open, _ service: ServiceRecord) {
    let horizon = pending.order.horizon
    let second: Int64 = 1_000_000_000
    let from = pending.time + Int64(Futures.settled(horizon).lowerBound) * second
    let came = service.between(from, pending.time + Int64(horizon) * second).reduce(Outlook(), +)
    for index in records[place].entry.prediction.indices {
      let name = records[place].entry.prediction[index].metric
      guard let measure = Futures.Measure.allCases.first(where: { $0.auditName == name }) else { continue }
      records[place].entry.prediction[index].real = measure.value(came)
    }
  }

  private mutating func write(_ entry: AuditEntry) {
    guard let file else { return }
    problem = file.append(entry)
  }
}
