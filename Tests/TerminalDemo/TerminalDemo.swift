import Glibc
import Terminal

/// A small program for the tests on a pseudo-terminal: a field, a clock of ticks, and the last event.
final class Demo: TerminalProgram {
  private var ticks = 0
  private var last = "none"
  private let moving: Bool
  let theme: Theme

  init(moving: Bool, painted: Bool) {
    self.moving = moving
    theme = Self.theme(painted: painted)
  }

  func handle(_ event: InputEvent, _ session: TerminalSession) {
    last = "\(event)"
    switch event {
    case .key(.character("q"), _): session.quit()
    case .key(.character("s"), _): crash(SIGSEGV)
    case .key(.character("t"), _): crash(SIGTRAP)
    case .key(.character("f"), _): fatalError("asked for")
    default: break
    }
  }

  private func crash(_ number: Int32) { raise(number) }

  func wake(_ descriptor: Int32, _ session: TerminalSession) -> Bool { false }

  func tick(_ session: TerminalSession) -> Bool {
    ticks += moving ? 1 : 0
    return moving
  }

  func draw(width: Int, height: Int, appearance: Appearance) -> Canvas {
    var canvas = Canvas(width: width, height: height, ascii: appearance.ascii)
    canvas.fill(Rectangle(width: width, height: 1), with: Cell(" ", Style(.text, on: .bar)))
    let used = canvas.put("Demo ● ", column: 0, row: 0, style: Style(.strong, on: .bar, .bold))
    canvas.put("\(width)x\(height) 机柜 \(last)", column: used, row: 0, style: Style(.text, on: .bar))
    canvas.putRight("ticks \(ticks) \(appearance.color)", right: width, row: 0, style: Style(.accent, on: .bar))
    for row in 1..<max(1, height - 1) {
      for column in 0..<width {
        let step = (column + row * 3 + (column % 7 == 0 ? ticks : 0)) % 16
        let other = (column * 5 + row) % 16
        if appearance.color == .mono {
          canvas[column, row] = Cell(Glyphs.ramp(Double(step) / 15, ascii: appearance.ascii), Style(.text))
        } else {
          canvas[column, row] = Cell(Glyphs.upperHalf, Style(.ramp(step), on: .ramp(other)))
        }
      }
    }
    canvas.put(" q quit ", column: 0, row: height - 1, style: Style(.paper, on: .urgentGround))
    canvas.put(" !! ! i ", column: 9, row: height - 1, style: Style(.high))
    canvas.put("plain", column: 19, row: height - 1, style: Style())
    canvas.cursor = (0, height - 1)
    return canvas
  }

  private static func theme(painted: Bool) -> Theme {
    var colors = Array(repeating: ThemeColor(), count: Ink.count)
    func set(_ ink: Ink, _ rgb: UInt32, _ palette: UInt8, _ ansi: UInt8?, _ mono: Attributes = []) {
      colors[Int(ink.rawValue)] = ThemeColor(rgb: rgb, palette: palette, ansi: ansi, mono: mono)
    }
    if painted { set(.none, 0x202830, 235, 0) }
    set(.strong, 0xF4F6F9, 255, 15, .bold)
    set(.text, 0xC9CED6, 251, 7)
    set(.accent, 0x9ED2F7, 153, 14, .bold)
    set(.high, 0xF5B441, 214, 11, .bold)
    set(.paper, 0xFFFFFF, 231, 15)
    set(.bar, 0x1D2028, 235, nil)
    set(.urgentGround, 0xCF1F3C, 160, 1, .reverse)
    for step in 0..<16 {
      let level = UInt32(0x20 + step * 12)
      set(.ramp(step), level << 16 | level << 8 | level, UInt8(234 + step), [0, 8, 7, 15][step / 4])
    }
    return Theme(name: "demo", about: "For tests.", assumedGround: 0x101014, colors: colors)
  }
}

@main
enum TerminalDemo {
  /// Arguments: `--ascii`, `--still`, `--painted`, `--color LEVEL`, `--fps N`.
  static func main() {
    let arguments = CommandLine.arguments
    func value(_ name: String) -> String? {
      arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
    }
    let level = ColorLevel.allCases.first { "\($0)" == value("--color") }
    do {
      let session = try TerminalSession(
        framesPerSecond: value("--fps").flatMap(Double.init) ?? 2, color: level,
        ascii: arguments.contains("--ascii"))
      session.screen.setTitle("Demo")
      let end = session.run(Demo(moving: !arguments.contains("--still"), painted: arguments.contains("--painted")))
      print("ended: \(end)")
    } catch {
      print("demo: \(error)")
      exit(2)
    }
  }
}
