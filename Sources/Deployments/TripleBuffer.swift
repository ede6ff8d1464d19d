import Synchronization

/// Hands the newest value from one thread to another without ever making either wait.
///
/// The writer fills a slot of its own and exchanges it for the middle one; the reader exchanges its own for the middle
/// one when that is fresh. Values that nobody took are overwritten: nothing queues up behind a slow reader.
///
/// Exactly one thread may publish and exactly one may take.
@safe
final class TripleBuffer<Value: Sendable>: @unchecked Sendable {
  private static var fresh: UInt8 { 4 }

  /// Three slots; which one belongs to whom is what `middle`, `writing` and `reading` say.
  private let slots: UnsafeMutablePointer<Value?>
  /// Slot between the two, with the bit `fresh` while the reader has not had it.
  private let middle = Atomic<UInt8>(1)
  /// The writer's slot, touched by its thread alone.
  private var writing: UInt8 = 0
  /// The reader's slot, touched by its thread alone.
  private var reading: UInt8 = 2

  init() {
    unsafe slots = UnsafeMutablePointer.allocate(capacity: 3)
    unsafe slots.initialize(repeating: nil, count: 3)
  }

  deinit {
    unsafe slots.deinitialize(count: 3)
    unsafe slots.deallocate()
  }

  /// Makes a value the newest one; for the writer.
  func publish(_ value: Value) {
    unsafe slots[Int(writing)] = value
    writing = middle.exchange(writing | Self.fresh, ordering: .acquiringAndReleasing) & ~Self.fresh
  }

  /// The newest value that was not taken yet, nil where there is none; for the reader.
  func take() -> Value? {
    guard middle.load(ordering: .relaxed) & Self.fresh != 0 else { return nil }
    reading = middle.exchange(reading, ordering: .acquiringAndReleasing) & ~Self.fresh
    return unsafe slots[Int(reading)]
  }
}
