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
  /// The frame of which a part has not gone out, and the row that comes first when more of it goes.
  private var rest: (canvas: Canvas, theme: Theme)?
  private var nextRow = 0
  /// What the last keys changed and has not gone out: it goes before all else.
  private var answer: [CellSpan] = []
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
    if let entry = PrivateTerminfo.name(term: term, level: abilities.color) {
      name = entry
    } else if Self.needsEntry(abilities.color, colors: Int(colors)) {
      abilities.color = colors >= 256 ? .palette : .sixteen
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
    takeModes()
    if mouse { setMouse(true) }
    flush()
  }

  /// Whether a frame, or a part of it, would go out now.
  public func isReady(urgent: Bool) -> Bool {
    flush()
    return pending.isEmpty && pacing.allowance(urgent: urgent, at: Self.now()) > 0
  }

  /// Whether the line is too slow for whole frames: what a key changed is then worth knowing apart.
  public var isSlow: Bool { pacing.isLimited }

  /// Whether a part of the last frame has not gone out yet; `presentRest` sends more of it.
  public var hasRest: Bool { rest != nil }

  /// Whether bytes wait for the terminal to take them.
  public var isBlocked: Bool { !pending.isEmpty }

  /// The descriptor to poll for room while `isBlocked`.
  public var descriptor: Int32 { output }

  /// Shows a canvas, or leaves it out where the reader is behind.
  public func present(_ canvas: Canvas, theme: Theme, urgent: Bool) -> FrameOutcome {
    present(canvas, theme: theme, urgent: urgent, before: nil)
  }

  /// Shows a canvas, as much of it as the line takes now: what differs from `before`, the screen before the last key,
  /// goes first and alone.
  func present(_ canvas: Canvas, theme: Theme, urgent: Bool, before: Canvas?) -> FrameOutcome {
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
    if shown.count != canvas.cells.count { shown = Array(repeating: Self.unknown, count: canvas.cells.count) }
    let cursor = canvas.cursor
    let moved = cursor?.column != shownCursor?.column || cursor?.row != shownCursor?.row
    shownCursor = cursor
    let bytes = put(canvas, theme, limit: pacing.allowance(urgent: urgent, at: start), before: before)
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

  /// Sends more of the last frame, as much as the line takes.
  func presentRest() {
    guard let rest, isReady(urgent: false) else { return }
    _ = present(rest.canvas, theme: rest.theme, urgent: false)
  }

  /// Puts what differs from what is shown, span by span where bytes are limited; gives what ncurses wrote.
  private func put(_ canvas: Canvas, _ theme: Theme, limit: Int, before: Canvas?) -> [UInt8] {
    rest = nil
    let size = size
    func spans(_ cells: [Cell]) -> [CellSpan] {
      CellSpan.between(
        canvas, cells, columns: size.columns, rows: size.rows, longest: limit == .max ? .max : Self.longestSpan)
    }
    guard limit != .max else {
      answer = []
      for span in spans(shown) { put(span, of: canvas) }
      refresh()
      return takeBytes()
    }
    if let before, before.cells.count == canvas.cells.count { answer = spans(before.cells) + answer }
    answer = answer.filter { $0.differs(canvas, shown) }
    refresh()
    var bytes = takeBytes()
    func send(_ span: CellSpan) -> Bool {
      guard bytes.count < limit else { return false }
      guard span.differs(canvas, shown) else { return true }
      put(span, of: canvas)
      podium_screen_refresh_part()
      bytes += takeBytes()
      return true
    }
    var isWhole = answer.allSatisfy(send)
    // With the answer to a key goes nothing else: a further part of it may be on its way from the model.
    if isWhole, before == nil {
      let order = CellSpan.turned(spans(shown), from: nextRow)
      let cut = order.first { !send($0) }
      nextRow = cut?.row ?? nextRow
      isWhole = cut == nil
    }
    if !isWhole || before != nil { rest = (canvas, theme) }
    refresh()
    return bytes + takeBytes()
  }

  /// Where the cursor rests decides how ncurses leaves the screen, so it is said before each refresh.
  private func refresh() {
    podium_screen_cursor(Int32(shownCursor?.column ?? -1), Int32(shownCursor?.row ?? -1))
    podium_screen_refresh()
  }

  /// The terminal answered a request.
  public func acknowledge() { pacing.acknowledged(at: Self.now()) }

  /// Asks the terminal for its size; true if it changed.
  public func resize() -> Bool {
    let measured = Self.measure()
    guard measured != size else { return false }
    size = measured
    podium_screen_resize(Int32(size.columns), Int32(size.rows))
    forget()
    return true
  }

  /// Makes the next frame draw everything.
  public func redraw() {
    podium_screen_redraw()
    forget()
  }

  /// What the terminal shows is not known: the next frame goes whole.
  private func forget() {
    shown = []
    answer = []
    rest = nil
    pacing.restart()
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
    takeModes()
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

  private func put(_ span: CellSpan, of canvas: Canvas) {
    painter?.put(span, of: canvas, ascii: appearance.ascii, shown: &shown, pens: &pens)
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

  /// Keys as they come, the title kept aside, bracketed paste and focus reports; and whether the terminal answers.
  private func takeModes() {
    _ = podium_guard_raw()
    pending += Array((abilities.hasTitle ? "\u{1B}[22;2t" : "").utf8) + Array("\u{1B}[?2004h\u{1B}[?1004h".utf8)
    pending += Self.request
    pacing.probed(at: Self.now())
  }

  private static let begin = Array("\u{1B}[?2026h".utf8)
  /// The request that `FramePacing` waits for.
  private static let request = Array("\u{1B}[5n".utf8)
  private static let end = Array("\u{1B}[?2026l".utf8) + request
  /// A cell that equals no drawn one: what the terminal shows there is not known.
  private static let unknown: Cell = {
    var cell = Cell()
    cell.scalar = .max
    return cell
  }()
  /// Cells of a span that is sent alone: a hundred bytes or two.
  private static let longestSpan = 12

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
