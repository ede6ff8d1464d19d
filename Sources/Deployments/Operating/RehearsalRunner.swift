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

  private enum Job {
    case preview(PreviewRequest, on: any SteppedModel, asked: Int64)
    case suggestions(Int, on: any SteppedModel)
  }

  private struct Shared {
    var job: Job?
    /// The request that is wanted, zero for none.
    var wanted = 0
    var stopping = false
    var preview: Preview?
    var suggestions: SuggestionList?
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
      shared.suggestions = nil
      shared.isFresh = false
    }
  }

  /// Hands over a fork; nothing where the request is no longer wanted.
  func begin(_ request: PreviewRequest, on model: any SteppedModel, asked: Int64) {
    shared.withLock { shared in
      guard shared.wanted == request.number else { return }
      shared.job = .preview(request, on: model, asked: asked)
    }
    jobReady.raise()
  }

  /// Hands over a fork for a search of what is worth doing.
  func begin(_ number: Int, on model: any SteppedModel) {
    shared.withLock { shared in
      guard shared.wanted == number else { return }
      shared.job = .suggestions(number, on: model)
    }
    jobReady.raise()
  }

  /// How far the search has come, where that was not taken yet.
  func takeSuggestions() -> SuggestionList? { shared.withLock { $0.suggestions.take() } }

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
      switch job {
      case .preview(let request, let model, let asked): work(request, model, asked: asked)
      case .suggestions(let number, let model): search(number, model)
      case nil: jobReady.wait(nanoseconds: nil)
      }
    }
  }

  private func work(_ request: PreviewRequest, _ model: any SteppedModel, asked: Int64) {
    var preview = Preview(request: request, time: model.now)
    var rehearsal: Rehearsal
    do throws(ActionRefusal) {
      rehearsal = try model.rehearsal(of: request)
    } catch {
      preview.refusal = error.message
      preview.nearest = error.nearest
      publish(preview, asked: asked)
      return
    }
    preview.moves = rehearsal.moves
    preview.touched = rehearsal.touched
    var shown = Int64.min / 2
    while !rehearsal.isDone {
      guard isWanted(request.number) else { return }
      rehearsal.advance()
      let now = WallClock.now()
      guard now >= shown + Self.interval || rehearsal.isDone else { continue }
      shown = now
      preview.futures = rehearsal.futures
      preview.cost = rehearsal.cost
      publish(preview, asked: asked)
    }
  }

  private func search(_ number: Int, _ model: any SteppedModel) {
    guard var search = model.suggestionSearch() else {
      return tell(SuggestionList(number: number, isDone: true, problem: "this deployment takes no actions"))
    }
    var shown = Int64.min / 2
    while !search.isDone {
      guard isWanted(number) else { return }
      search.advance()
      let now = WallClock.now()
      // The ranking of all that was tried costs more than a second of a future: it is looked at now and then.
      guard now >= shown + 10 * Self.interval || search.isDone else { continue }
      shown = now
      tell(SuggestionList(number: number, search))
    }
  }

  private func tell(_ list: SuggestionList) {
    shared.withLock { shared in
      guard shared.wanted == list.number else { return }
      shared.suggestions = list
    }
    news.raise()
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
