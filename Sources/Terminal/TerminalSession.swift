import CPlatform
import Glibc

/// The event loop: one thread, one `poll`, that owns the terminal from `init` to the end of `run`.
///
/// Make it before any other thread starts: it blocks the signals that it reads, and threads inherit that. Keys are
/// answered at once; all else is drawn on the tick and only when something changed.
public final class TerminalSession {
  /// The screen: size, appearance, costs, title, mouse.
  public let screen: NcursesScreen

  private let signals: Int32
  private let timer: Int32
  private var watched: [Int32] = []
  private var decoder = InputDecoder()
  private var end: SessionEnd?
  private var isDirty = true
  private var isUrgent = true
  /// On a slow line, the screen as it would be without the keys that were not answered yet.
  private var before: Canvas?
  /// When the last event came, until something from another thread followed it.
  private var keyed: Double?

  /// How soon after a key something from another thread counts as its answer (assumption).
  private static let answerWait = 0.2

  /// Takes the terminal; throws a sentence where there is none that can show a screen.
  ///
  /// - Parameters:
  ///   - framesPerSecond: ticks, 0.1 to 60.
  ///   - color: overrides what is detected.
  public init(
    framesPerSecond: Double = 2, color: ColorLevel? = nil, ascii: Bool = false, mouse: Bool = true
  ) throws(TerminalProblem) {
    screen = try NcursesScreen(color: color, ascii: ascii, mouse: mouse)
    let wanted = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH]
    signals = unsafe podium_signal_descriptor(wanted, Int32(wanted.count))
    let rate = max(0.1, min(60, framesPerSecond.isFinite ? framesPerSecond : 2))
    timer = podium_timer_descriptor(Int64(1e9 / rate))
    guard signals >= 0, timer >= 0 else {
      screen.close()
      throw .system("no descriptor for signals or time")
    }
  }

  /// Polls a descriptor too, such as one of `WakeSignal`; `TerminalProgram.wake` empties it.
  public func watch(_ descriptor: Int32) { watched.append(descriptor) }

  /// Ends `run` after the present event.
  public func quit() { end = end ?? .quit }

  /// Asks for a redraw at once.
  public func redraw() {
    isDirty = true
    isUrgent = true
  }

  /// Runs until the program quits, a signal ends it or the terminal vanishes, then gives the terminal back.
  public func run(_ program: some TerminalProgram) -> SessionEnd {
    // A terminal that went away must end in our own words, not by SIGPIPE.
    signal(SIGPIPE, SIG_IGN)
    defer {
      screen.close()
      Glibc.close(signals)
      Glibc.close(timer)
    }
    while end == nil {
      if isDirty, screen.isReady(urgent: isUrgent) { show(program) }
      if !isDirty, screen.hasRest { screen.presentRest() }
      step(program)
    }
    return end ?? .quit
  }

  /// Draws and sends; what is left out stays due.
  private func show(_ program: some TerminalProgram) {
    let start = NcursesScreen.now()
    let canvas = draw(program)
    screen.paintMilliseconds = (NcursesScreen.now() - start) * 1000
    guard screen.present(canvas, theme: program.theme, urgent: isUrgent, before: before) != .dropped else { return }
    isDirty = false
    isUrgent = false
    before = nil
  }

  private func draw(_ program: some TerminalProgram) -> Canvas {
    program.draw(width: screen.size.columns, height: screen.size.rows, appearance: screen.appearance)
  }

  /// Keeps the screen as it is before a key changes it, where that must be told apart.
  private func remember(_ program: some TerminalProgram) {
    if before == nil, screen.isSlow { before = draw(program) }
  }

  /// Waits for something and deals with it.
  private func step(_ program: some TerminalProgram) {
    var polled = [
      pollfd(fd: 0, events: Int16(POLLIN), revents: 0), pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: timer, events: Int16(POLLIN), revents: 0),
    ]
    polled += watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    if screen.isBlocked { polled.append(pollfd(fd: screen.descriptor, events: Int16(POLLOUT), revents: 0)) }
    var wait = decoder.waitMilliseconds.map { Int32($0) } ?? -1
    // A frame that is due, but held back by its reader, is tried again soon; the answer comes through standard input.
    if isDirty || screen.hasRest, wait < 0 || wait > 20 { wait = 20 }
    let count = unsafe poll(&polled, nfds_t(polled.count), wait)
    if count < 0 {
      if errno != EINTR { end = .vanished }
      return
    }
    if count == 0 {
      if decoder.isWaiting { handle(decoder.timeout(), program) }
      return
    }
    if polled[1].revents != 0 { takeSignals(program) }
    if polled[0].revents != 0 { read(program, hungUp: polled[0].revents & Int16(POLLIN) == 0) }
    if polled[2].revents != 0 {
      podium_drain(timer)
      if program.tick(self) { isDirty = true }
    }
    for place in polled.dropFirst(3) where place.revents & Int16(POLLIN) != 0 && watched.contains(place.fd) {
      let answersKey = keyed.map { NcursesScreen.now() - $0 < Self.answerWait } ?? false
      if answersKey { remember(program) }
      keyed = nil
      guard program.wake(place.fd, self) || answersKey else { continue }
      isDirty = true
      isUrgent = isUrgent || answersKey
    }
    screen.flush()
  }

  private func read(_ program: some TerminalProgram, hungUp: Bool) {
    guard !hungUp else {
      end = .vanished
      return
    }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = unsafe Glibc.read(0, &bytes, bytes.count)
    if count > 0 {
      handle(decoder.feed(bytes[..<count]), program)
    } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
      end = .vanished
    }
  }

  private func handle(_ events: [InputEvent], _ program: some TerminalProgram) {
    for event in events where end == nil {
      if event == .acknowledged {
        screen.acknowledge()
        continue
      }
      remember(program)
      program.handle(event, self)
      keyed = NcursesScreen.now()
      redraw()
    }
  }

  private func takeSignals(_ program: some TerminalProgram) {
    while true {
      let number = podium_next_signal(signals)
      switch number {
      case 0: return
      case SIGWINCH:
        if screen.resize() {
          handle([.resize(columns: screen.size.columns, rows: screen.size.rows)], program)
        }
      case SIGTSTP:
        screen.leave()
        // SIGTSTP itself is blocked; SIGSTOP does what its default would. We go on here after SIGCONT.
        kill(getpid(), SIGSTOP)
        screen.resume()
        redraw()
      case SIGCONT:
        // After a stop from outside the terminal may hold anything.
        screen.takeAgain()
        redraw()
      default: end = end ?? .signal(number)
      }
    }
  }
}
