/// One figure of the published calibration table beside what the model gives.
public struct CalibrationRow: Hashable, Sendable {
  /// How far the model may be off.
  public enum Tolerance: Hashable, Sendable {
    /// By a share of the target.
    case share(Double)
    /// By so much in the figure's own unit.
    case points(Double)
    /// By a factor, up or down.
    case factor(Double)
    /// Not at all: the target is a range.
    case range
  }

  /// Row of the table, such as `K1`.
  public var id: String
  /// What was measured, with its unit.
  public var figure: String
  /// Published values that are met exactly; one value or a range.
  public var target: ClosedRange<Double>
  /// What the model gives; nil where it gives nothing.
  public var model: Double?
  /// How far it may be off.
  public var tolerance: Tolerance

  /// A row; see the properties.
  public init(_ id: String, _ figure: String, _ target: ClosedRange<Double>, _ tolerance: Tolerance, model: Double?) {
    self.id = id
    self.figure = figure
    self.target = target
    self.tolerance = tolerance
    self.model = model
  }

  /// A row with a single target.
  public init(_ id: String, _ figure: String, _ target: Double, _ tolerance: Tolerance, model: Double?) {
    self.init(id, figure, target...target, tolerance, model: model)
  }

  /// Distance from the nearest value of the target, in the tolerance's own measure: a share, points or a factor.
  ///
  /// Nothing is 0, or 1 for a factor.
  public var difference: Double? {
    guard let model, model.isFinite else { return nil }
    let nearest = min(max(model, target.lowerBound), target.upperBound)
    switch tolerance {
    case .share, .range: return model / nearest - 1
    case .points: return model - nearest
    case .factor: return model / nearest
    }
  }

  /// Whether the model lies within the tolerance.
  public var passes: Bool {
    guard let difference else { return false }
    switch tolerance {
    case .share(let most), .points(let most): return abs(difference) <= most
    case .factor(let most): return difference <= most && difference >= 1 / most
    case .range: return difference == 0
    }
  }
}
