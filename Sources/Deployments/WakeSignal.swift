import CPlatform
import Glibc

/// A flag that one thread raises and another waits for or polls as a file descriptor.
final class WakeSignal: Sendable {
  /// Readable while raised; -1 where the system has no descriptor left.
  let descriptor: Int32

  init() { descriptor = podium_wake_descriptor() }

  deinit { if descriptor >= 0 { close(descriptor) } }

  func raise() { podium_wake(descriptor) }

  func lower() { podium_drain(descriptor) }

  /// Returns when it is raised, or after some time; nil waits for ever.
  ///
  /// Lowers it.
  func wait(nanoseconds: Int64?) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // Rounded up: waking early would only mean to wait once more.
    let milliseconds = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
    _ = unsafe poll(&request, 1, max(-1, milliseconds))
    lower()
  }
}
