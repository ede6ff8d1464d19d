/// What a program does with a terminal; `TerminalSession` calls it, on one thread.
public protocol TerminalProgram: AnyObject {
  /// Something happened at the terminal. A redraw follows at once.
  func handle(_ event: InputEvent, _ session: TerminalSession)
  /// A descriptor given to `TerminalSession.watch` has something; the program empties it. True asks for a redraw at the
  /// next tick.
  func wake(_ descriptor: Int32, _ session: TerminalSession) -> Bool
  /// The frame timer fired; true if something changed that is to be drawn.
  func tick(_ session: TerminalSession) -> Bool
  /// Draws everything for a size.
  func draw(width: Int, height: Int, appearance: Appearance) -> Canvas
  /// The theme in use.
  var theme: Theme { get }
}

/// Why a session ended.
public enum SessionEnd: Hashable, Sendable {
  /// The program asked for it.
  case quit
  /// A signal asked for it (SIGINT, SIGTERM, SIGHUP, SIGQUIT).
  case signal(Int32)
  /// The terminal is gone.
  case vanished
}
