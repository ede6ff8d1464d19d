import CPlatform
import Glibc

/// A program on a pseudo-terminal of its own, as a person would start it.
///
/// It answers requests for its status, as terminals do; what the program wrote is in `output`.
public final class PtyProcess {
  /// How a program ended.
  public enum End: Hashable, Sendable {
    /// By itself, with a status.
    case exit(Int32)
    /// By a signal.
    case signal(Int32)
  }

  /// Its process id.
  public let process: Int32
  /// Everything it wrote so far.
  public private(set) var output: [UInt8] = []

  /// Bytes a second that are read, as over a slow line; nil for all there are.
  public var rate: Double?

  private var room = 0.0
  private var readAt = 0.0
  private var answered = 0
  private let answers: Bool
  private var master: Int32
  private var slave: Int32
  private var end: End?
  private let before: [UInt32]

  /// Starts a program; nil where it cannot be started.
  public init?(
    _ path: String, _ arguments: [String] = [], environment: [String] = ["TERM=xterm-256color", "LANG=C.UTF-8"],
    columns: Int = 80, rows: Int = 24, answers: Bool = true
  ) {
    self.answers = answers
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) }
    unsafe words.append(nil)
    // Swift's own crash report would wait for a key on a terminal.
    let inherited = ["PATH=/usr/bin:/bin", "HOME=/tmp", "SWIFT_BACKTRACE=enable=no"]
    var variables = unsafe (inherited + environment).map { unsafe strdup($0) }
    unsafe variables.append(nil)
    defer {
      unsafe words.forEach { unsafe free($0) }
      unsafe variables.forEach { unsafe free($0) }
    }
    var master: Int32 = -1
    var slave: Int32 = -1
    guard unsafe podium_open_pty(Int32(columns), Int32(rows), &master, &slave) == 0 else { return nil }
    self.master = master
    self.slave = slave
    // Before the start: on a busy machine the program is sooner raw than we are back.
    before = Self.settings(slave)
    process = unsafe podium_spawn_on_pty(path, words, variables, slave)
    guard process > 0 else {
      hangUp()
      return nil
    }
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if end == nil, process > 0 {
      kill(process, SIGKILL)
      _ = waitpid(process, nil, 0)
    }
    hangUp()
  }

  /// Takes the terminal away, as when its window is closed.
  public func hangUp() {
    if slave >= 0 { close(slave) }
    if master >= 0 { close(master) }
    slave = -1
    master = -1
  }

  /// What it wrote, as text.
  public var text: String { String(decoding: output, as: UTF8.self) }

  /// Types bytes.
  public func type(_ text: String) {
    let bytes = Array(text.utf8)
    if master >= 0 { _ = unsafe write(master, bytes, bytes.count) }
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// Changes the size of its terminal, which tells it.
  public func resize(columns: Int, rows: Int) { podium_set_size(master, Int32(columns), Int32(rows)) }

  /// Reads until the output holds a text (after `mark` bytes of it); false where it does not within the time.
  public func reads(_ wanted: String, after mark: Int = 0, seconds: Double = 10) -> Bool {
    wait(seconds) { Self.place(of: Array(wanted.utf8), in: self.output[min(mark, self.output.count)...]) != nil }
  }

  /// Reads until it ended; nil where it does not within the time.
  public func ends(seconds: Double = 30) -> End? {
    _ = wait(seconds) {
      var status: Int32 = 0
      if self.end == nil, unsafe waitpid(self.process, &status, WNOHANG) == self.process {
        let number = status & 0x7F
        self.end = number == 0 ? .exit((status >> 8) & 0xFF) : .signal(number)
      }
      return self.end != nil
    }
    drain()
    return end
  }

  /// Whether it is stopped (SIGTSTP and the like) within the time.
  public func stops(seconds: Double = 10) -> Bool {
    wait(seconds) {
      var status: Int32 = 0
      return unsafe waitpid(self.process, &status, WNOHANG | WUNTRACED) == self.process && status & 0xFF == 0x7F
    }
  }

  /// Whether the terminal's settings are those from before the start.
  public var isRestored: Bool { Self.settings(slave) == before }

  /// Reads for a time.
  public func read(seconds: Double) { _ = wait(seconds) { false } }

  /// Stops the program and reads what it had written; gives the bytes that were still under way.
  public func bytesUnderWay() -> Int {
    kill(process, SIGSTOP)
    let before = output.count
    rate = nil
    read(seconds: 0.3)
    kill(process, SIGCONT)
    return output.count - before
  }

  private func wait(_ seconds: Double, _ done: () -> Bool) -> Bool {
    let start = Self.now()
    while true {
      drain()
      if done() { return true }
      if Self.now() - start > seconds { return false }
      var poller = pollfd(fd: rate == nil ? master : -1, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&poller, 1, rate == nil ? 20 : 5)
    }
  }

  private func drain() {
    let now = Self.now()
    if let rate { room = min(room + (now - readAt) * rate, rate * 0.02) }
    readAt = now
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let wanted = rate == nil ? part.count : Int(room)
      guard wanted > 0 else { break }
      let count = unsafe Glibc.read(master, &part, wanted)
      guard count > 0 else { break }
      room -= Double(count)
      output += part[..<count]
    }
    if answers { answer() }
  }

  private func answer() {
    let request = Array("\u{1B}[5n".utf8)
    while let place = Self.place(of: request, in: output[answered...]) {
      answered = place + request.count
      type("\u{1B}[0n")
    }
    answered = max(answered, output.count - request.count + 1)
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func place(of wanted: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard let first = wanted.first else { return bytes.startIndex }
    var place = bytes.startIndex
    while let found = bytes[place...].firstIndex(of: first) {
      if bytes[found...].starts(with: wanted) { return found }
      place = found + 1
    }
    return nil
  }

  private static func settings(_ descriptor: Int32) -> [UInt32] {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return [] }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag]
  }
}
