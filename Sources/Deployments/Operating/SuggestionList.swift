public import Operations
public import Telemetry

/// How far a search for what is worth doing has come, as a value.
public struct SuggestionList: Hashable, Sendable {
  /// An action that is worth doing.
  public struct Entry: Hashable, Sendable {
    /// What to do.
    public var action: Action
    /// A sentence: what it brings, by when, at which cost.
    public var reason: String
    /// What it brings, by measure, where that was measured.
    public var figures: [Futures.Measure: Futures.Figure]

    /// An entry; see the properties.
    public init(action: Action, reason: String, figures: [Futures.Measure: Futures.Figure]) {
      self.action = action
      self.reason = reason
      self.figures = figures
    }
  }

  /// Which request it answers.
  public var number: Int
  /// The best so far, best first.
  public var best: [Entry]
  /// Actions that were tried.
  public var tried: Int
  /// Actions that there are to try, as far as that is known.
  public var of: Int
  /// Whether all were.
  public var isDone: Bool
  /// Why nothing can be suggested, nil where something could.
  public var problem: String?

  /// A list; see the properties.
  public init(
    number: Int, best: [Entry] = [], tried: Int = 0, of: Int = 0, isDone: Bool = false, problem: String? = nil
  ) {
    self.number = number
    self.best = best
    self.tried = tried
    self.of = of
    self.isDone = isDone
    self.problem = problem
  }
}
