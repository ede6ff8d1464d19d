import Glibc
import Operations
import TestSupport
import Testing

/// The real program, operated by keys on a terminal.
@Suite struct OperateTests {
  /// The lines of an audit log that can be read, once a test of them holds; those that are there when time is up.
  private static func entries(_ path: String, seconds: Double = 20, _ done: ([AuditEntry]) -> Bool) -> [AuditEntry] {
    var entries: [AuditEntry] = []
    for _ in 0..<Int(seconds * 20) {
      if let file = unsafe fopen(path, "r") {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        unsafe fclose(file)
        entries = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n")
          .compactMap { AuditEntry(line: String($0)) }
      }
      if done(entries) { return entries }
      usleep(50_000)
    }
    return entries
  }

  private static func started(_ arguments: [String]) throws -> PtyProcess {
    let path = try #require(BuiltProgram.path("podium"))
    let program = try #require(PtyProcess(path, arguments, columns: 120, rows: 40))
    try #require(program.reads("CM384"))
    return program
  }

  @Test func anActionIsPreviewedConfirmedWatchedAndUndone() throws {
    let log = "/tmp/podium-audit-\(getpid()).jsonl"
    unsafe unlink(log)
    defer { unsafe unlink(log) }
    let program = try Self.started(["--audit", log])
    var mark = program.output.count
    func type(_ keys: String, _ wanted: String) {
      mark = program.output.count
      program.type(keys)
      #expect(program.reads(wanted, after: mark, seconds: 20), "\(wanted)")
    }
    // The heads of the table come with the first second of a future, and with it who moves.
    type(":pd +2d from P4 to D1\r", "PREVIEW")
    #expect(program.reads("over ", after: mark, seconds: 20))
    // Enter presses Cancel: nothing was done.
    program.type("\r")
    program.read(seconds: 0.5)
    type(":pd +2d from P4 to D1\r", "PREVIEW")
    #expect(program.reads("over ", after: mark, seconds: 20))
    program.type("\t\t")
    type("\r", "WATCH")
    let begun = Self.entries(log) { !$0.isEmpty }
    #expect(begun.count == 1 && begun[0].outcome == .begun && begun[0].plan != nil)
    #expect("\(begun[0].action)".hasPrefix("pd +2d from P4 to D1") && begun[0].prediction.count == 4)
    program.type("\u{1B}")
    program.read(seconds: 0.5)
    // What is under way is not changed twice; the model says so.
    type(":scale D1 ep 208\r", "It cannot be done")
    program.type("\u{1B}")
    program.read(seconds: 0.5)
    // What takes effect at once is undone at once.
    type(":batch 48 D0\r", "PREVIEW")
    program.type("Y")
    type("\r", "WATCH")
    // The console offers to undo what it has heard of.
    _ = Self.entries(log) { $0.contains { $0.number == 2 && $0.outcome == .done } }
    program.read(seconds: 1)
    type("u", "PREVIEW")
    program.type("Y")
    type("\r", "WATCH")
    // An entry begins before the model has said what it undoes: its end says both.
    let all = Self.entries(log) { $0.contains { $0.number == 3 && $0.outcome != .begun } }
    let undoing = all.last { $0.number == 3 }
    #expect(all.contains { "\($0.action)" == "batch 48 D0" && $0.number == 2 })
    #expect(undoing?.undoes == 2 && undoing.map { "\($0.action)" } == "undo 2")
    program.type("\u{1B}")
    program.read(seconds: 0.3)
    type("8", "AUDIT")
    program.type("q")
    #expect(program.ends() == .exit(0))
    #expect(program.isRestored)
  }

  /// At high speed too a preview is of the moment at which it is confirmed; afterwards time goes on.
  @Test func timeIsHeldUnderAPreview() throws {
    let program = try Self.started(["--speed", "20"])
    program.read(seconds: 1)
    let mark = program.output.count
    program.type(":batch 48 D0\r")
    #expect(program.reads("held at ", after: mark, seconds: 20))
    program.type("\u{1B}")
    let closed = program.output.count
    #expect(program.reads("LIVE", after: closed, seconds: 10))
    program.type("q")
    #expect(program.ends() == .exit(0))
  }

  @Test func readOnlyTakesActionsAway() throws {
    let program = try Self.started(["--read-only"])
    for keys in [":pd +2d\r", "a", "u"] {
      let mark = program.output.count
      program.type(keys)
      #expect(program.reads("read-only", after: mark), "\(keys)")
      program.type("\u{1B}")
      program.read(seconds: 0.3)
    }
    program.type("q")
    #expect(program.ends() == .exit(0))
  }

  @Test func anAuditLogThatCannotBeWrittenIsAnAlarm() throws {
    let program = try Self.started(["--audit", "/proc/none/audit.jsonl"])
    program.type(":batch 48 D0\r")
    program.read(seconds: 0.5)
    program.type("Y")
    program.read(seconds: 0.3)
    program.type("\r")
    #expect(program.reads("WATCH"))
    program.type("\u{1B}")
    program.read(seconds: 0.5)
    let mark = program.output.count
    program.type("8")
    #expect(program.reads("cannot be written", after: mark))
    program.type("q")
    #expect(program.ends() == .exit(0))
  }
}
