import CPlatform
import Glibc

/// A program on a pseudo-terminal of its own, as a person would start it.
///
/// It answers nothing by itself; what the program wrote is in `output`.
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

  private var master: Int32
  private var slave: Int32
  private var end: End?
  private let before: [UInt32]

  /// Starts a program; nil where it cannot be started.
  public init?(
    _ path: String, _ arguments: [String] = [], environment: [String] = ["TERM=xterm-256color", "LANG=C.UTF-8"],
    columns: Int = 80, rows: Int = 24
  ) {
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
    _ = unsafe write(master, bytes, bytes.count)
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(process, signal) }

  /// Changes the size of its terminal, which tells it.
  public func resize(columns: Int, rows: Int) { podium_set_size(master, Int32(columns), Int32(rows)) }

  /// Reads until the output holds a text (after `mark` bytes of it); false where it does not within the time.
  public func reads(_ wanted: String, after mark: Int = 0, seconds: Double = 10) -> Bool {
    wait(seconds) { Self.holds(self.output[min(mark, self.output.count)...], Array(wanted.utf8)) }
  }

  /// Reads until it ended; nil where it does not within the time.
  public func ends(seconds: Double = 10) -> End? {
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

  private func wait(_ seconds: Double, _ done: () -> Bool) -> Bool {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    let start = now
    while true {
      drain()
      if done() { return true }
      unsafe clock_gettime(CLOCK_MONOTONIC, &now)
      let gone = Double(now.tv_sec - start.tv_sec) + Double(now.tv_nsec - start.tv_nsec) * 1e-9
      if gone > seconds { return false }
      var poller = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&poller, 1, 20)
    }
  }

  private func drain() {
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe read(master, &part, part.count)
      guard count > 0 else { return }
      output += part[..<count]
    }
  }

  private static func holds(_ bytes: ArraySlice<UInt8>, _ wanted: [UInt8]) -> Bool {
    guard let first = wanted.first else { return true }
    var place = bytes.startIndex
    while let found = bytes[place...].firstIndex(of: first) {
      if bytes[found...].starts(with: wanted) { return true }
      place = found + 1
    }
    return false
  }

  private static func settings(_ descriptor: Int32) -> [UInt32] {
    var settings = termios()
    guard unsafe tcgetattr(descriptor, &settings) == 0 else { return [] }
    return [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag]
  }
}
