/// Turns a terminal's bytes into events; a value, fed as bytes come.
///
/// Own decoding instead of `wgetch`: the loop polls standard input itself, ncurses cannot read SGR mouse reports under
/// tmux, and pastes, focus and answers need the same parser anyway. No input makes it stop: a sequence that is too long
/// or broken is dropped and reading goes on after it.
public struct InputDecoder: Sendable {
  /// Milliseconds after which a lone ESC is the Escape key: long enough for the rest of a sequence to arrive, too short
  /// to be felt.
  public static let escapeDelayMilliseconds = 25
  /// Longest paste kept; the rest of it is dropped (assumption: no command line is longer).
  public static let pasteLimit = 65536
  private static let sequenceLimit = 64

  private var pending: [UInt8] = []
  private var pasted: [UInt8]?

  /// A decoder that has seen nothing.
  public init() {}

  /// Whether bytes wait for more; after `waitMilliseconds` without any, call `timeout`.
  public var isWaiting: Bool { waitMilliseconds != nil }

  /// How long to wait for more, nil where nothing waits; a paste whose end mark got lost ends after a second.
  public var waitMilliseconds: Int? { pasted != nil ? 1000 : pending.isEmpty ? nil : Self.escapeDelayMilliseconds }

  /// Takes bytes and gives the events that are complete.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [InputEvent] {
    pending += bytes
    return drain(final: false)
  }

  /// Says that nothing came for a while: what waits is read as it stands, a lone ESC as the Escape key.
  public mutating func timeout() -> [InputEvent] {
    guard let text = pasted else { return drain(final: true) }
    pasted = nil
    return [.paste(Self.clean(text))] + drain(final: true)
  }

  private mutating func drain(final: Bool) -> [InputEvent] {
    var events: [InputEvent] = []
    var place = 0
    while place < pending.count {
      if pasted != nil {
        guard let next = collectPaste(from: place, into: &events) else { return events }
        place = next
        continue
      }
      let step = Self.next(pending[place...], final: final)
      switch step {
      case .more:
        pending.removeFirst(place)
        return events
      case .event(let event, let count):
        if let event { events.append(event) }
        place += count
      case .pasteStart(let count):
        pasted = []
        place += count
      }
    }
    pending.removeFirst(min(place, pending.count))
    return events
  }

  /// Takes bytes of a paste up to its end mark; nil where the mark has not come, with what may be its beginning kept.
  private mutating func collectPaste(from place: Int, into events: inout [InputEvent]) -> Int? {
    let mark: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
    var index = place
    while index < pending.count {
      if pending[index] == 0x1B {
        let rest = pending[index...].prefix(mark.count)
        if rest.elementsEqual(mark) {
          events.append(.paste(Self.clean(pasted ?? [])))
          pasted = nil
          return index + mark.count
        }
        if mark.starts(with: rest) {
          pending.removeFirst(index)
          return nil
        }
      }
      if let count = pasted?.count, count < Self.pasteLimit { pasted?.append(pending[index]) }
      index += 1
    }
    pending.removeAll(keepingCapacity: true)
    return nil
  }

  private static func clean(_ bytes: [UInt8]) -> String {
    var text = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x0D: text.unicodeScalars.append("\n")
      case 0x0A, 0x09: text.unicodeScalars.append(scalar)
      case let value where ScalarWidth.isControl(value): continue
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  private enum Step {
    case more
    case event(InputEvent?, Int)
    case pasteStart(Int)
  }

  private static func next(_ bytes: ArraySlice<UInt8>, final: Bool) -> Step {
    let first = bytes[bytes.startIndex]
    if first == 0x1B { return escape(bytes, final: final) }
    if first < 0x80 { return .event(plain(first, []), 1) }
    return utf8(bytes, final: final, modifiers: [])
  }

  private static func plain(_ byte: UInt8, _ modifiers: Modifiers) -> InputEvent? {
    switch byte {
    case 0x0D, 0x0A: .key(.enter, modifiers)
    case 0x09: .key(.tab, modifiers)
    case 0x7F, 0x08: .key(.backspace, modifiers)
    case 0x1B: .key(.escape, modifiers)
    case 0: .key(.character(" "), modifiers.union(.control))
    case 1...26: .key(.character(Unicode.Scalar(byte + 0x60)), modifiers.union(.control))
    case 0x1C...0x1F: .key(.character(Unicode.Scalar(byte + 0x40)), modifiers.union(.control))
    default: .key(.character(Unicode.Scalar(byte)), modifiers)
    }
  }

  private static func utf8(_ bytes: ArraySlice<UInt8>, final: Bool, modifiers: Modifiers) -> Step {
    let first = bytes[bytes.startIndex]
    let count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4 else { return .event(nil, 1) }
    let part = bytes.prefix(count)
    for (index, byte) in part.enumerated() where index > 0 && byte & 0xC0 != 0x80 { return .event(nil, index) }
    guard part.count == count else { return final ? .event(nil, part.count) : .more }
    let text = String(decoding: part, as: UTF8.self)
    guard let scalar = text.unicodeScalars.first, !ScalarWidth.isControl(scalar.value), scalar != "\u{FFFD}" else {
      return .event(nil, count)
    }
    return .event(.key(.character(scalar), modifiers), count)
  }

  private static func escape(_ bytes: ArraySlice<UInt8>, final: Bool) -> Step {
    let rest = bytes.dropFirst()
    guard let second = rest.first else { return final ? .event(.key(.escape), 1) : .more }
    switch second {
    case 0x5B:
      return sequence(bytes, final: final)
    case 0x4F:
      guard let third = rest.dropFirst().first else {
        return final ? .event(.key(.character("O"), .alt), 2) : .more
      }
      return .event(KeySequences.application(third), 3)
    case 0x5D, 0x50, 0x58, 0x5E, 0x5F:
      return string(bytes, final: final)
    case 0x1B:
      return .event(.key(.escape), 1)
    case 0x80...:
      switch utf8(rest, final: final, modifiers: .alt) {
      case .event(let event, let count): return .event(event, count + 1)
      default: return .more
      }
    default:
      return .event(plain(second, .alt), 2)
    }
  }

  /// A control sequence: parameters, intermediates, one final byte.
  private static func sequence(_ bytes: ArraySlice<UInt8>, final: Bool) -> Step {
    let body = bytes.dropFirst(2)
    // The Linux console sends F1 to F5 as ESC [ [ A to E.
    if body.first == 0x5B {
      guard let letter = body.dropFirst().first else { return final ? .event(nil, 3) : .more }
      return .event((0x41...0x45).contains(letter) ? .key(.function(Int(letter) - 0x40)) : nil, 4)
    }
    for (index, byte) in body.enumerated() {
      if byte >= 0x40 && byte <= 0x7E {
        let parameters = body.prefix(index)
        if byte == 0x7E, parameters.elementsEqual([0x32, 0x30, 0x30]) { return .pasteStart(index + 3) }
        return .event(KeySequences.control(parameters, byte), index + 3)
      }
      // Neither a parameter nor an end: broken off; the byte is read anew.
      if byte < 0x20 || byte > 0x7E || index >= sequenceLimit { return .event(nil, index + 2) }
    }
    if final { return body.isEmpty ? .event(.key(.character("["), .alt), 2) : .event(nil, bytes.count) }
    return .more
  }

  /// An answer in a string sequence (title, colour and the like): skipped to its end.
  private static func string(_ bytes: ArraySlice<UInt8>, final: Bool) -> Step {
    for (index, byte) in bytes.enumerated() where index > 1 {
      if byte == 0x07 { return .event(nil, index + 1) }
      if byte == 0x1B {
        guard let next = bytes.dropFirst(index + 1).first else { return final ? .event(nil, index + 1) : .more }
        return .event(nil, next == 0x5C ? index + 2 : index)
      }
      if index > 4 * sequenceLimit { return .event(nil, index) }
    }
    guard final else { return .more }
    let letter = Unicode.Scalar(bytes[bytes.startIndex + 1])
    return bytes.count == 2 ? .event(.key(.character(letter), .alt), 2) : .event(nil, bytes.count)
  }
}
