import Glibc

/// Ctrl-C, asked for between two steps instead of ending the program in the middle of one.
struct Interrupt {
  /// From now on SIGINT waits until somebody asks, to the end of the program: let go, a waiting one would kill it.
  ///
  /// The calling thread is the only one.
  init() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigprocmask(SIG_BLOCK, &signals, nil)
  }

  /// Whether Ctrl-C was pressed; it stays so.
  var isPending: Bool {
    var pending = sigset_t()
    unsafe sigpending(&pending)
    return unsafe sigismember(&pending, SIGINT) == 1
  }
}
