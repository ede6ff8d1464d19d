import Documents

/// The line on standard error that says how far a run is: percent, simulated time, speed, time left.
///
/// On a terminal one line is rewritten, elsewhere a new one comes every ten seconds and at the end.
struct ProgressLine {
  private let end: Int64
  private let isTerminal: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var last: ContinuousClock.Instant
  private let pause: Duration

  /// A line for a run up to a simulated moment, nanoseconds.
  init(end: Int64, isTerminal: Bool = StandardError.isTerminal) {
    self.end = max(1, end)
    self.isTerminal = isTerminal
    start = clock.now
    last = start
    pause = isTerminal ? .milliseconds(100) : .seconds(10)
  }

  /// Wall-clock time since the run began.
  var elapsedSeconds: Double { Self.seconds(clock.now - start) }

  /// Says where the run is, if enough time has passed since it was said last.
  mutating func show(_ now: Int64) {
    let moment = clock.now
    guard moment - last >= pause else { return }
    last = moment
    write(Self.text(now: now, end: end, elapsed: Self.seconds(moment - start)))
  }

  /// Says where the run ended.
  func finish(_ now: Int64) {
    write(Self.text(now: now, end: now, elapsed: elapsedSeconds))
    if isTerminal { StandardError.write("\n") }
  }

  /// Takes the line away, so that a sentence can stand there.
  func clear() { if isTerminal { StandardError.write("\r\u{1b}[K") } }

  private func write(_ text: String) { StandardError.write(isTerminal ? "\r\(text)\u{1b}[K" : text + "\n") }

  /// The words of the line; `elapsed` are wall-clock seconds.
  static func text(now: Int64, end: Int64, elapsed: Double) -> String {
    let share = min(1, Double(now) / Double(max(1, end)))
    let percent = now < end ? min(99, Int(share * 100)) : now == end ? 100 : 99
    let speed = elapsed > 0 ? Double(now) / 1e9 / elapsed : 0
    let left = share > 0 && now < end ? elapsed * (1 - share) / share : 0
    return "\(percent) %  \(seconds(now)) simulated  \(Decimals.text(speed, speed < 10 ? 1 : 0))x real time  "
      + "\(Decimals.text(left.rounded(.up), 0)) s left"
  }

  /// Simulated time in seconds, for people.
  static func seconds(_ nanoseconds: Int64) -> String { Decimals.text(Double(nanoseconds) / 1e9, 1) + " s" }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
  }
}
