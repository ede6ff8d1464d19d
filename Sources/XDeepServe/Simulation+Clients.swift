// What clients do: wait, ask again, cancel.
extension Simulation {
  /// Mean wait before a client's first further attempt, seconds; each later one is twice as long (assumption).
  static let backOffSeconds = 1.0

  /// Draws what the client of a request will do.
  ///
  /// One that cancels does so at a random point of its output; nobody but the client knows, and what the system
  /// expects of outputs does not depend on it. So the request ends there, and its KV is free at once.
  mutating func drawClient(_ id: Int) {
    requests.attempts[id] = Int32(scenario.clients.retries)
    guard scenario.clients.cancel > 0, clients.unit() < scenario.clients.cancel else { return }
    requests.cancels[id] = true
    requests.output[id] = 1 + Int32(clients.index(below: Int(requests.output[id])))
  }

  /// A request goes to the job executor, and its client begins to wait.
  mutating func submit(_ id: Int) {
    schedule(
      .timeout, at: now + Int64(scenario.clients.patienceSeconds * 1e9), subject: id, tag: requests.number[id])
    guard admits(id) else { return }
    if isMixed { takeMixed(id) } else { queueForPrefill(id) }
  }

  /// A client that gave up waits a moment before it asks again.
  ///
  /// The place of its last attempt stays abandoned in the queue where it is; the new one keeps number and arrival.
  mutating func rest(_ id: Int) {
    let again = requests.attemptAgain(id)
    let tried = scenario.clients.retries - Int(requests.attempts[again]) - 1
    let wait = Self.backOffSeconds * Double(1 << min(tried, 10)) * (0.5 + clients.unit())
    schedule(.retry, at: now + Int64(wait * 1e9), subject: again, tag: requests.number[again])
  }

  /// A client asks again.
  mutating func ask(_ id: Int) {
    requests.state[id] = .queued
    submit(id)
  }
}
