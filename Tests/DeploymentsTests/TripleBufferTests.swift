import Glibc
import Testing

@testable import Deployments

@Suite(.timeLimit(.minutes(1))) struct TripleBufferTests {
  @Test func theReaderSeesWholeValuesThatOnlyGrowNewerAndAtLastTheLast() throws {
    let buffer = TripleBuffer<[Int]>()
    #expect(buffer.take() == nil)
    let last = 20_000
    let writer = try #require(
      WorkThread {
        for value in 1...last { buffer.publish(Array(repeating: value, count: 8)) }
      })
    var seen = 0
    while seen < last {
      guard let values = buffer.take() else {
        sched_yield()
        continue
      }
      #expect(values.count == 8 && values.allSatisfy { $0 == values[0] } && values[0] >= seen)
      seen = values[0]
    }
    writer.join()
    #expect(buffer.take() == nil)
  }
}
