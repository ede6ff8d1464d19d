import Testing
import Words

@testable import podium

@Suite struct RunTextTests {
  @Test(arguments: [
    (nil, 1, "·"), (Double.nan, 1, "·"), (1.25, 1, "1.3"), (-0.04, 1, "0.0"), (-1.5, 0, "-2"), (3.05, 2, "3.05"),
    (0.999, 2, "1.00"), (2400, 0, "2400"), (1e18, 0, "·"),
  ])
  func numbersHaveTheirDecimals(_ value: Double?, _ decimals: Int, _ text: String) {
    #expect(Decimals.text(value, decimals) == text)
  }

  @Test func progressSaysPercentTimeSpeedAndWhatIsLeft() {
    let second: Int64 = 1_000_000_000
    #expect(
      ProgressLine.text(now: 30 * second, end: 120 * second, elapsed: 2)
        == "25 %  30.0 s simulated  15x real time  6 s left")
    #expect(
      ProgressLine.text(now: 120 * second, end: 120 * second, elapsed: 8)
        == "100 %  120.0 s simulated  15x real time  0 s left")
    // A trace that drains after its last arrival is not done yet.
    #expect(ProgressLine.text(now: 121 * second, end: 120 * second, elapsed: 8).hasPrefix("99 %"))
    #expect(
      ProgressLine.text(now: 0, end: 120 * second, elapsed: 0) == "0 %  0.0 s simulated  0.0x real time  0 s left")
  }

  @Test func jsonEscapesAndKeepsTheOrderOfKeys() {
    let value = JSONValue.object([
      .init("b", JSONValue(nil)), .init("a", JSONValue(Double.infinity)), .init("c", JSONValue(1.5)),
      .init("d", JSONValue(UInt64.max)), .init("e", .string("\"\\\u{1}é")), .init("f", .object([])),
    ])
    #expect(
      value.text == """
        {
          "b": null,
          "a": null,
          "c": 1.5,
          "d": 18446744073709551615,
          "e": "\\"\\\\\\u0001é",
          "f": {}
        }
        """)
  }
}
