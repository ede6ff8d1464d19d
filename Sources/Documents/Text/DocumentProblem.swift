import Words

/// Why a document cannot be used, in one sentence for a person: where, what is wrong, what is accepted.
public struct DocumentProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// Where something was written.
  public enum Place: Hashable, Sendable, CustomStringConvertible {
    /// In a file; line and column count from one, nil where the whole file is meant.
    case file(String, line: Int?, column: Int?)
    /// On the command line, such as `--set decode.0.batch`.
    case option(String)

    /// `file:line:column`, or the option.
    public var description: String {
      switch self {
      case .file(let name, let line?, let column?): "\(name.printable()):\(line):\(column)"
      case .file(let name, let line?, nil): "\(name.printable()):\(line)"
      case .file(let name, nil, _): name.printable()
      case .option(let option): option.printable()
      }
    }
  }

  /// Where it was written.
  public var place: Place
  /// What is wrong and what is accepted.
  public var message: String

  /// A problem at a place.
  public init(_ place: Place, _ message: String) {
    self.place = place
    self.message = message
  }

  /// Place and sentence; safe to print.
  public var description: String { "\(place): \(message)" }
}
