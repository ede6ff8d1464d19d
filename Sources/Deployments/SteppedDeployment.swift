import Synchronization
public import Telemetry
public import XDeepServe

/// A simulation that runs on a thread of its own, paced by the wall clock.
public typealias SimulatedDeployment = SteppedDeployment<Simulation>

/// A model that runs on a thread of its own, paced by the wall clock.
///
/// At speeds that the model does not reach it runs as fast as it can and publishes some twenty frames a second of the
/// wall clock; history and events hold every simulated second nevertheless. `latest` may be called from one thread.
public final class SteppedDeployment<Model: SteppedModel>: Deployment {
  private let runner: SteppedRunner<Model>
  private let thread: WorkThread

  /// Starts the model's thread.
  ///
  /// - Parameters:
  ///   - speed: Simulated seconds a second, 0.25 to 1000; others are pressed into that range.
  ///   - paused: Whether time stands still at first.
  /// - Throws: `DeploymentProblem` where the system gives no thread.
  public init(_ model: Model, speed: Double = 1, paused: Bool = false) throws(DeploymentProblem) {
    let range = Pace.speeds
    let runner = SteppedRunner(
      model, speed: min(max(speed, range.lowerBound), range.upperBound), paused: paused)
    guard runner.frameReady.descriptor >= 0 else {
      throw DeploymentProblem(message: "the system gives no file descriptor for the simulation's thread")
    }
    guard let thread = WorkThread({ runner.run() }) else {
      throw DeploymentProblem(message: "the system gives no thread for the simulation")
    }
    self.runner = runner
    self.thread = thread
  }

  deinit { stop() }

  /// The newest frame, nil before the first.
  public func latest() -> Frame? {
    runner.frameReady.lower()
    return runner.frames.newest()
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

  /// Asks for a change of how it runs; it takes effect between two simulated seconds.
  public func command(_ command: PlaybackCommand) { runner.command(command) }

  /// Readable while there is a frame that `latest` has not returned yet.
  public var wakeDescriptor: Int32 { runner.frameReady.descriptor }

  /// Ends the thread after the simulated second that it is at; returns when it has ended.
  public func stop() {
    runner.stop()
    thread.join()
  }
}
