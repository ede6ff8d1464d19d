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

  /// Starts a model on its thread.
  ///
  /// - Parameters:
  ///   - speed: Simulated seconds a second, 0.25 to 1000; others are pressed into that range.
  ///   - paused: Whether time stands still at first.
  public init(_ model: any SteppedModel, speed: Double = 1, paused: Bool = false) {
    let range = Pace.speeds
    let runner = ModelRunner(model, speed: min(max(speed, range.lowerBound), range.upperBound), paused: paused)
    guard runner.frameReady.descriptor >= 0, let thread = WorkThread({ runner.run() }) else {
      preconditionFailure("the system gives no further thread or descriptor")
    }
    self.runner = runner
    self.thread = thread
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
  }
}
