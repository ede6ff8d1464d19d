import Operations
import Testing
import Words

@Suite struct AuditTests {
  @Test func whatIsWrittenReadsBack() {
    var dice = Dice(seed: 3)
    for number in 1...300 {
      let name = dice.one(of: ActionName.allCases)
      let forecasts = (0..<dice.count(0...3)).map { _ in
        AuditEntry.Forecast(
          metric: "tpot_ms", before: dice.maybe { Double.random(in: 0...1e6, using: &$0) },
          after: dice.one(of: [nil, 50]),
          low: 1e-9, high: nil)
      }
      let entry = AuditEntry(
        number: number, time: dice.duration(), who: dice.one(of: ["operator", "a \"b\" \\ é 昇腾", ""]),
        action: dice.action(name), plan: dice.maybe { $0.next() }, prediction: forecasts,
        outcome: dice.one(of: AuditEntry.Outcome.allCases), note: dice.one(of: ["", "node n17 lost in load weights"]),
        undoes: dice.maybe { $0.count(1...99) })
      #expect(AuditEntry(line: entry.line) == entry)
      #expect(!entry.line.contains("\n"))
      // A log that was cut off in its last line.
      #expect(AuditEntry(line: String(entry.line.dropLast(dice.count(1...40)))) == nil)
    }
  }

  @Test func keysStandInOrderAndControlCharactersAreGone() {
    let entry = AuditEntry(
      number: 3, time: DurationAmount(seconds: 61.5), who: "eve\u{1b}[2J\u{202e}\n", action: .recovery(.fineGrained),
      plan: 0xAB, prediction: [.init(metric: "tpot_ms", before: 50, after: 48.5)], outcome: .done, note: "a\u{7}b")
    #expect(
      entry.line == """
        {"entry":3,"time":"61.5s","who":"eve[2J","action":"recovery 3","plan":"00000000000000ab",\
        "prediction":[{"metric":"tpot_ms","before":50.0,"after":48.5,"low":null,"high":null,"real":null}],\
        "result":"done","note":"ab","undoes":null}
        """)
    let hostile = entry.line.replacing("eve[2J", with: "\\u001b[2Jeve\\u0007")
    #expect(AuditEntry(line: hostile)?.who == "[2Jeve")
    #expect(AuditEntry(line: entry.line.replacing("recovery 3", with: "recovery 9")) == nil)
  }

  @Test(arguments: [
    "", "{", "{}x", "[1,]", "{\"a\":1,\"a\":2}", "01", "1.", "\"\\ud800\"", "\"\u{1}\"", "nul", "1e999", "-",
    String(repeating: "[", count: 100),
  ])
  func whatIsNoJSONIsRefused(_ text: String) {
    #expect(JSONValue(parsing: text) == nil)
  }

  @Test func jsonReadsWhatItWrites() {
    let text = #"{"a":[1,-2.5,true,null,"\ud83d\ude00\n"],"b":{}}"#
    let value = JSONValue.object([
      .init("a", .list([.integer("1"), .number(-2.5), .bool(true), .null, .string("😀\n")])), .init("b", .object([])),
    ])
    #expect(JSONValue(parsing: text) == value)
    #expect(JSONValue(parsing: value.text) == value)
    #expect(JSONValue(parsing: value.line) == value)
  }
}
