import Synchronization
import Telemetry
import XDeepServe

/// A thread that works out rehearsals, one at a time: a new one, or a cancellation, ends the one under way within one
/// simulated second of it.
///
/// It works on a fork that the model's thread hands over and shares nothing with the model but unwritten storage.
final class RehearsalRunner: Sendable {
  /// Between two looks at a rehearsal, nanoseconds: what is drawn need not come more often.
  private static let interval: Int64 = 40_000_000

  private struct Job {
    var request: PreviewRequest
    var model: any SteppedModel
    var asked: Int64
  }

  private struct Shared {
    var job: Job?
    /// The request that is wanted, zero for none.
    var wanted = 0
    var stopping = false
    var preview: Preview?
    var isFresh = false
  }

  private let shared = Mutex(Shared())
  private let jobReady = WakeSignal()
  private let news: WakeSignal

  /// - Parameter news: Raised whenever there is more to see.
  init(news: WakeSignal) { self.news = news }

  /// Wants a request from now on, before the fork for it is there.
  func want(_ number: Int) { shared.withLock { $0.wanted = number } }

  /// Gives up the rehearsal under way.
  func cancel() {
    shared.withLock { shared in
      shared.wanted = 0
      shared.job = nil
      shared.preview = nil
      shared.isFresh = false
    }
  }

  /// Hands over a fork; nothing where the request is no longer wanted.
  func begin(_ request: PreviewRequest, on model: any SteppedModel, asked: Int64) {
    shared.withLock { shared in
      guard shared.wanted == request.number else { return }
      shared.job = Job(request: request, model: model, asked: asked)
    }
    jobReady.raise()
  }

  /// The newest look at the rehearsal that was not taken yet.
  func take() -> Preview? {
    shared.withLock { shared in
      guard shared.isFresh else { return nil }
      shared.isFresh = false
      return shared.preview
    }
  }

  func stop() {
    shared.withLock { shared in
      shared.stopping = true
      shared.wanted = 0
    }
    jobReady.raise()
  }

  /// The thread's whole life.
  func run() {
    while true {
      let (job, stopping) = shared.withLock { ($0.job.take(), $0.stopping) }
      if stopping { return }
      if let job { work(job) } else { jobReady.wait(nanoseconds: nil) }
    }
  }

  private func work(_ job: Job) {
    var preview = Preview(request: job.request, time: job.model.now)
    var rehearsal: Rehearsal
    do throws(ActionRefusal) {
      rehearsal = try job.model.rehearsal(of: job.request)
    } catch {
      preview.refusal = error.message
      preview.nearest = error.nearest
      publish(preview, asked: job.asked)
      return
    }
    preview.moves = rehearsal.moves
    var shown = Int64.min / 2
    while !rehearsal.isDone {
      guard isWanted(job.request.number) else { return }
      rehearsal.advance()
      let now = WallClock.now()
      guard now >= shown + Self.interval || rehearsal.isDone else { continue }
      shown = now
      preview.futures = rehearsal.futures
      preview.costs = rehearsal.costs
      publish(preview, asked: job.asked)
    }
  }

  private func isWanted(_ number: Int) -> Bool { shared.withLock { $0.wanted == number } }

  private func publish(_ preview: Preview, asked: Int64) {
    var timed = preview
    timed.milliseconds = Int((WallClock.now() - asked) / 1_000_000)
    let told = timed
    shared.withLock { shared in
      guard shared.wanted == told.request.number else { return }
      shared.preview = told
      shared.isFresh = true
    }
    news.raise()
  }
}
