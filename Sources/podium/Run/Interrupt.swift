import Glibc

/// Ctrl-C, asked for between two steps instead of ending the program in the middle of one.
struct Interrupt: ~Copyable {
  private var signals = sigset_t()

  /// From now on SIGINT waits until somebody asks; the calling thread is the only one.
  init() {
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigprocmask(SIG_BLOCK, &signals, nil)
  }

  deinit {
    var signals = signals
    unsafe sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  /// Whether Ctrl-C was pressed; it stays so.
  var isPending: Bool {
    var pending = sigset_t()
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGINT) == 1
  }
}
