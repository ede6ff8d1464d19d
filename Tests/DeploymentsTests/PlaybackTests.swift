import Deployments
import Glibc
import Telemetry
import Testing

@Suite(.timeLimit(.minutes(1))) struct PlaybackTests {
  private static let second: Int64 = 1_000_000_000

  /// Blocks until the deployment has something new; nil where nothing comes.
  private func next(_ deployment: some Deployment) -> Frame? {
    for _ in 0..<200 {
      var request = pollfd(fd: deployment.wakeDescriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&request, 1, 100)
      // The descriptor may have been raised for a frame that was taken a moment before.
      if let frame = deployment.latest() { return frame }
    }
    return nil
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
    let deployment = SimulatedDeployment(CountingModel(), speed: 1000)
    var events: [Event] = []
    switch watcher {
    case .eager:
      _ = wait(deployment, until: 300)
    case .absent:
      // Nobody takes a frame: the thread runs on.
      while deployment.history(.running, element: 0, seconds: 300).count < 300 { usleep(20_000) }
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
    // The same seconds in one go, unwatched.
    var reference = CountingModel()
    var expected: [Float] = []
    let values = deployment.history(.running, element: 0, seconds: 900)
    #expect(values.count >= 300)
    while expected.count < values.count {
      reference.advance(to: Int64(expected.count + 1) * Self.second)
      expected.append(reference.frame(sequence: 0)[.running][0])
    }
    #expect(values == expected)
    // No event is lost, doubled or out of order.
    #expect(events.map(\.text) == reference.events.map(\.text))
    #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 })
  }

  @Test func pauseStandsStillStepGoesOneSecondAndStopEnds() throws {
    let deployment = SimulatedDeployment(CountingModel(), speed: 5000, paused: true)
    let first = try #require(next(deployment))
    #expect(first.time == 0 && deployment.playback == Playback(paused: true, speed: 1000, reached: 0))
    for second in 1...3 {
      deployment.command(.step)
      let frame = try #require(wait(deployment, until: Int64(second)))
      #expect(frame.time == Int64(second) * Self.second)
    }
    deployment.command(.speed(0.01))
    // A change of the clock is shown at once, though no second passes.
    while deployment.playback.speed != 0.25 { #expect(try #require(next(deployment)).time == 3 * Self.second) }
    deployment.command(.speed(250))
    deployment.command(.pause(false))
    #expect(wait(deployment, until: 8) != nil)
    #expect(!deployment.playback.paused)
    deployment.stop()
    deployment.stop()
    let seconds = deployment.history(.running, element: 0, seconds: 900).count
    if let end = deployment.latest() { #expect(end.time <= Int64(seconds) * Self.second) }
    #expect(deployment.latest() == nil)
    usleep(50_000)
    #expect(deployment.history(.running, element: 0, seconds: 900).count == seconds)
  }

  @Test func alarmsComeWithFramesAndAsEvents() throws {
    var model = CountingModel()
    model.slowFrom = 10
    let deployment = SimulatedDeployment(model, speed: 1000)
    let frame = try #require(wait(deployment, until: 20))
    deployment.stop()
    #expect(frame.alarms.map(\.text) == ["TPOT p99 60.0 ms, target 50"] && frame.alarms[0].since == 10 * Self.second)
    let events = deployment.takeEvents()
    #expect(events.filter { $0.priority == .high }.map(\.time) == [15 * Self.second])
    #expect(events.map(\.sequence) == (0..<UInt64(events.count)).map { $0 })
  }
}
