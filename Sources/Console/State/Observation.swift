public import Deployments
public import Telemetry

/// What the console learns of a deployment at one time.
public struct Observation: Sendable {
  /// The newest frame, nil where there is none since the last observation.
  public var frame: Frame?
  /// Events since the last observation.
  public var events: [Event]
  /// How the deployment's clock runs.
  public var playback: Playback
  /// Values of the last ten minutes, one a second, of the metrics that `ConsoleState.profiled` asks for.
  public var profiles: [Profile: [Float]]

  /// An observation; see the properties.
  public init(frame: Frame?, events: [Event] = [], playback: Playback, profiles: [Profile: [Float]] = [:]) {
    self.frame = frame
    self.events = events
    self.playback = playback
    self.profiles = profiles
  }
}

/// A metric of one element whose course over time a panel draws.
public struct Profile: Hashable, Sendable {
  /// Which metric.
  public var metric: MetricID
  /// Of which element.
  public var element: Int

  /// A profile; see the properties.
  public init(_ metric: MetricID, element: Int = 0) {
    self.metric = metric
    self.element = element
  }
}
