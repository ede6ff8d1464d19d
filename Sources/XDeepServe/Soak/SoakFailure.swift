/// An invariant that did not hold in a soak case.
public struct SoakFailure: Hashable, Sendable {
  /// Simulated second.
  public let second: Int
  /// What did not hold.
  public let invariant: String
}

extension SoakCase {
  /// Runs the case and checks every invariant each simulated second.
  ///
  /// - Returns: The first that does not hold; nil where all do to the end.
  /// - Throws: Where the case's scenario does not fit together.
  public func run() throws(ScenarioProblem) -> SoakFailure? {
    var simulation = try Simulation(scenario)
    for second in 1...Self.seconds {
      simulation.advance(to: Int64(second) * Simulation.second)
      if let broken = simulation.brokenInvariant() ?? brokenUndo(simulation, second) {
        return SoakFailure(second: second, invariant: broken)
      }
    }
    return nil
  }

  /// Undo is tried on a copy every few seconds: whatever phase the last action is in.
  private func brokenUndo(_ simulation: Simulation, _ second: Int) -> String? {
    second % 3 == 0 ? simulation.brokenUndo() : nil
  }
}
