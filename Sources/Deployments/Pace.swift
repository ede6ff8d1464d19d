/// When the next simulated second is due on the wall clock, and how fast the last ones came.
struct Pace {
  /// Accepted speeds, simulated seconds a second.
  static let speeds = 0.25...1000.0
  /// How far the model may fall behind before its lost time is forgiven: no burst follows a suspended terminal.
  private static let patience: Int64 = 250_000_000

  private var wallAnchor: Int64
  private var modelAnchor: Int64
  private(set) var speed: Double
  /// Simulated seconds a second over the last second of the wall clock; the asked speed until measured.
  private(set) var reached: Double
  private var marks: [(wall: Int64, model: Int64)] = []

  init(speed: Double, wall: Int64, model: Int64) {
    self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
    reached = self.speed
    (wallAnchor, modelAnchor) = (wall, model)
    marks = [(wall, model)]
  }

  /// Wall time at which the model should stand at `model`.
  func due(_ model: Int64) -> Int64 { wallAnchor + Int64(Double(model - modelAnchor) / speed) }

  /// Starts counting anew: after a pause, a step, another speed.
  mutating func restart(speed: Double? = nil, wall: Int64, model: Int64) {
    if let speed { self.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound) }
    (wallAnchor, modelAnchor) = (wall, model)
    marks = [(wall, model)]
  }

  /// Notes that the model has arrived at `model`.
  mutating func arrived(wall: Int64, model: Int64) {
    if wall - due(model) > Self.patience { (wallAnchor, modelAnchor) = (wall, model) }
    marks.append((wall, model))
    // The oldest kept mark is the newest that is at least a second old.
    while marks.count > 2, wall - marks[1].wall >= 1_000_000_000 { marks.removeFirst() }
    let span = wall - marks[0].wall
    if span >= 900_000_000 { reached = Double(model - marks[0].model) / Double(span) }
  }
}
