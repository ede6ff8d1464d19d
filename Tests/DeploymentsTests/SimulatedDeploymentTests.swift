import Deployments
import Glibc
import SuperPod
import Telemetry
import Testing

/// A model of one number: how often it was advanced, and by how much in all.
private struct Counter: SteppedModel {
  var now: Int64 = 0
  var events: [Event] = []
  var advances = 0

  mutating func advance(to time: Int64) {
    now = time
    advances += 1
    events.append(
      Event(sequence: UInt64(events.count), time: now, priority: .normal, place: "", text: "second \(advances)"))
  }

  func frame(sequence: UInt64) -> Frame {
    var frame = Frame(
      time: now, sequence: sequence,
      layout: PodLayout(
        topology: Topology(nodes: 1), model: "m", name: "n", engines: [], roles: Array(repeating: .spare, count: 16),
        sloTTFT: 1, sloTPOT: 1))
    frame[.running] = [Float(advances)]
    return frame
  }
}

struct SimulatedDeploymentTests {
  private func wait(_ deployment: SimulatedDeployment, until seconds: Int64) -> Frame? {
    for _ in 0..<200 {
      var poller = pollfd(fd: deployment.wakeDescriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&poller, 1, 100)
      if let frame = deployment.latest(), frame.time >= seconds * 1_000_000_000 { return frame }
    }
    return nil
  }

  @Test func framesMayBeSkippedButEventsAndHistoryLoseNothing() throws {
    let deployment = SimulatedDeployment(Counter(), speed: 1000)
    let frame = try #require(wait(deployment, until: 60))
    deployment.stop()
    let events = deployment.takeEvents()
    #expect(events.count >= Int(frame.time / 1_000_000_000))
    #expect(events.map(\.sequence) == Array(0..<UInt64(events.count)))
    let history = deployment.history(.running, element: 0, seconds: 900)
    #expect(history == (1...history.count).map(Float.init))
    #expect(deployment.takeEvents().isEmpty)
  }

  @Test func pausedTimeStandsStillAndStepsByASecond() throws {
    let deployment = SimulatedDeployment(Counter(), speed: 1000, paused: true)
    _ = try #require(wait(deployment, until: 0))
    #expect(deployment.playback.paused)
    deployment.command(.step)
    let frame = try #require(wait(deployment, until: 1))
    #expect(frame.time == 1_000_000_000)
    #expect(deployment.latest() == nil)
    deployment.command(.pause(false))
    #expect(wait(deployment, until: 5) != nil)
    deployment.stop()
  }
}
