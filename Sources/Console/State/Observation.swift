public import Deployments
public import Telemetry
public import Terminal

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

  /// What the last frames on the screen cost, nil where nothing is known since the last observation.
  public var costs: ScreenCosts?

  /// What is new about operating.
  public var operating = OperatingNews()

  /// An observation; see the properties.
  public init(
    frame: Frame?, events: [Event] = [], playback: Playback, profiles: [Profile: [Float]] = [:],
    costs: ScreenCosts? = nil
  ) {
    self.frame = frame
    self.events = events
    self.playback = playback
    self.profiles = profiles
    self.costs = costs
  }
}

/// What drawing costs, as the cost panel tells it.
public struct ScreenCosts: Hashable, Sendable {
  /// The last frames, the newest last.
  public var frames: [FrameCost]
  /// Frames that a slow reader made the screen leave out since the start.
  public var dropped: Int

  /// Costs; see the properties.
  public init(frames: [FrameCost], dropped: Int) {
    self.frames = frames
    self.dropped = dropped
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
