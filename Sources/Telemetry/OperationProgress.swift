/// An action on the deployment that takes time, and where it stands.
public struct OperationProgress: Hashable, Sendable {
  /// How it goes, or how it ended.
  public enum State: String, Hashable, CaseIterable, Sendable {
    case running, done, aborted, failed
    /// It did not end and everything is as before.
    case rolledBack = "rolled back"
  }

  /// Its number among the actions that were carried out, from one.
  public var number: Int
  /// The action in its own grammar.
  public var action: String
  /// What it goes through, in order; empty where it took effect at once.
  public var phases: [String]
  /// The phase that it is in, or was in when it ended; an index of `phases`.
  public var phase: Int
  /// When it began, nanoseconds since the scenario's start.
  public var began: Int64
  /// Since when the phase holds, nanoseconds; once it has ended, when that was.
  public var since: Int64
  /// When the phase should be over, nanoseconds; nil where nobody can tell.
  public var due: Int64?
  /// How it goes.
  public var state: State
  /// A sentence on where it stands, above all where it did not end well; may be empty.
  public var note: String
  /// Dies that change what they do, or whose slots change.
  public var dies: [Int]

  /// An operation; see the properties.
  public init(
    number: Int, action: String, phases: [String] = [], phase: Int = 0, began: Int64, since: Int64, due: Int64? = nil,
    state: State, note: String = "", dies: [Int] = []
  ) {
    self.number = number
    self.action = action
    self.phases = phases
    self.phase = phase
    self.began = began
    self.since = since
    self.due = due
    self.state = state
    self.note = note
    self.dies = dies
  }
}
