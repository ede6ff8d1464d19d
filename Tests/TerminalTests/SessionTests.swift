import Glibc
import Terminal
import TestSupport
import Testing

@Suite(.serialized) struct SessionTests {
  /// One way out of a program: how it is caused, and how the program must end.
  struct Exit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var end: PtyProcess.End
    var cause: @Sendable (PtyProcess) -> Void
  }

  static let exits: [Exit] = [
    Exit(testDescription: "q", end: .exit(0)) { $0.type("q") },
    Exit(testDescription: "Ctrl-C", end: .exit(0)) { $0.type("\u{3}") },
    Exit(testDescription: "SIGTERM", end: .exit(0)) { $0.send(SIGTERM) },
    Exit(testDescription: "SIGHUP", end: .exit(0)) { $0.send(SIGHUP) },
    Exit(testDescription: "SIGQUIT", end: .exit(0)) { $0.send(SIGQUIT) },
    Exit(testDescription: "SIGSEGV from outside", end: .signal(SIGSEGV)) { $0.send(SIGSEGV) },
    Exit(testDescription: "SIGSEGV from within", end: .signal(SIGSEGV)) { $0.type("s") },
    Exit(testDescription: "SIGTRAP from within", end: .signal(SIGTRAP)) { $0.type("t") },
    Exit(testDescription: "a fatal error", end: .signal(SIGILL)) { $0.type("f") },
    Exit(testDescription: "SIGABRT", end: .signal(SIGABRT)) { $0.send(SIGABRT) },
    Exit(testDescription: "SIGTSTP and back, then q", end: .exit(0)) { program in
      let mark = program.output.count
      program.send(SIGTSTP)
      #expect(program.stops())
      #expect(program.isRestored)
      #expect(program.reads("\u{1B}[?1049l", after: mark))
      let second = program.output.count
      program.send(SIGCONT)
      #expect(program.reads("\u{1B}[?1049h", after: second))
      #expect(program.reads("Demo", after: second))
      program.type("q")
    },
  ]

  @Test(arguments: exits)
  func theTerminalComesBack(_ exit: Exit) throws {
    let path = try #require(BuiltProgram.path("TerminalDemo"))
    let program = try #require(PtyProcess(path))
    #expect(program.reads("Demo"))
    #expect(program.reads("\u{1B}[?1049h"))
    #expect(program.reads("\u{1B}[?2026l"))
    #expect(!program.isRestored)
    let mark = program.output.count
    exit.cause(program)
    #expect(program.ends() == exit.end)
    #expect(program.isRestored)
    for sequence in ["\u{1B}[?1049l", "\u{1B}[?1000l", "\u{1B}[?2004l", "\u{1B}[?1004l", "\u{1B}[?12l\u{1B}[?25h"] {
      #expect(program.reads(sequence, after: mark, seconds: 0), "\(sequence.dropFirst())")
    }
  }

  @Test(arguments: [
    ("xterm-256color", "", "38;5;"), ("xterm-256color", "COLORTERM=truecolor", "38;2;"), ("screen", "", "\u{1B}[9"),
    ("linux", "", "\u{1B}[9"), ("vt100", "", "Demo"), ("tmux-256color", "NO_COLOR=1", "Demo"),
    ("xterm-256color", "LC_ALL=C", "Demo"),
  ])
  func everyTerminalGetsItsColours(_ term: String, _ variable: String, _ wanted: String) throws {
    let path = try #require(BuiltProgram.path("TerminalDemo"))
    let program = try #require(PtyProcess(path, environment: ["TERM=\(term)", variable]))
    #expect(program.reads(wanted))
    let mark = program.output.count
    program.resize(columns: 61, rows: 9)
    #expect(program.reads("61x9", after: mark))
    let second = program.output.count
    program.type("\u{1B}[<0;3;4M")
    #expect(program.reads("mousePress", after: second))
    program.type("q")
    #expect(program.ends() == .exit(0))
    // What ncurses writes between us, no terminal may see.
    #expect(program.text.firstMatch(of: /\u{1B}\[\?\d*m/) == nil)
    if variable == "NO_COLOR=1" || term == "vt100" {
      let colours = ["38;5", "38;2", "48;", "\u{1B}[39"] + (0...7).map { "\u{1B}[3\($0)m" }
      #expect(!colours.contains { program.text.contains($0) })
    }
  }

  @Test(arguments: ["", "TERM=dumb", "TERM=no-such-terminal"])
  func aTerminalThatCannotDrawGetsASentence(_ variable: String) throws {
    let path = try #require(BuiltProgram.path("TerminalDemo"))
    let program = try #require(PtyProcess(path, environment: [variable]))
    #expect(program.ends() == .exit(2))
    #expect(program.text.hasPrefix("demo: ") && program.text.contains("TERM"))
    #expect(program.isRestored)
  }

  static let kinds: [(TerminalAbilities, ColorLevel)] = [
    (abilities("xterm-256color", 256), .palette), (abilities("xterm-256color", 256, "truecolor"), .truecolor),
    (abilities("screen-256color", 256, "truecolor"), .palette),
    (abilities("screen-256color", 256, "truecolor", tmux: true), .truecolor), (abilities("linux", 8), .sixteen),
    (abilities("vt100", 0), .mono), (abilities("vt100", 0, wanted: .truecolor), .mono),
    (abilities("xterm", 8, noColor: "1"), .mono), (abilities("xterm", 8, noColor: ""), .sixteen),
    (abilities("xterm", 8, noColor: "1", wanted: .palette), .palette), (abilities("xterm-direct", 1 << 24), .truecolor),
  ]

  static func abilities(
    _ term: String, _ colors: Int, _ colorTerm: String? = nil, noColor: String? = nil, tmux: Bool = false,
    wanted: ColorLevel? = nil
  ) -> TerminalAbilities {
    TerminalAbilities(
      term: term, terminfoColors: colors, colorTerm: colorTerm, noColor: noColor, inTmux: tmux, wanted: wanted)
  }

  @Test(arguments: kinds)
  func colourIsToldFromTheEnvironment(_ abilities: TerminalAbilities, _ level: ColorLevel) {
    #expect(abilities.color == level)
  }
}
