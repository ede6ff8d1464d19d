import Deployments
import Glibc
import Operations
import SuperPod
import Telemetry
import Testing
import Words

@Suite struct AuditKeeperTests {
  private static let second: Int64 = 1_000_000_000

  private static func path(_ name: String) -> String { "/tmp/podium-keeper-\(getpid())-\(name)/a/audit.jsonl" }

  private static func order(_ text: String, number: Int = 1, undoes: Int? = nil) throws -> Order {
    Order(
      number: number, action: try Action(parsing: text), who: "ops1", plan: 9,
      prediction: [
        AuditEntry.Forecast(
          metric: Futures.Measure.tpot.auditName, before: 50, after: 48, low: 47, high: 49)
      ], horizon: 60, undoes: undoes)
  }

  private static func frame(_ seconds: Int64, _ operations: [OperationProgress] = []) -> Frame {
    var frame = Frame(time: seconds * second, sequence: 1, layout: CountingModel.layout)
    frame.operations = operations
    return frame
  }

  /// Seconds of which each took so long a token, milliseconds.
  private static func service(_ newest: Int64, tpot: [Double]) -> ServiceRecord {
    ServiceRecord(
      newest: newest * second,
      seconds: tpot.map { value in
        var outlook = Outlook()
        outlook.seconds = 1
        outlook.stepTokens = 1000
        outlook.runningSeconds = value
        return outlook
      })
  }

  @Test func anActionIsBegunThenDoneThenMeasured() throws {
    let file = AuditFile(path: Self.path("life"))
    unsafe unlink(file.path)
    var keeper = AuditKeeper(file: file)
    let order = try Self.order("pd +1d from P0 to D0")
    keeper.note(
      OrderResult(
        order: order, time: 10 * Self.second, performed: 1, inverse: [try Action(parsing: "pd +1p from D0 to P0")]))
    #expect(file.entries().map(\.outcome) == [.begun] && keeper.records[0].canBeUndone)
    var progress = OperationProgress(
      number: 1, action: "\(order.action)", phases: ["drain"], began: 10 * Self.second, since: 12 * Self.second,
      state: .running)
    var changed = keeper.follow(Self.frame(20, [progress]), Self.service(20, tpot: Array(repeating: 50, count: 20)))
    #expect(!changed)
    progress.state = .done
    progress.since = 55 * Self.second
    changed = keeper.follow(Self.frame(56, [progress]), Self.service(56, tpot: Array(repeating: 50, count: 56)))
    #expect(changed)
    #expect(file.entries().map(\.outcome) == [.done] && file.entries()[0].note == "took 45s")
    // The seconds before it were slower than those after it: only the latter count.
    let course = Array(repeating: 70.0, count: 10) + Array(repeating: 48.5, count: 62)
    changed = keeper.follow(Self.frame(72), Self.service(72, tpot: course))
    #expect(changed)
    #expect(keeper.records[0].entry.prediction[0].real == 48.5)
    #expect(file.entries().count == 1 && file.entries()[0].prediction[0].real == 48.5)
    changed = keeper.follow(Self.frame(99), Self.service(99, tpot: []))
    #expect(!changed)
  }

  @Test func howAnActionEndsIsKept() throws {
    for (state, outcome) in [
      (OperationProgress.State.aborted, AuditEntry.Outcome.aborted), (.failed, .failed), (.rolledBack, .rolledBack),
    ] {
      var keeper = AuditKeeper(file: nil)
      let order = try Self.order("drain n3")
      keeper.note(OrderResult(order: order, time: 0, performed: 1, inverse: [try Action(parsing: "undrain n3")]))
      let progress = OperationProgress(
        number: 1, action: "drain n3", phases: ["drain"], began: 0, since: 5 * Self.second, state: state,
        note: "a die failed")
      let changed = keeper.follow(Self.frame(6, [progress]), ServiceRecord())
      #expect(changed)
      #expect(keeper.records[0].entry.outcome == outcome && keeper.records[0].entry.note == "a die failed")
    }
  }

  @Test func refusalsAndUndoingsAreKept() throws {
    var keeper = AuditKeeper(file: nil)
    keeper.note(OrderResult(order: try Self.order("batch 48"), time: 0, performed: 1))
    keeper.note(OrderResult(order: try Self.order("scale D0 ep 7"), time: 1, refusal: "no whole server"))
    keeper.note(OrderResult(order: try Self.order("batch 60", undoes: 1), time: 2, performed: 2))
    #expect(keeper.records.map(\.entry.number) == [1, 2, 3])
    #expect(keeper.records[1].entry.outcome == .refused && keeper.records[1].entry.note == "no whole server")
    #expect(keeper.records[0].undoneBy == 3 && keeper.records.map(\.canBeUndone) == [false, false, false])
    _ = keeper.follow(Self.frame(9), ServiceRecord())
    #expect(keeper.records.map(\.entry.outcome) == [.done, .refused, .done])
  }

  @Test func aTornLineIsPassedOverAndNothingIsWrittenOver() throws {
    let file = AuditFile(path: Self.path("torn"))
    unsafe unlink(file.path)
    var keeper = AuditKeeper(file: file)
    keeper.note(OrderResult(order: try Self.order("batch 48"), time: 0))
    let handle = unsafe try #require(unsafe fopen(file.path, "a"))
    unsafe fputs("nonsense\n{\"entry\":2,\"time\":\"5", handle)
    unsafe fclose(handle)
    var next = AuditKeeper(file: file)
    #expect(next.records.map(\.entry.number) == [1] && !next.records[0].isOfThisRun && !next.records[0].canBeUndone)
    next.note(OrderResult(order: try Self.order("batch 50"), time: 0))
    #expect(
      file.entries().map { "\($0.action)" } == ["batch 48", "batch 50"] && file.entries().map(\.number) == [1, 2])
    #expect(next.problem == nil)
  }

  @Test func whatCannotBeWrittenIsSaidAndNothingElseHappens() throws {
    var keeper = AuditKeeper(file: AuditFile(path: "/proc/none/audit.jsonl"))
    keeper.note(OrderResult(order: try Self.order("batch 48"), time: 0))
    #expect(keeper.problem?.contains("/proc/none/audit.jsonl cannot be written") == true)
    #expect(keeper.records.count == 1)
  }
}
