import Testing
import Words

@Suite struct AmountTests {
  @Test(arguments: [
    ("250ms", 250_000_000), ("1.5s", 1_500_000_000), ("90s", 90_000_000_000), ("5m", 300_000_000_000),
    ("1h", 3_600_000_000_000), ("0.25ms", 250_000), ("0s", 0), ("0.000001ms", 1),
  ])
  func durationsAreExact(_ text: String, _ nanoseconds: Int64) {
    #expect(DurationAmount(text)?.nanoseconds == nanoseconds)
  }

  @Test(arguments: [
    "", "s", "5", "5 s", "5S", "-1s", "1.s", ".5s", "1.5.5s", "1e3s", "0.0000001ms", "9999999999999h", "99h99", "٣s",
  ])
  func whatIsNoDurationIsRefused(_ text: String) {
    #expect(DurationAmount(text) == nil)
  }

  @Test(arguments: [
    ("64MiB", 64 << 20), ("1.5GB", 1_500_000_000), ("512B", 512), ("0.5KiB", 512), ("3kB", 3000), ("64", nil),
    ("1.5B", nil), ("1mib", nil), ("-1B", nil),
  ])
  func bytesTellThousandsFromPowersOfTwo(_ text: String, _ bytes: Int64?) {
    #expect(ByteAmount(text)?.bytes == bytes)
  }

  @Test(arguments: [
    ("320/s", 320.0, true), ("0.5/s", 0.5, true), ("320", 0, false), ("-1/s", 0, false), ("inf/s", 0, false),
    ("0x10/s", 0, false),
  ])
  func ratesAreASecond(_ text: String, _ value: Double, _ accepted: Bool) {
    #expect(RateAmount(text)?.perSecond == (accepted ? value : nil))
  }

  @Test(arguments: [
    ("1%", 0.01, true), ("0.01", 0.01, true), ("100%", 1, true), ("0", 0, true), ("1.1", 0, false), ("101%", 0, false),
    ("-0.1", 0, false), ("nan", 0, false),
  ])
  func sharesLieBetweenNoneAndAll(_ text: String, _ value: Double, _ accepted: Bool) {
    #expect(ShareAmount(text)?.fraction == (accepted ? value : nil))
  }

  @Test(arguments: [("13k", 13_000), ("2048", 2048), ("0.5k", 500), ("1.0005k", nil), ("2K", nil), ("1M", nil)])
  func tokensCountInThousands(_ text: String, _ tokens: Int64?) {
    #expect(TokenAmount(text)?.tokens == tokens)
  }

  @Test func whatPrintsParsesToTheSameValue() {
    var state: UInt64 = 7
    for round in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      // Every magnitude, and often a whole number of some unit.
      var value = Int64(state >> UInt64(12 + round % 52))
      if round % 3 == 0, value < 1 << 40 { value *= [1000, 1024, 1_000_000, 1 << 20][round % 4] }
      check(DurationAmount(nanoseconds: value))
      check(ByteAmount(bytes: value))
      check(TokenAmount(tokens: value))
      check(RateAmount(perSecond: Double(state >> 11) / Double(1 + round)))
      check(ShareAmount(fraction: Double(state >> 11) / Double(UInt64(1) << 53) / Double(1 + round)))
    }
  }

  private func check<A: Amount>(_ amount: A) {
    #expect(A(amount.description) == amount, "\(amount)")
  }
}
