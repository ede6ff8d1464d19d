extension Scenario.Workload {
  /// Requests a second that the scenario asks for at a time; nil where no rate says when they come.
  ///
  /// - Parameter time: Nanoseconds since the scenario's start.
  public func rate(at time: Int64) -> Double? {
    switch self {
    case .poisson(let rate, _, _): rate
    case .daily(let mean, let start, _, _): mean * DailyCurve.multiple(atSecond: start + Double(time) / 1e9)
    case .closed, .trace: nil
    }
  }
}

extension Simulation {
  /// Puts the next arrival of a workload with a rate on the calendar.
  mutating func planArrival() {
    switch scenario.workload {
    case .poisson(let rate, _, _):
      schedule(.arrival, at: now + Int64(arrivals.exponential() / (rate * loadFactor) * 1e9))
    case .daily(let mean, let start, _, _):
      // Arrivals at the day's peak, of which each stays with the share that its time has of it.
      let most = mean * DailyCurve.peak * loadFactor
      var seconds = 0.0
      repeat {
        seconds += arrivals.exponential() / most
      } while arrivals.unit() * DailyCurve.peak
        >= DailyCurve.multiple(atSecond: start + Double(now) / 1e9 + seconds)
      schedule(.arrival, at: now + Int64(seconds * 1e9))
    case .closed, .trace: break
    }
  }
}
