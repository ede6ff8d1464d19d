public import Operations
import Synchronization
public import Telemetry

/// A model that runs on a thread of its own, in step with the clock on the wall or faster.
///
/// At speeds that the model does not reach it runs as fast as it can and publishes some twenty frames a second of the
/// wall clock; history and events hold every simulated second nevertheless. How often frames are published, and when
/// the console looks, changes nothing in the model. A deployment that nobody stopped ends with its last reference.
public final class SimulatedDeployment: Deployment {
  private let runner: ModelRunner
  private let thread: WorkThread
  private let rehearsing: WorkThread

  /// Why it takes no orders, nil where it does.
  public let refusesOrders: String?

  /// Starts a model on its thread.
  ///
  /// - Parameters:
  ///   - speed: Simulated seconds a second, 0.25 to 1000; others are pressed into that range.
  ///   - paused: Whether time stands still at first.
  ///   - isReadOnly: Whether it refuses every order.
  public init(_ model: any SteppedModel, speed: Double = 1, paused: Bool = false, isReadOnly: Bool = false) {
    let range = Pace.speeds
    let runner = ModelRunner(model, speed: min(max(speed, range.lowerBound), range.upperBound), paused: paused)
    let rehearsals = runner.rehearsals
    guard runner.frameReady.descriptor >= 0, let thread = WorkThread({ runner.run() }),
      let rehearsing = WorkThread({ rehearsals.run() })
    else {
      preconditionFailure("the system gives no further thread or descriptor")
    }
    self.runner = runner
    self.thread = thread
    self.rehearsing = rehearsing
    refusesOrders = isReadOnly ? "Podium was started read-only" : nil
  }

  deinit { stop() }

  /// The newest frame that was not taken yet; for one thread.
  public func latest() -> Frame? {
    runner.frameReady.lower()
    return runner.frames.take()
  }

  /// Events since the last call, in order, alarms that came and went among them.
  public func takeEvents() -> [Event] { runner.takeEvents() }

  /// A metric's values of one element, one a simulated second.
  public func history(_ metric: MetricID, element: Int, seconds: Int) -> [Float] {
    runner.history.withLock { $0.values(metric, element: element, seconds: seconds) }
  }

  /// The closed minutes of history, oldest first.
  public var chunks: [HistoryChunk] { runner.history.withLock { $0.chunks } }

  /// How it runs; `reached` is zero while paused.
  public var playback: Playback { runner.playback }

  /// Asks for a change of how it runs; it takes effect within the present simulated second.
  public func command(_ command: PlaybackCommand) { runner.command(command) }

  /// Readable while there is a frame that `latest` has not returned yet.
  public var wakeDescriptor: Int32 { runner.frameReady.descriptor }

  /// Ends the thread after the simulated second that it is at; returns when it has ended.
  public func stop() {
    runner.stop()
    thread.join()
    rehearsing.join()
  }

  /// What an operator finds configured, nil where the model cannot tell.
  public var configuration: Configuration? { runner.configuration }

  /// Asks for an action; it takes effect at the present simulated second.
  ///
  /// A read-only deployment refuses at once.
  public func perform(_ order: Order) {
    if let refusesOrders {
      runner.refuse(order, reason: refusesOrders)
    } else {
      runner.perform(order)
    }
  }

  /// What came of orders since the last call, in order.
  public func takeResults() -> [OrderResult] { runner.takeResults() }

  /// Rehearses an action on a thread of its own, beginning at the present simulated second.
  public func rehearse(_ request: PreviewRequest) { runner.rehearse(request) }

  /// Looks for what is worth doing, beginning at the present simulated second.
  public func suggest(_ number: Int) { runner.suggest(number) }

  /// How far the search has come, where there is something new.
  public func takeSuggestions() -> SuggestionList? { runner.rehearsals.takeSuggestions() }

  /// Gives up the rehearsal or search under way; its thread stops within one of its simulated seconds.
  public func cancelRehearsal() { runner.rehearsals.cancel() }

  /// The newest look at the rehearsal that was not taken yet.
  public func takePreview() -> Preview? { runner.rehearsals.take() }

  /// What the last seconds brought, at most so many.
  public func service(seconds: Int) -> ServiceRecord { runner.service(seconds: seconds) }
}
