/// A key without what it prints.
public enum Key: Hashable, Sendable {
  /// A printing key, by what it types; with Control the letter in lower case.
  case character(Unicode.Scalar)
  /// Enter or Return.
  case enter
  /// Tab; with Shift it is Back-Tab.
  case tab
  /// Backspace.
  case backspace
  /// Escape.
  case escape
  /// Cursor keys.
  case up, down, left, right
  /// Keys of the block above the cursor keys.
  case home, end, pageUp, pageDown, insert, delete
  /// F1 to F20.
  case function(Int)
}

/// Keys held down beside another.
public struct Modifiers: OptionSet, Hashable, Sendable {
  /// Bits, as xterm counts them.
  public let rawValue: UInt8
  /// Modifiers by their bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Shift; never reported with a printing key, whose letter shows it.
  public static let shift = Modifiers(rawValue: 1)
  /// Alt or Meta.
  public static let alt = Modifiers(rawValue: 2)
  /// Control.
  public static let control = Modifiers(rawValue: 4)
}

/// A button or the wheel of a mouse.
public enum MouseButton: Hashable, Sendable {
  /// The buttons.
  case left, middle, right
  /// One notch of the wheel.
  case wheelUp, wheelDown, wheelLeft, wheelRight
}

/// Something a person or the terminal did.
public enum InputEvent: Hashable, Sendable {
  /// A key.
  case key(Key, Modifiers)
  /// Text put in at once by bracketed paste, without control characters but newline and tab.
  case paste(String)
  /// A button went down, or the wheel moved, at a cell counted from zero.
  case mousePress(MouseButton, column: Int, row: Int, Modifiers)
  /// A button went up.
  case mouseRelease(MouseButton, column: Int, row: Int, Modifiers)
  /// The mouse moved with a button down.
  case mouseDrag(MouseButton, column: Int, row: Int, Modifiers)
  /// The terminal's window gained or lost the keyboard.
  case focus(Bool)
  /// The terminal changed its size.
  case resize(columns: Int, rows: Int)
  /// The terminal answered that it has shown everything up to a frame's end.
  case acknowledged

  /// A key without modifiers.
  public static func key(_ key: Key) -> InputEvent { .key(key, []) }
}
