import Deployments
import Operations
import Telemetry

/// What the console knows of operating: what may be done, what is looked at, what was done.
struct OperatingState: Sendable {
  /// Why no orders are taken, nil where they are.
  var refusesOrders: String?
  /// What is configured, nil where nobody can tell.
  var configuration: Configuration?
  /// The action that is looked at, nil for none.
  var plan: Plan?
  /// What is worth doing as far as it was searched, nil for nothing asked.
  var suggestions: SuggestionList?
  /// The action that was done last, beside what was foreseen of it.
  var watch: Watch?
  /// The audit log, oldest first.
  var audit: [AuditRecord] = []
  /// What the last seconds brought.
  var service = ServiceRecord()
  /// Who gives orders.
  var who = "operator"
  /// Orders and previews that were asked for.
  private(set) var asked = 0

  /// The number of the next order or preview.
  mutating func nextNumber() -> Int {
    asked += 1
    return asked
  }

  /// The order that was given last, while nobody has told what came of it.
  var unanswered: Order? { watch.flatMap { $0.time == nil ? $0.order : nil } }

  /// The entry of the audit log of the watched action, nil before it is answered.
  var watched: AuditRecord? {
    guard let performed = watch?.performed else { return nil }
    return audit.last { $0.isOfThisRun && $0.performed == performed }
  }

  /// The last thing done that can be undone and is no undoing itself, or an entry by its number.
  func undoable(_ number: Int?) -> AuditRecord? {
    if let number { return audit.last { $0.entry.number == number && $0.canBeUndone } }
    return audit.last { $0.canBeUndone }
  }
}
