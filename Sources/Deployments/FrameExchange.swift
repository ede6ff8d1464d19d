import Synchronization
import Telemetry

/// Hands the newest frame from one thread to another: a triple buffer, so that neither ever waits.
///
/// The writer fills its own slot and swaps it with the middle one; the reader swaps its own with the middle one where
/// that is fresh. Frames that nobody took are overwritten.
final class FrameExchange: @unchecked Sendable {
  // The three slots are never touched by two threads at once: `middle` says whose is whose.
  private var slots: [Frame?] = [nil, nil, nil]
  private var writing = 0
  private var reading = 1
  /// Index of the middle slot, plus four while it is fresh.
  private let middle = Atomic<Int>(2)

  /// Publishes a frame; only one thread may call it.
  func publish(_ frame: Frame) {
    slots[writing] = frame
    writing = middle.exchange(writing | 4, ordering: .acquiringAndReleasing) & 3
  }

  /// The newest frame, nil if it was taken already; only one thread may call it.
  func take() -> Frame? {
    guard middle.load(ordering: .acquiring) & 4 != 0 else { return nil }
    reading = middle.exchange(reading, ordering: .acquiringAndReleasing) & 3
    return slots[reading]
  }
}
