/// What the sequences of xterm, VT220, rxvt and the Linux console mean.
enum KeySequences {
  /// The key of `ESC O letter`.
  static func application(_ letter: UInt8) -> InputEvent? {
    if letter >= 0x50 && letter <= 0x53 { return .key(.function(Int(letter) - 0x4F)) }
    if letter == 0x4D { return .key(.enter) }
    return cursor(letter).map { .key($0, []) }
  }

  /// The event of `ESC [ parameters letter`, nil for what says nothing to us.
  static func control(_ parameters: ArraySlice<UInt8>, _ letter: UInt8) -> InputEvent? {
    if parameters.first == 0x3C { return mouse(numbers(parameters.dropFirst()), pressed: letter == 0x4D, letter) }
    // Private markers: answers about the terminal itself.
    if let first = parameters.first, first > 0x3B { return nil }
    let values = numbers(parameters)
    let modifiers = values.count > 1 ? modifiers(values[1]) : []
    switch letter {
    case 0x49: return .focus(true)
    case 0x4F: return .focus(false)
    case 0x5A: return .key(.tab, .shift)
    case 0x6E: return values == [0] ? .acknowledged : nil
    case 0x50...0x53: return .key(.function(Int(letter) - 0x4F), modifiers)
    case 0x7E: return values.first.flatMap(editing).map { .key($0, modifiers) }
    case 0x61...0x64: return cursor(letter - 0x20).map { .key($0, .shift) }
    case 0x75: return values.first.flatMap(coded).map { .key($0, modifiers) }
    default: return cursor(letter).map { .key($0, modifiers) }
    }
  }

  private static func cursor(_ letter: UInt8) -> Key? {
    switch letter {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x46: .end
    case 0x48: .home
    default: nil
    }
  }

  private static func editing(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28, 29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }

  private static func coded(_ number: Int) -> Key? {
    switch number {
    case 9: .tab
    case 13: .enter
    case 27: .escape
    case 127: .backspace
    default:
      UInt32(exactly: number).flatMap { ScalarWidth.isControl($0) ? nil : Unicode.Scalar($0) }.map { .character($0) }
    }
  }

  /// SGR reports: button and modifiers in one number, then column and row from one.
  private static func mouse(_ values: [Int], pressed: Bool, _ letter: UInt8) -> InputEvent? {
    guard values.count == 3, letter == 0x4D || letter == 0x6D, values[1] > 0, values[2] > 0 else { return nil }
    let code = values[0]
    var held: Modifiers = []
    if code & 4 != 0 { held.insert(.shift) }
    if code & 8 != 0 { held.insert(.alt) }
    if code & 16 != 0 { held.insert(.control) }
    let button: MouseButton
    switch code & ~0x3C {
    case 0: button = .left
    case 1: button = .middle
    case 2: button = .right
    case 64: button = .wheelUp
    case 65: button = .wheelDown
    case 66: button = .wheelLeft
    case 67: button = .wheelRight
    default: return nil
    }
    let column = values[1] - 1
    let row = values[2] - 1
    if code & 32 != 0 { return .mouseDrag(button, column: column, row: row, held) }
    return pressed
      ? .mousePress(button, column: column, row: row, held) : .mouseRelease(button, column: column, row: row, held)
  }

  private static func modifiers(_ number: Int) -> Modifiers {
    let bits = max(0, number - 1)
    var held = Modifiers(rawValue: UInt8(bits & 7))
    if bits & 32 != 0 { held.insert(.alt) }
    return held
  }

  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    var values: [Int] = []
    var value = 0
    for byte in bytes {
      if byte >= 0x30 && byte <= 0x39 {
        value = min(value * 10 + Int(byte) - 0x30, 1 << 20)
      } else if byte == 0x3B {
        values.append(value)
        value = 0
      } else if byte == 0x3A {
        continue
      } else {
        return []
      }
    }
    return bytes.isEmpty ? [] : values + [value]
  }
}
