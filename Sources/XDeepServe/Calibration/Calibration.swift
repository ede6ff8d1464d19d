/// The published rows that the model must reproduce, and what it gives for each today.
///
/// One place for the command `podium calibrate`, the table of docs/model.md and the tests.
public struct Calibration: Sendable {
  /// A part of the table that is worked out at one go.
  public enum Part: String, CaseIterable, Sendable {
    case colocated, split, otherStack, prefill, collectives, pointToPoint, reuse, production, experts, jitter
  }

  /// A row whose mechanism is still to come.
  public struct Later: Hashable, Sendable {
    /// Row of the table.
    public var id: String
    /// What it is about.
    public var about: String
  }

  /// Rows that cannot be worked out yet.
  public static let later: [Later] = []

  /// The rows of one part.
  ///
  /// - Complexity: Up to some seconds of computing.
  public static func rows(of part: Part) throws(ScenarioProblem) -> [CalibrationRow] {
    switch part {
    case .colocated: try colocated()
    case .split: try split()
    case .otherStack: try otherStack()
    case .prefill: try prefill()
    case .collectives: collectives()
    case .pointToPoint: pointToPoint()
    case .reuse: try reuse()
    case .production: try production()
    case .experts: try experts()
    case .jitter: try jitter()
    }
  }

  /// All rows, in the order of the table.
  public static func rows() throws(ScenarioProblem) -> [CalibrationRow] {
    var rows: [CalibrationRow] = []
    for part in Part.allCases { rows += try self.rows(of: part) }
    return rows
  }

  /// The middle one of some figures.
  static func median(_ figures: [Double]) -> Double? {
    figures.isEmpty ? nil : figures.sorted()[figures.count / 2]
  }
}
