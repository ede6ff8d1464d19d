import Deployments
import Glibc
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct SteppedDeploymentTests {
  private static let second: Int64 = 1_000_000_000

  /// Blocks until the deployment has something new; returns what it then shows.
  private func next(_ deployment: some Deployment) -> Frame? {
    var request = pollfd(fd: deployment.wakeDescriptor, events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, 20_000)
    return deployment.latest()
  }

  /// Waits for a frame at or after a simulated second.
  private func wait(_ deployment: some Deployment, until second: Int64) -> Frame? {
    while let frame = next(deployment) {
      if frame.time >= second * Self.second { return frame }
    }
    return nil
  }

  /// Reads every frame, none at all, or stops, steps and changes speed all the time.
  enum Watcher: CaseIterable, Sendable { case eager, absent, restless }

  @Test(arguments: Watcher.allCases) func whatIsWatchedNeverChangesWhatHappens(_ watcher: Watcher) throws {
    let deployment = try SteppedDeployment(CountingModel(), speed: 1000)
    var events: [Event] = []
    switch watcher {
    case .eager:
      _ = wait(deployment, until: 300)
    case .absent:
      // One command to say that it has begun, then silence: the thread runs on without a reader.
      while deployment.history(.running, element: 0, seconds: 300).contains(where: \.isNaN) { usleep(20_000) }
    case .restless:
      var until: Int64 = 5
      while until < 300 {
        _ = wait(deployment, until: until)
        deployment.command(.pause(true))
        for _ in 0..<3 { deployment.command(.step) }
        deployment.command(.speed(until % 2 == 0 ? 700 : 1000))
        events += deployment.takeEvents()
        deployment.command(.pause(false))
        until += 37
      }
      _ = wait(deployment, until: 300)
    }
    deployment.stop()
    events += deployment.takeEvents()
    let frame = try #require(deployment.latest())
    // The same seconds in one go, unwatched.
    var reference = CountingModel()
    var expected = [reference.frame(sequence: 0)[.running][0]]
    let values = deployment.history(.running, element: 0, seconds: 900)
    let seen = Array(values.drop { $0.isNaN })
    #expect(seen.count >= 300)
    while expected.count < seen.count {
      reference.advance(to: Int64(expected.count) * Self.second)
      expected.append(reference.frame(sequence: 0)[.running][0])
    }
    #expect(seen == expected)
    #expect(frame[.running][0] == expected[Int(frame.time / Self.second)])
    // No event is lost, doubled or out of order.
    #expect(events.map(\.text) == reference.events.map(\.text))
    #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 })
  }

  @Test func pauseStandsStillStepGoesOneSecondAndStopEnds() throws {
    let deployment = try SteppedDeployment(CountingModel(), speed: 5000, paused: true)
    let first = try #require(next(deployment))
    #expect(first.time == 0 && deployment.playback == Playback(paused: true, speed: 1000, reached: 0))
    for second in 1...3 {
      deployment.command(.step)
      let frame = try #require(wait(deployment, until: Int64(second)))
      #expect(frame.time == Int64(second) * Self.second)
    }
    deployment.command(.speed(0.01))
    let changed = try #require(next(deployment))
    #expect(changed.time == 3 * Self.second && deployment.playback.speed == 0.25)
    // A step while running is nothing.
    deployment.command(.speed(250))
    deployment.command(.pause(false))
    deployment.command(.step)
    #expect(wait(deployment, until: 8) != nil)
    #expect(!deployment.playback.paused)
    deployment.stop()
    deployment.stop()
    let end = try #require(deployment.latest())
    let seconds = deployment.history(.running, element: 0, seconds: 900).drop { $0.isNaN }.count
    #expect(end.time <= Int64(seconds - 1) * Self.second)
    usleep(50_000)
    #expect(deployment.history(.running, element: 0, seconds: 900).drop { $0.isNaN }.count == seconds)
  }

  @Test func alarmsComeWithFramesAndAsEvents() throws {
    var model = CountingModel()
    model.slowFrom = 10
    let deployment = try SteppedDeployment(model, speed: 1000)
    let frame = try #require(wait(deployment, until: 20))
    deployment.stop()
    #expect(frame.alarms.map(\.text) == ["TPOT p99 60.0 ms, target 50"] && frame.alarms[0].since == 10 * Self.second)
    let events = deployment.takeEvents()
    #expect(events.filter { $0.priority == .high }.map(\.time) == [15 * Self.second])
    #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 })
  }
}
