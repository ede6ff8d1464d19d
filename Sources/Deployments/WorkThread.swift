import Glibc
import Synchronization

/// A thread of its own for one piece of work, to be joined.
///
/// It inherits the signal mask of the one who starts it.
@safe
final class WorkThread: Sendable {
  private final class Body: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }

  private let thread: Mutex<pthread_t?>

  /// Starts the work; nil where the system gives no thread.
  init?(_ work: @escaping @Sendable () -> Void) {
    let body = unsafe Unmanaged.passRetained(Body(work))
    var thread = pthread_t()
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, body.toOpaque())
    guard result == 0 else {
      unsafe body.release()
      return nil
    }
    self.thread = Mutex(thread)
  }

  /// Waits until the work has ended; later calls return at once.
  func join() {
    let ending = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let ending { _ = pthread_join(ending, nil) }
  }
}
