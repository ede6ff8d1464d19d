/// A key as the console knows it.
public enum Key: Hashable, Sendable {
  /// A printable character.
  case character(Unicode.Scalar)
  case up, down, left, right, home, end, pageUp, pageDown
  case enter, escape, tab, backTab, backspace, delete
}

/// What a person does at the terminal.
public enum ConsoleInput: Hashable, Sendable {
  /// A key was pressed.
  case key(Key)
  /// Text was pasted.
  case paste(String)
  /// The left button was pressed at a cell, counted from zero.
  case click(column: Int, row: Int)
  /// The wheel was turned; up is negative.
  case wheel(lines: Int)
  /// The terminal has another size.
  case resize(width: Int, height: Int)
}

/// What the console asks of the program around it.
public enum ConsoleEffect: Hashable, Sendable {
  /// Leave.
  case quit
  /// Pause or go on.
  case pause(Bool)
  /// Simulated seconds a second.
  case speed(Double)
  /// One simulated second, while paused.
  case step
  /// Another theme, by name.
  case theme(String)
}
