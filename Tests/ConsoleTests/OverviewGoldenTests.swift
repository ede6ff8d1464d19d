import Terminal
import TestSupport
import Testing

@testable import Console

/// A screen to keep: its size, and what the terminal can show.
struct Look: Sendable, CustomTestStringConvertible {
  var width: Int
  var height: Int
  var color = ColorLevel.truecolor
  var ascii = false
  var calm = false
  /// Keys pressed before the picture, `⇥` for Tab and `⏎` for Enter.
  var keys = ""
  var name = "overview"

  var testDescription: String {
    let level = ascii ? "-ascii" : color == .mono ? "-mono" : color == .sixteen ? "-16" : ""
    return "\(name)-\(width)x\(height)\(level)\(calm ? "-calm" : "")"
  }
}

@Suite struct OverviewGoldenTests {
  static let looks: [Look] = {
    var looks: [Look] = []
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
      looks.append(Look(width: width, height: height))
      looks.append(Look(width: width, height: height, color: .sixteen))
      looks.append(Look(width: width, height: height, color: .mono))
      looks.append(Look(width: width, height: height, color: .mono, ascii: true))
    }
    looks.append(Look(width: 80, height: 24, calm: true))
    for (width, height) in [(150, 28), (190, 45), (100, 34), (60, 16), (40, 12), (20, 5), (80, 1)] {
      looks.append(Look(width: width, height: height))
    }
    looks.append(Look(width: 80, height: 24, keys: "?", name: "help"))
    looks.append(Look(width: 120, height: 40, keys: "?", name: "help"))
    looks.append(Look(width: 20, height: 5, keys: "?", name: "help"))
    looks.append(Look(width: 80, height: 24, keys: ":met⇥ die_", name: "command"))
    looks.append(Look(width: 120, height: 40, keys: "cccccccc", name: "pending"))
    looks.append(Look(width: 120, height: 40, keys: "$", name: "cost"))
    looks.append(Look(width: 20, height: 5, keys: "$", name: "cost"))
    looks.append(Look(width: 120, height: 40, keys: "/d0", name: "filter"))
    looks.append(Look(width: 80, height: 24, keys: "/HBM⏎", name: "filter"))
    return looks
  }()

  @Test(arguments: looks) func screensLookAsTheyWereReviewed(_ look: Look) {
    var state = SamplePod.console(width: look.width, height: look.height, calm: look.calm)
    _ = state.press(look.keys)
    let canvas = state.paint(Appearance(color: look.color, ascii: look.ascii))
    let difference = Golden.difference(
      canvas, name: look.testDescription, folder: Golden.folder(beside: #filePath))
    #expect(difference == nil)
  }
}

extension ConsoleState {
  /// Presses keys one after the other: `⇥` Tab, `⏎` Enter, `⎋` Escape, `↑ ↓ ← →` arrows, `⌫` Backspace.
  mutating func press(_ keys: String) -> [ConsoleEffect] {
    keys.unicodeScalars.flatMap { scalar -> [ConsoleEffect] in
      let key: Key =
        switch scalar {
        case "⇥": .tab
        case "⏎": .enter
        case "⎋": .escape
        case "↑": .up
        case "↓": .down
        case "←": .left
        case "→": .right
        case "⌫": .backspace
        default: .character(scalar)
        }
      return handle(.key(key))
    }
  }
}
