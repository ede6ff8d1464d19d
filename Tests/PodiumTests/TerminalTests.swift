import Glibc
import TestSupport
import Testing

/// The program on a terminal: whatever ends it, the terminal comes back as it was.
@Suite struct TerminalTests {
  /// One way out: how it is caused, and how the program must end.
  struct Exit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var end: PtyProcess.End
    var cause: @Sendable (PtyProcess) -> Void
  }

  /// What gives the terminal back: mouse, paste and focus reports off, the cursor shown, the alternate screen left.
  static let farewell = ["\u{1B}[?1000l", "\u{1B}[?2004l", "\u{1B}[?1004l", "\u{1B}[?25h", "\u{1B}[?1049l"]

  static let exits: [Exit] = [
    Exit(testDescription: "q", end: .exit(0)) { $0.type("q") },
    Exit(testDescription: "Ctrl-C", end: .exit(130)) { $0.type("\u{3}") },
    Exit(testDescription: "SIGTERM", end: .exit(130)) { $0.send(SIGTERM) },
    Exit(testDescription: "SIGHUP", end: .exit(130)) { $0.send(SIGHUP) },
    Exit(testDescription: "SIGSEGV", end: .signal(SIGSEGV)) { $0.send(SIGSEGV) },
    Exit(testDescription: "SIGTSTP and back, then q", end: .exit(0)) { program in
      let mark = program.output.count
      program.send(SIGTSTP)
      #expect(program.stops())
      #expect(program.isRestored)
      for sequence in farewell { #expect(program.reads(sequence, after: mark, seconds: 1)) }
      let second = program.output.count
      program.send(SIGCONT)
      #expect(program.reads("\u{1B}[?1049h", after: second))
      #expect(program.reads("CM384", after: second))
      #expect(!program.isRestored)
      program.type("q")
    },
  ]

  /// The program with its first screen shown; what it remembers goes to a folder of no other test.
  static func started(columns: Int = 80, rows: Int = 24) throws -> PtyProcess {
    let path = try #require(BuiltProgram.path("podium"))
    let program = try #require(PtyProcess(path, columns: columns, rows: rows))
    try #require(program.reads("\u{1B}[?1049h"))
    try #require(program.reads("CM384"))
    try #require(!program.isRestored)
    return program
  }

  @Test(arguments: exits)
  func theTerminalComesBack(_ exit: Exit) throws {
    let program = try Self.started()
    let mark = program.output.count
    exit.cause(program)
    #expect(program.ends() == exit.end)
    #expect(program.isRestored)
    for sequence in Self.farewell {
      #expect(program.reads(sequence, after: mark, seconds: 0), "\(sequence.dropFirst())")
    }
  }

  @Test(arguments: [
    ("TERM=dumb", "", "TERM"), ("", "", "TERM"), ("TERM=xterm", "</dev/null", "Standard input"),
    ("TERM=xterm", "|cat; exit ${PIPESTATUS[0]}", "Standard output"),
  ])
  func whatIsNoTerminalGetsASentence(_ variable: String, _ redirection: String, _ named: String) throws {
    let path = try #require(BuiltProgram.path("podium"))
    let program = try #require(
      PtyProcess("/bin/bash", ["-c", "\"$0\" \(redirection)", path], environment: [variable]))
    #expect(program.ends() == .exit(2))
    #expect(program.text.hasPrefix("podium: ") && program.text.contains(named))
    #expect(!program.text.contains("\u{1B}"))
    #expect(program.isRestored)
  }

  @Test func aVanishedTerminalEndsTheProgram() throws {
    let program = try Self.started()
    program.hangUp()
    #expect(program.ends(seconds: 5) == .exit(130))
  }

  /// Frames go out in parts that the line carries, and what a key changed goes first.
  @Test(arguments: [true, false])
  func aSlowLineAnswersKeysAndNeverLagsBehind(_ answers: Bool) throws {
    let path = try #require(BuiltProgram.path("podium"))
    let program = try #require(
      PtyProcess(
        path, environment: ["TERM=xterm-256color", "LANG=C.UTF-8", "COLORTERM=truecolor"], columns: 200, rows: 60,
        answers: answers))
    program.rate = 10_000
    try #require(program.reads("quit", seconds: 20))
    program.read(seconds: 4)
    for moment in 0..<6 {
      let mark = program.output.count
      program.type("?")
      // A fifth of a second where nothing else runs.
      #expect(program.reads("HELP", after: mark, seconds: 0.8))
      program.read(seconds: 0.5)
      program.type("?")
      program.read(seconds: 0.7 + 0.15 * Double(moment))
    }
    #expect(program.bytesUnderWay() < 3_000)
    program.type("q")
    #expect(program.ends() == .exit(0))
  }

  @Test func anySizeIsSurvived() throws {
    let program = try Self.started()
    for (columns, rows) in [(20, 5), (1, 1), (400, 120), (80, 24)] {
      let mark = program.output.count
      program.resize(columns: columns, rows: rows)
      #expect(program.reads("\u{1B}[?2026l", after: mark), "\(columns)x\(rows)")
    }
    let mark = program.output.count
    program.type("?")
    #expect(program.reads("HELP", after: mark))
    program.type("q")
    program.type("q")
    #expect(program.ends() == .exit(0))
  }
}
