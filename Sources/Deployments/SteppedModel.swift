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
}

extension Simulation: SteppedModel {}
