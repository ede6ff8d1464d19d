public import Operations

/// An entry of the audit log with what only the run that made it knows.
public struct AuditRecord: Hashable, Sendable {
  /// The entry as it stands in the log.
  public var entry: AuditEntry
  /// What brings the configuration back, in this order; empty where nothing does or an earlier run made the entry.
  public var inverse: [Action]
  /// Whether this run made it.
  public var isOfThisRun: Bool
  /// The entry that undid it, nil for none.
  public var undoneBy: Int?

  /// A record; see the properties.
  public init(entry: AuditEntry, inverse: [Action] = [], isOfThisRun: Bool = true, undoneBy: Int? = nil) {
    self.entry = entry
    self.inverse = inverse
    self.isOfThisRun = isOfThisRun
    self.undoneBy = undoneBy
  }

  /// Whether it can be undone now.
  public var canBeUndone: Bool {
    isOfThisRun && !inverse.isEmpty && undoneBy == nil && entry.outcome != .refused && entry.outcome != .rolledBack
  }
}
