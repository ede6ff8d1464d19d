public import Telemetry

/// A pod serving requests, as a value: a copy is a fork, `advance(to:)` is the only way time passes.
public struct Simulation: Sendable {
  /// What runs.
  public let scenario: Scenario
  /// Nanoseconds since the scenario's start.
  public private(set) var now: Int64 = 0
  /// Everything that happened so far, in order.
  public private(set) var events: [Event] = []

  /// A pod at time zero.
  public init(_ scenario: Scenario) throws(ScenarioProblem) {
    self.scenario = scenario
  }

  /// Runs the pod up to a moment; the same in one step or many.
  public mutating func advance(to time: Int64) {
    precondition(time >= now, "time does not run backwards")
    now = time
  }

  /// The last whole simulated second as a frame, and what holds now; observing changes nothing.
  public func frame(sequence: UInt64) -> Frame {
    fatalError("not built yet")
  }
}

/// Why a scenario cannot run: the key, what is wrong, what is accepted.
public struct ScenarioProblem: Error, Hashable, Sendable {
  /// Dotted key, such as `decode.0.batch`.
  public var key: String
  /// A sentence: what is wrong and what is accepted.
  public var message: String
  /// A problem; see the properties.
  public init(key: String, message: String) {
    self.key = key
    self.message = message
  }
}
