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
    #expect(alone(dispatch, batch: 128) < alone(combine, batch: 128))
  }

  @Test func moreRanksAndMoreRowsTakeLonger() {
    let cost = CollectiveCost.combine(hidden: 7168)
    let base = cost.wireMicros(ranks: 32, rowsOut: 100, rowsIn: 100)
    #expect(cost.wireMicros(ranks: 64, rowsOut: 100, rowsIn: 100) > base)
    #expect(cost.wireMicros(ranks: 32, rowsOut: 200, rowsIn: 100) > base)
    #expect(cost.wireMicros(ranks: 32, rowsOut: 100, rowsIn: 200) > base)
  }
}
