import CPlatform
import Glibc
import Synchronization
public import Telemetry

/// A model that runs on a thread of its own, in step with the clock on the wall or faster.
///
/// Time moves in whole simulated seconds, each of which goes into the history whether or not anyone draws. The newest
/// frame waits in a triple buffer; events wait in a queue that loses nothing; commands come through a small locked
/// queue. How often frames are published, and when the console looks, changes nothing in the model.
public final class SimulatedDeployment: Deployment {
  /// Frames a second of the wall clock at most.
  fileprivate static let framesPerSecond = 20.0

  fileprivate struct Shared {
    var commands: [PlaybackCommand] = []
    var events: [Event] = []
    var playback = Playback()
    var stopped = false
    var history = History()
  }

  fileprivate let shared: Mutex<Shared>
  fileprivate let exchange = FrameExchange()
  fileprivate let wake: Int32
  fileprivate let nudge: Int32
  private let thread: Mutex<pthread_t?>

  /// Starts a model on its thread.
  ///
  /// - Parameter speed: Simulated seconds a second, 0.25 to 1000.
  public init(_ model: any SteppedModel, speed: Double = 1, paused: Bool = false) {
    wake = podium_wake_descriptor()
    nudge = podium_wake_descriptor()
    var state = Shared()
    state.playback = Playback(paused: paused, speed: min(1000, max(0.25, speed)), reached: 0)
    shared = Mutex(state)
    thread = Mutex(nil)
    let run = ModelThread(deployment: self, model: model)
    var handle = pthread_t()
    let box = unsafe Unmanaged.passRetained(run).toOpaque()
    let failed = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let run = unsafe Unmanaged<ModelThread>.fromOpaque(argument).takeRetainedValue()
        run.loop()
        return nil
      }, box)
    precondition(failed == 0, "the system gives no further thread")
    let started = handle
    thread.withLock { $0 = started }
  }

  deinit {
    close(wake)
    close(nudge)
  }

  /// The newest frame that was not taken yet.
  public func latest() -> Frame? {
    podium_drain(wake)
    return exchange.take()
  }

  /// Events since the last call.
  public func takeEvents() -> [Event] {
    shared.withLock { state in
      let events = state.events
      state.events = []
      return events
    }
  }

  /// Values of one element, one a simulated second, oldest first.
  public func history(_ metric: MetricID, element: Int, seconds: Int) -> [Float] {
    shared.withLock { $0.history.values(metric, element: element, seconds: seconds) }
  }

  /// How it runs.
  public var playback: Playback { shared.withLock { $0.playback } }

  /// Asks for a change of how it runs; it takes effect within the present simulated second.
  public func command(_ command: PlaybackCommand) {
    shared.withLock { $0.commands.append(command) }
    podium_wake(nudge)
  }

  /// Readable while a frame waits.
  public var wakeDescriptor: Int32 { wake }

  /// Ends the thread and waits for its end.
  public func stop() {
    shared.withLock { $0.stopped = true }
    podium_wake(nudge)
    let handle = thread.withLock { handle in
      let taken = handle
      handle = nil
      return taken
    }
    if let handle { pthread_join(handle, nil) }
  }
}

/// The thread of a simulated deployment and its own state; nobody else touches it once it runs.
private final class ModelThread: @unchecked Sendable {
  // A strong reference: a deployment that nobody stopped keeps running.
  let deployment: SimulatedDeployment
  var model: any SteppedModel
  var sequence: UInt64 = 0
  var seenEvents = 0
  /// Where simulated and wall time were tied together last.
  var anchorWall: Double
  var anchorModel: Int64
  var lastPublished = -1.0
  var measuredWall: Double
  var measuredModel: Int64

  init(deployment: SimulatedDeployment, model: any SteppedModel) {
    self.deployment = deployment
    self.model = model
    anchorWall = Self.wall()
    anchorModel = model.now
    measuredWall = anchorWall
    measuredModel = model.now
  }

  static func wall() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  func loop() {
    publish(force: true)
    while true {
      let (steps, playback, stopped) = takeCommands()
      if stopped { return }
      for _ in 0..<steps { step() }
      if steps > 0 { publish(force: true) }
      if playback.paused {
        sleep(seconds: 3600)
        continue
      }
      let due = anchorWall + Double(model.now + second - anchorModel) / 1e9 / playback.speed
      let now = Self.wall()
      if due > now {
        // A frame that was held back for the rate must not wait for the next second.
        publish(force: false)
        sleep(seconds: due - now)
        continue
      }
      step()
      // What the machine cannot reach is not made up for later.
      if now - due > 0.5 { tie() }
      publish(force: false)
    }
  }

  private let second: Int64 = 1_000_000_000

  private func step() {
    model.advance(to: (model.now / second + 1) * second)
    sequence += 1
    let frame = model.frame(sequence: sequence)
    let fresh = Array(model.events[seenEvents...])
    seenEvents = model.events.count
    pending = frame
    deployment.shared.withLock { state in
      state.history.append(frame)
      state.events += fresh
    }
    measure()
  }

  private var pending: Frame?

  private func publish(force: Bool) {
    let now = Self.wall()
    if !force && now - lastPublished < 1 / SimulatedDeployment.framesPerSecond { return }
    if pending == nil && force {
      pending = model.frame(sequence: sequence)
      let fresh = Array(model.events[seenEvents...])
      seenEvents = model.events.count
      deployment.shared.withLock { $0.events += fresh }
    }
    guard let frame = pending else { return }
    pending = nil
    lastPublished = now
    deployment.exchange.publish(frame)
    podium_wake(deployment.wake)
  }

  private func measure() {
    let now = Self.wall()
    guard now - measuredWall >= 1 else { return }
    let reached = Double(model.now - measuredModel) / 1e9 / (now - measuredWall)
    measuredWall = now
    measuredModel = model.now
    deployment.shared.withLock { $0.playback.reached = reached }
  }

  /// Ties simulated to wall time anew.
  private func tie() {
    anchorWall = Self.wall()
    anchorModel = model.now
  }

  private func takeCommands() -> (steps: Int, playback: Playback, stopped: Bool) {
    let commands = deployment.shared.withLock { state in
      let taken = state.commands
      state.commands = []
      return taken
    }
    var steps = 0
    for command in commands {
      switch command {
      case .pause(let paused): deployment.shared.withLock { $0.playback.paused = paused }
      case .speed(let speed): deployment.shared.withLock { $0.playback.speed = min(1000, max(0.25, speed)) }
      case .step: steps += 1
      }
      tie()
      measuredWall = anchorWall
      measuredModel = model.now
    }
    return deployment.shared.withLock { (steps, $0.playback, $0.stopped) }
  }

  private func sleep(seconds: Double) {
    var poller = pollfd(fd: deployment.nudge, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&poller, 1, Int32(min(max(seconds * 1000, 1), 3_600_000)))
    podium_drain(deployment.nudge)
  }
}
