public import Words

/// One line of the audit log: who did what when, what was foreseen, and how it ended.
///
/// The log is JSON Lines, only ever appended to. Words that come from people are stripped of control characters when
/// they are set, written and read.
public struct AuditEntry: Hashable, Sendable {
  /// Its number in the log, from one; `undo` names it.
  public var number: Int
  /// Simulated time since the scenario's start.
  public var time: DurationAmount
  /// Who asked: an operator's name, `script`, `scenario`, `autopilot`.
  public private(set) var who: String
  /// What was done.
  public var action: Action
  /// Digest of the plan that was confirmed, nil where there was none.
  public var plan: UInt64?
  /// What the rehearsal foresaw, empty where there was none.
  public var prediction: [Forecast]
  /// How it ended.
  public var outcome: Outcome
  /// What else is to say about the end; empty if nothing.
  public private(set) var note: String
  /// The entry that it undid, nil for none.
  public var undoes: Int?

  /// How an action ended.
  public enum Outcome: String, Hashable, CaseIterable, Sendable {
    /// It began and has not ended yet.
    case begun
    case done, refused, aborted, failed
    /// It did not end and everything is as before.
    case rolledBack = "rolled back"
  }

  /// A metric as it was and as it was foreseen.
  public struct Forecast: Hashable, Sendable {
    /// Its name, as JSON spells it.
    public private(set) var metric: String
    /// Before the action.
    public var before: Double?
    /// After it, in the middle of the band.
    public var after: Double?
    /// The band's lower end.
    public var low: Double?
    /// The band's upper end.
    public var high: Double?
    /// What came, measured over the same seconds; nil until they have passed.
    public var real: Double?

    /// A forecast.
    public init(
      metric: String, before: Double?, after: Double?, low: Double? = nil, high: Double? = nil, real: Double? = nil
    ) {
      self.metric = metric.printable(limit: 60)
      self.before = before
      self.after = after
      self.low = low
      self.high = high
      self.real = real
    }
  }

  /// An entry; see the properties.
  public init(
    number: Int, time: DurationAmount, who: String, action: Action, plan: UInt64? = nil, prediction: [Forecast] = [],
    outcome: Outcome, note: String = "", undoes: Int? = nil
  ) {
    self.number = number
    self.time = time
    self.who = who.printable(limit: 60)
    self.action = action
    self.plan = plan
    self.prediction = prediction
    self.outcome = outcome
    self.note = note.printable(limit: 400)
    self.undoes = undoes
  }

  /// How it ended, with what else is to say.
  public mutating func end(_ outcome: Outcome, note: String = "") {
    self.outcome = outcome
    self.note = note.printable(limit: 400)
  }
}
