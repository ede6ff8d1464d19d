import Testing
import XCCL

struct CollectiveCostTests {
  /// The published curve at EP128 from batch 4 to 128, read by eye: dispatch about 20 to 100 µs, combine 25 to 120.
  ///
  /// Only its shape counts ([XDS] 3), so the tolerance is wide.
  @Test func theStandAloneCurveHasThePublishedShape() {
    func alone(_ cost: CollectiveCost, batch: Float) -> Float {
      cost.wireMicros(ranks: 128, rowsOut: batch * 9, rowsIn: batch * 9) - cost.inServiceMicros
    }
    let dispatch = CollectiveCost.dispatch(hidden: 7168)
    let combine = CollectiveCost.combine(hidden: 7168)
    #expect((15...30).contains(alone(dispatch, batch: 4)))
    #expect((80...140).contains(alone(dispatch, batch: 128)))
    #expect((18...35).contains(alone(combine, batch: 4)))
    #expect((95...160).contains(alone(combine, batch: 128)))
    // The text: dispatch slower at small batches, faster above 32.
    for batch: Float in [1, 4, 16, 30] { #expect(alone(dispatch, batch: batch) > alone(combine, batch: batch)) }
    for batch: Float in [34, 48, 96, 128, 256] {
      #expect(alone(dispatch, batch: batch) < alone(combine, batch: batch))
    }
  }

  @Test func moreRanksAndMoreRowsTakeLonger() {
    let cost = CollectiveCost.combine(hidden: 7168)
    let base = cost.wireMicros(ranks: 32, rowsOut: 100, rowsIn: 100)
    #expect(cost.wireMicros(ranks: 64, rowsOut: 100, rowsIn: 100) > base)
    #expect(cost.wireMicros(ranks: 32, rowsOut: 200, rowsIn: 100) > base)
    #expect(cost.wireMicros(ranks: 32, rowsOut: 100, rowsIn: 200) > base)
  }

  /// Attention dies that outnumber the expert dies crowd them; up to as many they do not.
  @Test func fewExpertDiesAreCrowded() {
    func times(attention: Int, experts: Int) -> (Float, Float) {
      let transfer = ExpertTransfer(attentionDies: attention, expertDies: experts, hidden: 7168)
      return (transfer.toExpertsMicros(rowsOut: 864), transfer.toAttentionMicros(rowsIn: 864))
    }
    let (even, double) = (times(attention: 160, experts: 160), times(attention: 320, experts: 160))
    let (out, back) = (Float(864 * 7680) / 164e3, Float(864 * 14336) / 164e3)
    // Polling 160 more, and as much again to pull at every expert die.
    #expect(abs(double.0 - even.0 - 16 - out) < 0.1)
    #expect(abs(double.1 - even.1 - 16 - back) < 0.1)
    // Half of the rows are forwarded where half of the expert dies take part directly, nothing is crowded.
    let half = times(attention: 160, experts: 320)
    #expect(abs(half.0 - even.0 - 16 - out / 2) < 0.1)
  }
}
