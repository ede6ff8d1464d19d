import Dispatch
import Synchronization
import XDeepServe

/// One scenario under several seeds, each a simulation of its own, spread over threads.
struct SeedRuns {
  /// A scenario before its first second, by seed.
  let simulation: @Sendable (UInt64) throws -> Simulation
  /// Runs one to its end; nil where it was interrupted.
  let run: @Sendable (inout Simulation) -> RunReport?

  private struct Shared {
    var next = 0
    var reports: [Int: RunReport] = [:]
    var problem: (any Error)?
    var interrupted = false
  }

  /// Reports in the order of the seeds; nil where it was interrupted.
  ///
  /// - Parameter finished: Told after each run how many are done.
  /// - Throws: What a scenario of a seed has against it.
  func reports(
    seeds: [UInt64], threads: Int, finished: @escaping @Sendable (Int) -> Void
  ) throws -> [RunReport]? {
    let shared = Mutex(Shared())
    let work = self
    DispatchQueue.concurrentPerform(iterations: min(threads, seeds.count)) { _ in
      while let place = shared.withLock({ work.take(&$0, of: seeds.count) }) {
        do {
          var simulation = try work.simulation(seeds[place])
          let report = work.run(&simulation)
          let done = shared.withLock { shared in
            if let report { shared.reports[place] = report } else { shared.interrupted = true }
            return shared.reports.count
          }
          finished(done)
        } catch {
          shared.withLock { $0.problem = $0.problem ?? error }
        }
      }
    }
    return try shared.withLock { shared in
      if let problem = shared.problem { throw problem }
      return shared.interrupted ? nil : seeds.indices.compactMap { shared.reports[$0] }
    }
  }

  private func take(_ shared: inout Shared, of count: Int) -> Int? {
    guard shared.problem == nil, !shared.interrupted, shared.next < count else { return nil }
    defer { shared.next += 1 }
    return shared.next
  }
}
