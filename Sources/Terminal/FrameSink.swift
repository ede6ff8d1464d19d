/// What became of a frame that was to be shown.
public enum FrameOutcome: Hashable, Sendable {
  /// It went out, so many bytes (none where nothing changed).
  case shown(bytes: Int)
  /// The reader has not taken the last one; draw anew when `isReady`.
  case dropped
}

/// Something that shows canvases: the terminal through ncurses, or a test.
public protocol FrameSink: AnyObject {
  /// What panels must know of it.
  var appearance: Appearance { get }
  /// Its size now.
  var size: (columns: Int, rows: Int) { get }
  /// Shows a canvas. `urgent` frames answer a key and wait for less than a tick's.
  func present(_ canvas: Canvas, theme: Theme, urgent: Bool) -> FrameOutcome
}

/// What a frame cost, for the cost panel.
public struct FrameCost: Hashable, Sendable {
  /// Bytes sent.
  public var bytes: Int
  /// From the canvas to the bytes handed over, in milliseconds.
  public var milliseconds: Double
  /// Of those, the time that the write took.
  public var writeMilliseconds: Double
  /// From the state to the canvas, in milliseconds; not part of `milliseconds`.
  public var paintMilliseconds: Double

  /// A cost; see the properties.
  public init(bytes: Int, milliseconds: Double, writeMilliseconds: Double = 0, paintMilliseconds: Double = 0) {
    self.bytes = bytes
    self.milliseconds = milliseconds
    self.writeMilliseconds = writeMilliseconds
    self.paintMilliseconds = paintMilliseconds
  }
}
