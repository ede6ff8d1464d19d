import Operations
import Synchronization
import Telemetry
import XDeepServe

/// What the thread of a model and the console share, and the loop of that thread.
///
/// The model goes in whole simulated seconds, each of which is appended to history, judged by the alarm rules and
/// searched for events, whether or not its frame is published; nothing that the console does reaches the model.
final class ModelRunner: Sendable {
  private static let second: Int64 = 1_000_000_000
  /// At most twenty frames a second are published.
  private static let frameInterval: Int64 = 50_000_000

  let frames = TripleBuffer<Frame>()
  let frameReady = WakeSignal()
  let history = Mutex(History())
  let rehearsals: RehearsalRunner
  /// The model until its thread takes it: a copy left here would make the thread's first writes copy everything.
  private let start: Mutex<(any SteppedModel)?>
  private let shared: Mutex<Shared>
  private let commandReady = WakeSignal()

  /// Simulated seconds whose service is kept: the longest horizon of a preview and what came before it.
  private static let keptSeconds = 1200

  /// What other threads ask for, in the order in which they do.
  private enum Request {
    case playback(PlaybackCommand)
    case order(Order)
    case preview(PreviewRequest, asked: Int64)
    case suggestions(Int)
  }

  private struct Shared {
    var requests: [Request] = []
    var stopping = false
    var playback: Playback
    var events: [Event] = []
    var results: [OrderResult] = []
    var configuration: Configuration?
    var service = ServiceRecord()
  }

  init(_ model: any SteppedModel, speed: Double, paused: Bool) {
    start = Mutex(model)
    rehearsals = RehearsalRunner(news: frameReady)
    shared = Mutex(Shared(playback: Playback(paused: paused, speed: speed, reached: paused ? 0 : speed)))
  }

  var playback: Playback { shared.withLock { $0.playback } }

  func takeEvents() -> [Event] {
    shared.withLock { shared in
      let events = shared.events
      shared.events = []
      return events
    }
  }

  var configuration: Configuration? { shared.withLock { $0.configuration } }

  func takeResults() -> [OrderResult] {
    shared.withLock { shared in
      let results = shared.results
      shared.results = []
      return results
    }
  }

  func service(seconds: Int) -> ServiceRecord {
    shared.withLock { ServiceRecord(newest: $0.service.newest, seconds: $0.service.seconds.suffix(seconds)) }
  }

  func command(_ command: PlaybackCommand) { ask(.playback(command)) }

  func perform(_ order: Order) { ask(.order(order)) }

  /// Tells that an order is not passed on.
  func refuse(_ order: Order, reason: String) {
    shared.withLock { $0.results.append(OrderResult(order: order, time: $0.service.newest, refusal: reason)) }
    frameReady.raise()
  }

  func rehearse(_ request: PreviewRequest) {
    rehearsals.want(request.number)
    ask(.preview(request, asked: WallClock.now()))
  }

  func suggest(_ number: Int) {
    rehearsals.want(number)
    ask(.suggestions(number))
  }

  private func ask(_ request: Request) {
    shared.withLock { $0.requests.append(request) }
    commandReady.raise()
  }

  func stop() {
    rehearsals.stop()
    shared.withLock { $0.stopping = true }
    commandReady.raise()
  }

  /// The thread's whole life.
  func run() {
    guard var state = takeModel() else { return }
    let configuration = state.model.settings
    shared.withLock { $0.configuration = configuration }
    show(&state)
    while true {
      guard obey(&state) else { return }
      let wall = WallClock.now()
      if !state.stands, state.pace.due(state.nextSecond) <= wall {
        step(&state)
        continue
      }
      if state.unpublished != nil, wall >= state.publishedAt + Self.frameInterval { publish(&state, at: wall) }
      var until = state.stands ? nil : state.pace.due(state.nextSecond)
      if state.unpublished != nil {
        until = min(until ?? .max, state.publishedAt + Self.frameInterval)
      }
      commandReady.wait(nanoseconds: until.map { max(0, $0 - wall) })
    }
  }

  private func takeModel() -> State? {
    start.withLock { start in
      guard let model = start.take() else { return nil }
      return State(model, playback: playback)
    }
  }

  /// What the thread alone knows.
  private struct State {
    var model: any SteppedModel
    var rules = AlarmRules()
    var pace: Pace
    var paused: Bool
    var held = false
    var frame: UInt64 = 0
    var unpublished: Frame?
    var publishedAt = Int64.min / 2
    var seenEvents = 0
    var event: UInt64 = 0

    init(_ model: any SteppedModel, playback: Playback) {
      self.model = model
      pace = Pace(speed: playback.speed, wall: WallClock.now(), model: model.now)
      paused = playback.paused
    }

    /// Whether time stands still.
    var stands: Bool { paused || held }

    /// The next whole simulated second.
    var nextSecond: Int64 { (model.now / ModelRunner.second + 1) * ModelRunner.second }
  }

  /// Carries out what was asked for; false when that is to end.
  private func obey(_ state: inout State) -> Bool {
    let (requests, stopping) = shared.withLock { shared in
      let requests = shared.requests
      if !requests.isEmpty { shared.requests = [] }
      return (requests, shared.stopping)
    }
    guard !stopping else { return false }
    guard !requests.isEmpty else { return true }
    var changed = false
    for request in requests {
      switch request {
      case .playback(let command):
        obey(command, &state)
        changed = true
      case .order(let order):
        carryOut(order, &state)
        changed = true
      case .preview(let request, let asked):
        // The struct is the fork: both sides copy what they write to from here on.
        rehearsals.begin(request, on: state.model, asked: asked)
      case .suggestions(let number): rehearsals.begin(number, on: state.model)
      }
    }
    guard changed else { return true }
    tellPlayback(state)
    // The screen shows a change of the clock at once, not with the next second.
    show(&state)
    return true
  }

  private func obey(_ command: PlaybackCommand, _ state: inout State) {
    switch command {
    case .pause(let paused):
      state.paused = paused
      state.pace.restart(wall: WallClock.now(), model: state.model.now)
    case .speed(let speed):
      state.pace.restart(speed: speed, wall: WallClock.now(), model: state.model.now)
    case .hold(let held):
      state.held = held
      state.pace.restart(wall: WallClock.now(), model: state.model.now)
    case .step:
      guard state.paused, !state.held else { return }
      step(&state)
      state.pace.restart(wall: WallClock.now(), model: state.model.now)
    }
  }

  private func carryOut(_ order: Order, _ state: inout State) {
    var result = OrderResult(order: order, time: state.model.now)
    do throws(ActionRefusal) {
      let before = state.model.settings
      try state.model.perform(order.carriedOut)
      result.performed = state.model.lastPerformed
      result.inverse = before.flatMap { try? order.action.inverse(given: $0) } ?? []
    } catch {
      result.refusal = error.message
    }
    let (told, configuration) = (result, state.model.settings)
    shared.withLock { shared in
      shared.results.append(told)
      shared.configuration = configuration
    }
    frameReady.raise()
  }

  private func step(_ state: inout State) {
    state.model.advance(to: state.nextSecond)
    observe(&state)
    let wall = WallClock.now()
    if !state.stands {
      state.pace.arrived(wall: wall, model: state.model.now)
      tellPlayback(state)
    }
    if wall >= state.publishedAt + Self.frameInterval { publish(&state, at: wall) }
  }

  /// Takes down the second that has just ended.
  private func observe(_ state: inout State) {
    state.frame += 1
    var frame = state.model.frame(sequence: state.frame)
    frame.alarms = state.rules.update(frame)
    record(frame)
    let (second, now, configuration) = (state.model.lastSecond, state.model.now, state.model.settings)
    shared.withLock { shared in
      shared.configuration = configuration
      shared.service.newest = now
      shared.service.seconds.append(second)
      // Trimmed by half, so that a second costs no shift of the whole record.
      if shared.service.seconds.count > 2 * Self.keptSeconds {
        shared.service.seconds.removeFirst(Self.keptSeconds)
      }
    }
    tellEvents(&state, changes: state.rules.changes, at: frame.time)
    state.unpublished = frame
  }

  /// Takes a frame into history, in steps: who reads history never waits while a minute is packed.
  private func record(_ frame: Frame) {
    seal { $0.minute(endedBy: frame) }
    history.withLock { $0.add(frame) }
    seal { $0.wholeMinute }
  }

  private func seal(_ ended: (History) -> OpenMinute?) {
    // Nothing may hold the minute when it is closed: its storage is used again.
    guard let chunk = history.withLock({ ended($0) })?.packed() else { return }
    history.withLock { $0.close(chunk) }
  }

  /// Publishes how the model stands, at once and aside from history.
  private func show(_ state: inout State) {
    tellEvents(&state, changes: [], at: state.model.now)
    state.frame += 1
    var frame = state.model.frame(sequence: state.frame)
    frame.alarms = state.rules.active
    state.unpublished = frame
    publish(&state, at: WallClock.now())
  }

  private func publish(_ state: inout State, at wall: Int64) {
    guard let frame = state.unpublished else { return }
    state.unpublished = nil
    state.publishedAt = wall
    frames.publish(frame)
    frameReady.raise()
  }

  /// Queues the model's new events and the alarms that came and went, numbered anew in one row.
  private func tellEvents(_ state: inout State, changes: [AlarmRules.Change], at time: Int64) {
    var events: [Event] = []
    let all = state.model.events
    if state.seenEvents < all.count { events += all[state.seenEvents...] }
    state.seenEvents = all.count
    for change in changes {
      let alarm = change.alarm
      events.append(
        Event(
          sequence: 0, time: time, priority: change.raised ? alarm.priority : .normal, place: alarm.place,
          text: change.raised ? alarm.text : "over: \(alarm.text)", rule: alarm.rule))
    }
    guard !events.isEmpty else { return }
    for index in events.indices {
      events[index].sequence = state.event
      state.event += 1
    }
    let told = events
    shared.withLock { $0.events += told }
  }

  private func tellPlayback(_ state: State) {
    let playback = Playback(
      paused: state.paused, held: state.held, speed: state.pace.speed,
      reached: state.stands ? 0 : state.pace.reached)
    shared.withLock { $0.playback = playback }
  }
}
