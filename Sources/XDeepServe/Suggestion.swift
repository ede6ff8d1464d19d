public import Operations
public import Telemetry

/// An action that is worth doing, with what it is expected to bring.
public struct Suggestion: Hashable, Sendable {
  /// What to do.
  public let action: Action
  /// A sentence: what it brings, by when, at which cost.
  public let reason: String
  /// Time to first token at the end of the horizon, milliseconds; nil where nobody got one.
  public let ttft: Rehearsal.Figure?
  /// Time per output token at the end of the horizon, milliseconds.
  public let tpot: Rehearsal.Figure?
  /// Requests a second within the SLO, over the whole horizon.
  public let goodput: Rehearsal.Figure?
  /// Seconds ahead that were worked out.
  public let horizon: Int
  /// Futures that were worked out.
  public let seeds: Int
}
