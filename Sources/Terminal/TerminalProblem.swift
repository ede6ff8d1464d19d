/// Why there is no screen, as a sentence for a person.
public enum TerminalProblem: Error, CustomStringConvertible, Hashable, Sendable {
  /// Standard input or output leads elsewhere.
  case notATerminal(String)
  /// `TERM` is unset, or names a terminal that cannot place its cursor.
  case cannotDraw(term: String)
  /// `TERM` is in no terminfo database.
  case unknown(term: String)
  /// The system refused something.
  case system(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .notATerminal(let which):
      "\(which) is not a terminal, so there is nowhere to draw; `podium run` works without one."
    case .cannotDraw(let term):
      term.isEmpty
        ? "TERM is not set, so this terminal's abilities are unknown; set it, for example TERM=xterm-256color."
        : "The terminal TERM=\(term) cannot place its cursor; use another, or `podium run`."
    case .unknown(let term):
      "No terminfo entry describes TERM=\(term); set TERM=xterm-256color, or install the package ncurses-term."
    case .system(let what): "The terminal could not be set up: \(what)."
    }
  }
}
