import Deployments
import SuperPod
import Telemetry

/// The smallest model: a number that depends on every advance, and an event every seventh second.
struct CountingModel: SteppedModel {
  static let layout = PodLayout(
    topology: Topology(nodes: 1), model: "m", name: "counting", engines: [],
    roles: Array(repeating: .spare, count: 16), sloTTFT: 2000, sloTPOT: 50)

  var now: Int64 = 0
  var events: [Event] = []
  private(set) var state: UInt32 = 1
  /// Seconds from which on the time per token is over target.
  var slowFrom = Int64.max

  mutating func advance(to time: Int64) {
    precondition(time > now && time % 1_000_000_000 == 0, "the runner goes in whole seconds")
    while now < time {
      now += 1_000_000_000
      state = state &* 1_664_525 &+ 1_013_904_223
      let second = now / 1_000_000_000
      if second % 7 == 0 {
        events.append(
          Event(sequence: UInt64(events.count), time: now, priority: .normal, place: "", text: "second \(second)"))
      }
    }
  }

  func frame(sequence: UInt64) -> Frame {
    var frame = Frame(time: now, sequence: sequence, layout: Self.layout)
    frame[.running] = [Float(state >> 16)]
    frame[.tpotP99] = [now / 1_000_000_000 >= slowFrom ? 60 : 40]
    return frame
  }
}
