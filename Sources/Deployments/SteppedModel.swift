public import Operations
public import Telemetry
public import XDeepServe

/// What a simulated deployment asks of its model: time that moves on demand, frames and events that cost nothing.
public protocol SteppedModel: Sendable {
  /// Nanoseconds since the start.
  var now: Int64 { get }
  /// Everything that happened, in order.
  var events: [Event] { get }
  /// Runs up to a moment.
  mutating func advance(to time: Int64)
  /// The state as a frame; observing changes nothing.
  func frame(sequence: UInt64) -> Frame
  /// What the last whole second brought.
  var lastSecond: Outlook { get }
  /// What an operator finds configured, nil where the model cannot tell.
  var settings: Configuration? { get }
  /// The number of what was carried out last, nil before the first; `undo` names it.
  var lastPerformed: Int? { get }
  /// Does what an operator asks for, now.
  mutating func perform(_ action: Action) throws(ActionRefusal)
  /// A search for what is worth doing that begins here, nil where nothing can be done.
  func suggestionSearch() -> SuggestionSearch?
  /// A rehearsal that begins here.
  func rehearsal(of request: PreviewRequest) throws(ActionRefusal) -> Rehearsal
}

// A model that is only watched.
extension SteppedModel {
  /// Nothing.
  public var lastSecond: Outlook { Outlook() }
  /// Nothing was.
  public var lastPerformed: Int? { nil }
  /// Nothing that an operator could set.
  public var settings: Configuration? { nil }
  /// Refuses.
  public mutating func perform(_ action: Action) throws(ActionRefusal) {
    throw ActionRefusal("this deployment takes no actions")
  }
  /// None.
  public func suggestionSearch() -> SuggestionSearch? { nil }
  /// Refuses.
  public func rehearsal(of request: PreviewRequest) throws(ActionRefusal) -> Rehearsal {
    throw ActionRefusal("this deployment takes no actions")
  }
}

extension Simulation: SteppedModel {
  /// What is meant to be configured now.
  public var settings: Configuration? { configuration }
  /// The last of `performed`.
  public var lastPerformed: Int? { performed.last?.number }

  /// A search of what is worth doing from the present instant on.
  public func suggestionSearch() -> SuggestionSearch? { SuggestionSearch(self) }

  /// A rehearsal of what may come after the present instant.
  public func rehearsal(of request: PreviewRequest) throws(ActionRefusal) -> Rehearsal {
    try Rehearsal(self, request.action, seeds: request.seeds, horizon: request.horizon)
  }
}

extension SuggestionList {
  /// What a search has found so far.
  init(number: Int, _ search: SuggestionSearch) {
    let tried = search.tried
    self.init(
      number: number,
      best: search.best.map { suggestion in
        var figures: [Futures.Measure: Futures.Figure] = [:]
        figures[.ttft] = suggestion.ttft
        figures[.tpot] = suggestion.tpot
        figures[.goodput] = suggestion.goodput
        return Entry(action: suggestion.action, reason: suggestion.reason, figures: figures)
      }, tried: tried.actions, of: tried.of, isDone: search.isDone)
  }
}
