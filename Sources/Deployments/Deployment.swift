public import Operations
public import Telemetry

/// Where a deployment's clock stands and how it runs.
public struct Playback: Hashable, Sendable {
  /// Whether somebody stopped time.
  public var paused: Bool
  /// Whether time stands still while a preview is looked at; it goes on as it was afterwards.
  public var held: Bool
  /// Simulated seconds a second that were asked for.
  public var speed: Double
  /// Simulated seconds a second that were reached over the last second of the wall clock.
  public var reached: Double

  /// A state of playback.
  public init(paused: Bool = false, held: Bool = false, speed: Double = 1, reached: Double = 1) {
    self.paused = paused
    self.held = held
    self.speed = speed
    self.reached = reached
  }
}

/// What the console may ask of a deployment's clock.
public enum PlaybackCommand: Hashable, Sendable {
  /// Stop or go on.
  case pause(Bool)
  /// Simulated seconds a second, 0.25 to 1000.
  case speed(Double)
  /// One simulated second, while paused.
  case step
  /// Stand still while somebody looks ahead, or no longer; pause and speed stay as they are.
  ///
  /// A deployment whose time cannot stand still passes it over: `Playback.held` says what it does.
  case hold(Bool)
}

/// Something that can be watched: a simulation, later a recording or a real system.
///
/// The one door to the screens.
/// All methods may be called from the console's thread while the deployment runs on its own.
public protocol Deployment: AnyObject, Sendable {
  /// The newest frame that was not taken yet, nil where there is none; never blocks, frames may be skipped.
  func latest() -> Frame?
  /// Events since the last call, in order; none is ever lost.
  func takeEvents() -> [Event]
  /// A metric's values of one element, one a simulated second, oldest first, ending now; NaN where missing.
  ///
  /// Fewer than `seconds` where less has passed.
  func history(_ metric: MetricID, element: Int, seconds: Int) -> [Float]
  /// How it runs.
  var playback: Playback { get }
  /// Asks for a change of how it runs.
  func command(_ command: PlaybackCommand)
  /// Readable while there is a frame that `latest` has not returned yet, or more of a rehearsal, or the result of an
  /// order; -1 if there is none to poll.
  var wakeDescriptor: Int32 { get }
  /// Why it takes no orders, nil where it does.
  var refusesOrders: String? { get }
  /// What an operator finds configured, nil where nobody can tell.
  var configuration: Configuration? { get }
  /// Asks for an action; what comes of it is told by `takeResults`, once.
  func perform(_ order: Order)
  /// What came of orders since the last call, in order; none is ever lost.
  func takeResults() -> [OrderResult]
  /// Rehearses an action on a thread of its own; the one under way is given up.
  func rehearse(_ request: PreviewRequest)
  /// Looks for what is worth doing, on the thread of rehearsals; what is under way there is given up.
  func suggest(_ number: Int)
  /// How far the search has come, where there is something new.
  func takeSuggestions() -> SuggestionList?
  /// Gives up the rehearsal or search under way.
  func cancelRehearsal()
  /// The newest look at the rehearsal that was not taken yet.
  func takePreview() -> Preview?
  /// What the last seconds brought, at most so many.
  func service(seconds: Int) -> ServiceRecord
  /// Ends its thread; returns when it has ended.
  func stop()
}
