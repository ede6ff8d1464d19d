import CPlatform

/// Wakes the event loop from another thread: watch `descriptor`, `raise` anywhere, `clear` in `TerminalProgram.wake`.
public struct WakeSignal: Sendable {
  /// What the loop polls.
  public let descriptor: Int32

  /// A signal of its own, for as long as the program runs.
  public init() { descriptor = podium_wake_descriptor() }

  /// Wakes the loop.
  public func raise() { podium_wake(descriptor) }

  /// Readies it for the next time.
  public func clear() { podium_drain(descriptor) }
}
