public import Operations

/// An entry of the audit log with what only the run that made it knows.
public struct AuditRecord: Hashable, Sendable {
  /// The entry as it stands in the log.
  public var entry: AuditEntry
  /// The number that the deployment gave it, nil where it was refused or an earlier run made the entry.
  public var performed: Int?
  /// What brings the configuration back, in words; empty where nothing does or an earlier run made the entry.
  public var inverse: [Action]
  /// Whether this run made it.
  public var isOfThisRun: Bool
  /// The entry that undid it, nil for none.
  public var undoneBy: Int?

  /// A record; see the properties.
  public init(
    entry: AuditEntry, performed: Int? = nil, inverse: [Action] = [], isOfThisRun: Bool = true, undoneBy: Int? = nil
  ) {
    self.entry = entry
    self.performed = performed
    self.inverse = inverse
    self.isOfThisRun = isOfThisRun
    self.undoneBy = undoneBy
  }

  /// Whether it can be undone, as far as the log knows: what goes on is given up, what is done is brought back.
  public var canBeUndone: Bool {
    guard isOfThisRun, performed != nil, undoneBy == nil, entry.undoes == nil else { return false }
    return entry.outcome == .begun || (entry.outcome == .done && entry.action.name.canBeUndone)
  }
}
