public import Telemetry
public import XDeepServe

/// A model of a deployment as a value in which time passes only when it is told to.
public protocol SteppedModel: Sendable {
  /// Nanoseconds since the scenario's start.
  var now: Int64 { get }
  /// Everything that happened so far, in order.
  var events: [Event] { get }
  /// Runs up to a moment, the same in one step or many.
  mutating func advance(to time: Int64)
  /// The last whole second; observing changes nothing.
  func frame(sequence: UInt64) -> Frame
}

extension Simulation: SteppedModel {}
