import CNcurses
import CPlatform
import Glibc

/// The terminal, drawn through ncurses into memory and sent with one write a frame.
///
/// ncurses would make some two hundred writes a frame; into a memory file they cost little, and the bytes go out in one
/// piece inside a synchronised-output bracket. There is one screen a process, used by one thread.
public final class NcursesScreen: FrameSink {
  /// What panels must know of the terminal.
  public let appearance: Appearance
  /// Its size.
  public private(set) var size: (columns: Int, rows: Int)
  /// What the last frames cost, the newest last, at most 60.
  public private(set) var costs: [FrameCost] = []
  /// Frames that a slow reader made us leave out.
  public private(set) var dropped = 0

  /// How long the canvas that comes next took to paint; whoever paints says it before `present`.
  var paintMilliseconds = 0.0

  private let abilities: TerminalAbilities
  private let memory: Int32
  private let output: Int32
  private var shown: [Cell] = []
  private var shownTheme: Theme?
  private var painter: CellPainter?
  private var shownCursor: (column: Int, row: Int)?
  private var pending: [UInt8] = []
  private var pacing = FramePacing()
  private var pens = PenFilter()
  private var title = ""
  private var hasMouse = false
  private var isOpen = true

  /// Takes the terminal over; throws a sentence where there is none that can show a screen.
  ///
  /// - Parameter color: overrides what is detected.
  public init(color: ColorLevel? = nil, ascii: Bool = false, mouse: Bool = true) throws(TerminalProblem) {
    guard isatty(0) == 1 else { throw .notATerminal("Standard input") }
    guard isatty(1) == 1 else { throw .notATerminal("Standard output") }
    let term = environment("TERM") ?? ""
    guard !term.isEmpty, term != "dumb" else { throw .cannotDraw(term: term) }
    let plainTerm = String(
      String.UnicodeScalarView(term.unicodeScalars.prefix(60).filter { !ScalarWidth.isControl($0.value) }))
    let utf8 = podium_use_utf8() == 1
    var colors: Int32 = 0
    switch unsafe podium_terminfo_probe(term, &colors) {
    case 0: break
    case 1: throw .unknown(term: plainTerm)
    default: throw .cannotDraw(term: plainTerm)
    }
    var abilities = TerminalAbilities(
      term: term, terminfoColors: Int(colors), colorTerm: environment("COLORTERM"), noColor: environment("NO_COLOR"),
      inTmux: environment("TMUX") != nil, wanted: color)
    var name = term
    if abilities.color != .mono, Self.needsEntry(abilities.color, colors: Int(colors)) {
      if let entry = PrivateTerminfo.name(term: term, level: abilities.color) {
        name = entry
      } else {
        abilities.color = colors >= 256 ? .palette : .sixteen
      }
    }
    self.abilities = abilities
    appearance = Appearance(color: abilities.color, ascii: ascii || !utf8)
    size = Self.measure()
    memory = podium_memory_file()
    guard memory >= 0 else { throw .system("no file in memory") }
    output = Self.openOutput()
    guard
      unsafe podium_screen_open(name, memory, Int32(size.columns), Int32(size.rows), abilities.color == .mono ? 0 : 1)
        == 0
    else {
      throw .unknown(term: plainTerm)
    }
    let reset = Self.resetBytes(title: abilities.hasTitle)
    unsafe reset.withUnsafeBufferPointer { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) { letters in
        if let start = letters.baseAddress { unsafe podium_guard_install(1, start, Int32(letters.count)) }
      }
    }
    _ = podium_guard_raw()
    pending += Array((abilities.hasTitle ? "\u{1B}[22;2t" : "").utf8) + modes(on: true)
    if mouse { setMouse(true) }
  }

  /// Whether a frame would go out now.
  public func isReady(urgent: Bool) -> Bool {
    flush()
    return pending.isEmpty && pacing.allows(urgent: urgent, at: Self.now())
  }

  /// Whether bytes wait for the terminal to take them.
  public var isBlocked: Bool { !pending.isEmpty }

  /// The descriptor to poll for room while `isBlocked`.
  public var descriptor: Int32 { output }

  /// Shows a canvas, or leaves it out where the reader is behind.
  public func present(_ canvas: Canvas, theme: Theme, urgent: Bool) -> FrameOutcome {
    guard isOpen, isReady(urgent: urgent) else {
      dropped += 1
      return .dropped
    }
    let start = Self.now()
    if shownTheme != theme {
      painter = CellPainter(theme: theme, level: appearance.color)
      shownTheme = theme
      shown = []
    }
    if let painter { put(canvas, painter) }
    let cursor = canvas.cursor
    let moved = cursor?.column != shownCursor?.column || cursor?.row != shownCursor?.row
    shownCursor = cursor
    // Where the cursor rests decides how ncurses leaves the screen, so it is said before each refresh.
    podium_screen_cursor(Int32(cursor?.column ?? -1), Int32(cursor?.row ?? -1))
    podium_screen_refresh()
    let bytes = takeBytes()
    guard !bytes.isEmpty || moved else { return .shown(bytes: 0) }
    pending += Self.begin
    pending += bytes
    pending += Self.end
    let count = bytes.count + Self.begin.count + Self.end.count
    pacing.sent(bytes: count, at: start)
    let composed = Self.now()
    flush()
    let end = Self.now()
    costs.append(
      FrameCost(
        bytes: count, milliseconds: (end - start) * 1000, writeMilliseconds: (end - composed) * 1000,
        paintMilliseconds: paintMilliseconds))
    if costs.count > 60 { costs.removeFirst() }
    return .shown(bytes: count)
  }

  /// The terminal answered that it has taken the last frame.
  public func acknowledge() { pacing.acknowledged() }

  /// Asks the terminal for its size; true if it changed.
  public func resize() -> Bool {
    let measured = Self.measure()
    guard measured != size else { return false }
    size = measured
    podium_screen_resize(Int32(size.columns), Int32(size.rows))
    shown = []
    return true
  }

  /// Makes the next frame draw everything.
  public func redraw() {
    podium_screen_redraw()
    shown = []
  }

  /// Turns mouse reports on or off.
  public func setMouse(_ on: Bool) {
    guard on != hasMouse else { return }
    hasMouse = on
    // Presses and drags, as SGR reports, which have no limit at column 223.
    pending += Array((on ? "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h" : "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l").utf8)
    flush()
  }

  /// Sets the window's title, where the terminal has one.
  public func setTitle(_ text: String) {
    guard abilities.hasTitle, text != title else { return }
    title = text
    var clean = ""
    for scalar in text.unicodeScalars where !ScalarWidth.isControl(scalar.value) { clean.unicodeScalars.append(scalar) }
    pending += Array("\u{1B}]2;\(clean)\u{1B}\\".utf8)
    flush()
  }

  /// Gives the terminal back for a while or for good; `resume` takes it again.
  public func leave() {
    guard isOpen else { return }
    isOpen = false
    podium_screen_leave()
    let bytes = takeBytes()
    pending += bytes + Self.resetBytes(title: abilities.hasTitle)
    pens.forget()
    flush(patiently: true)
    _ = podium_guard_restore()
  }

  /// Takes the terminal again after `leave`.
  public func resume() {
    guard !isOpen else { return }
    isOpen = true
    pending = []
    pacing = FramePacing()
    _ = podium_guard_raw()
    pending += Array((abilities.hasTitle ? "\u{1B}[22;2t" : "").utf8) + modes(on: true)
    if hasMouse {
      hasMouse = false
      setMouse(true)
    }
    title = ""
    _ = resize()
    redraw()
  }

  /// Sets the terminal's modes once more and draws everything, after a stop that came without warning.
  public func takeAgain() {
    guard isOpen else { return }
    podium_screen_leave()
    _ = takeBytes()
    pens.forget()
    isOpen = false
    resume()
  }

  /// Gives the terminal back for good.
  ///
  /// Waits a moment for an answer that is still due: it would appear at the shell's prompt otherwise.
  public func close() {
    guard isOpen else { return }
    leave()
    if pacing.isWaiting {
      _ = podium_guard_raw()
      var poller = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&poller, 1, 50)
      tcflush(0, TCIFLUSH)
    }
    _ = podium_guard_restore()
    podium_guard_remove()
  }

  /// Sends what waits, as far as the terminal takes it.
  public func flush() { flush(patiently: false) }

  private func flush(patiently: Bool) {
    var done = 0
    let deadline = Self.now() + 1
    while done < pending.count {
      let count = unsafe pending[done...].withUnsafeBytes { unsafe write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        done += count
      } else if errno == EINTR {
        continue
      } else if errno == EAGAIN {
        guard patiently, Self.now() < deadline else { break }
        var poller = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&poller, 1, 100)
      } else {
        // A vanished terminal; the loop ends on it.
        done = pending.count
      }
    }
    pending.removeFirst(done)
  }

  /// Puts the spans that differ from what is shown.
  private func put(_ canvas: Canvas, _ painter: CellPainter) {
    let columns = min(canvas.width, size.columns)
    let complete = shown.count == canvas.cells.count
    var line: [podium_cell] = []
    for row in 0..<min(canvas.height, size.rows) {
      let start = row * canvas.width
      var column = 0
      while column < columns {
        if complete, shown[start + column] == canvas.cells[start + column] {
          column += 1
          continue
        }
        var first = column
        while first > 0, canvas.cells[start + first].isContinuation { first -= 1 }
        var end = column + 1
        var same = 0
        // Short stretches that did not change are cheaper put again than skipped.
        while end < columns, same < 8 {
          same = complete && shown[start + end] == canvas.cells[start + end] ? same + 1 : 0
          end += 1
        }
        while end < columns, canvas.cells[start + end].isContinuation { end += 1 }
        line.removeAll(keepingCapacity: true)
        for place in first..<end {
          var cell = canvas.cells[start + place]
          if cell.isContinuation { continue }
          if appearance.ascii { cell.scalar = Glyphs.ascii(cell.scalar) }
          line.append(painter.paint(cell))
        }
        unsafe podium_screen_put(Int32(row), Int32(first), line, Int32(line.count))
        column = end
      }
    }
    shown = canvas.cells
  }

  /// What ncurses wrote since the last time.
  private func takeBytes() -> [UInt8] {
    let length = Int(lseek(memory, 0, SEEK_END))
    guard length > 0 else { return [] }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      count = unsafe max(0, pread(memory, buffer.baseAddress, length, 0))
    }
    ftruncate(memory, 0)
    lseek(memory, 0, SEEK_SET)
    return pens.filter(bytes)
  }

  /// Bracketed paste and focus reports.
  private func modes(on: Bool) -> [UInt8] { Array((on ? "\u{1B}[?2004h\u{1B}[?1004h" : "").utf8) }

  private static let begin = Array("\u{1B}[?2026h".utf8)
  /// The end of a frame, and the request that `FramePacing` waits for.
  private static let end = Array("\u{1B}[?2026l\u{1B}[5n".utf8)

  private static func needsEntry(_ level: ColorLevel, colors: Int) -> Bool {
    switch level {
    case .mono: false
    case .sixteen: colors < 16
    case .palette: colors < 256
    case .truecolor: colors < 1 << 24
    }
  }

  /// Everything that gives the terminal back, whatever state it is in.
  private static func resetBytes(title: Bool) -> [UInt8] {
    var bytes = Array("\u{1B}[?2026l\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?2004l\u{1B}[?1004l".utf8)
    for name in ["sgr0", "rmkx", "cnorm", "rmcup"] {
      var buffer = [CChar](repeating: 0, count: 64)
      let length = Int(unsafe podium_capability(name, &buffer, 64))
      bytes += buffer.prefix(length).map { UInt8(bitPattern: $0) }
    }
    return bytes + Array((title ? "\u{1B}[23;2t" : "").utf8)
  }

  /// The terminal opened once more, so that not waiting for it is our own affair: the flag belongs to the open file,
  /// and the shell shares the one that we were given.
  private static func openOutput() -> Int32 {
    let own = unsafe open("/proc/self/fd/1", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    return own >= 0 ? own : 1
  }

  private static func measure() -> (columns: Int, rows: Int) {
    var columns: Int32 = 0
    var rows: Int32 = 0
    guard unsafe podium_get_size(1, &columns, &rows) == 0, columns > 0, rows > 0 else { return (80, 24) }
    return (Int(columns), Int(rows))
  }

  /// Seconds of a clock that only goes forward.
  static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
