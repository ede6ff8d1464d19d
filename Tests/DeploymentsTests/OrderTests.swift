import Glibc
import Operations
import SuperPod
import Synchronization
import Telemetry
import Testing
import XDeepServe

@testable import Deployments

struct OrderTests {
  /// A pod small enough to rehearse in a moment.
  static func model() throws -> Simulation {
    let scenario = Scenario(
      name: "small", seed: 3, topology: Topology(nodes: 24), start: .steady,
      prefill: Array(
        repeating: .init(dies: 16, tensorParallel: 4, dataParallel: 4, expertParallel: 16), count: 2),
      decode: [
        .init(
          dies: 64, dataParallel: 64, expertParallel: 64, sharedCopies: 8, redundant: 256, batch: 16, mtpLayers: 1,
          mtpAcceptance: 0.8)
      ],
      workload: .poisson(
        ratePerSecond: 20, prompt: Lengths(mean: 900, maximum: 20000), output: Lengths(mean: 60)),
      prefixHit: 0.2, clients: .init(patienceSeconds: 60))
    var simulation = try Simulation(scenario)
    simulation.advance(to: 20_000_000_000)
    return simulation
  }

  /// Looks at a deployment again and again until something is there, at most so many seconds.
  static func await<T>(_ deployment: SimulatedDeployment, seconds: Double = 20, _ look: () -> T?) -> T? {
    for _ in 0..<Int(seconds * 100) {
      if let found = look() { return found }
      var poller = pollfd(fd: deployment.wakeDescriptor, events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&poller, 1, 10)
      _ = deployment.latest()
    }
    return nil
  }

  @Test func anOrderIsCarriedOutAndItsInverseTold() throws {
    let deployment = SimulatedDeployment(try Self.model(), paused: true)
    defer { deployment.stop() }
    let order = Order(number: 7, action: try Action(parsing: "batch 12 D0"), who: "ops1")
    deployment.perform(order)
    let results = try #require(Self.await(deployment) { deployment.takeResults().nilIfEmpty })
    #expect(results.map(\.order) == [order] && results[0].refusal == nil && results[0].time == 20_000_000_000)
    #expect(results[0].inverse == [try Action(parsing: "batch 16 D0")])
    #expect(deployment.configuration?.executors.last?.batch == 12)
    #expect(deployment.takeResults().isEmpty)
    // Its number in the log is another than the model's: the latter is what is undone.
    #expect(results[0].performed == 1)
    let undo = Order(number: 8, action: .undo(41), who: "ops1", undoes: 41, performed: 1)
    deployment.perform(undo)
    let undone = try #require(Self.await(deployment) { deployment.takeResults().nilIfEmpty })
    #expect(undone[0].refusal == nil && undone[0].performed == 2)
    #expect(deployment.configuration?.executors.last?.batch == 16)
  }

  @Test func whatTheModelRefusesChangesNothingAndHasAReason() throws {
    let deployment = SimulatedDeployment(try Self.model(), paused: true)
    defer { deployment.stop() }
    _ = Self.await(deployment) { deployment.configuration }
    let before = deployment.configuration
    deployment.perform(Order(number: 1, action: try Action(parsing: "drain n99"), who: "ops1"))
    let results = try #require(Self.await(deployment) { deployment.takeResults().nilIfEmpty })
    #expect(results[0].refusal?.isEmpty == false && results[0].inverse.isEmpty)
    #expect(deployment.configuration == before)
  }

  @Test func aReadOnlyDeploymentRefusesAndSaysWhy() throws {
    let deployment = SimulatedDeployment(try Self.model(), paused: true, isReadOnly: true)
    defer { deployment.stop() }
    deployment.perform(Order(number: 1, action: try Action(parsing: "batch 12"), who: "ops1"))
    let results = try #require(Self.await(deployment) { deployment.takeResults().nilIfEmpty })
    #expect(results[0].refusal == deployment.refusesOrders && deployment.refusesOrders?.contains("read-only") == true)
    let configuration = try #require(Self.await(deployment) { deployment.configuration })
    #expect(configuration.executors.last?.batch == 16)
  }

  @Test func aPreviewGrowsAndAgreesWithARehearsalOfTheSameInstant() throws {
    let model = try Self.model()
    let deployment = SimulatedDeployment(model, paused: true)
    defer { deployment.stop() }
    let request = PreviewRequest(number: 1, action: try Action(parsing: "mtp 0"), seeds: 2, horizon: 30)
    deployment.rehearse(request)
    var counts: [Int] = []
    let done = Self.await(deployment) { () -> Preview? in
      guard let preview = deployment.takePreview() else { return nil }
      counts.append(preview.futures.with.reduce(0) { $0 + $1.count })
      return preview.isDone ? preview : nil
    }
    let preview = try #require(done)
    #expect(counts == counts.sorted() && counts.last == 60 && preview.refusal == nil)
    var rehearsal = try Rehearsal(model, request.action, seeds: 2, horizon: 30)
    while !rehearsal.isDone { rehearsal.advance() }
    #expect(preview.futures == rehearsal.futures)
  }

  @Test func aPreviewOfWhatCannotBeDoneHasAReason() throws {
    let deployment = SimulatedDeployment(try Self.model(), paused: true)
    defer { deployment.stop() }
    deployment.rehearse(PreviewRequest(number: 1, action: try Action(parsing: "scale D0 ep 60")))
    let preview = try #require(Self.await(deployment) { deployment.takePreview() })
    #expect(preview.refusal?.contains("60") == true && preview.isDone)
  }

  @Test func aCancelledRehearsalStopsSoonAndANewOneFollows() throws {
    let deployment = SimulatedDeployment(try Self.model(), paused: true)
    defer { deployment.stop() }
    let action = try Action(parsing: "batch 12")
    deployment.rehearse(PreviewRequest(number: 1, action: action, seeds: 100, horizon: 3000))
    _ = try #require(Self.await(deployment) { deployment.takePreview() })
    deployment.cancelRehearsal()
    #expect(deployment.takePreview() == nil)
    deployment.rehearse(PreviewRequest(number: 2, action: action, seeds: 1, horizon: 2))
    let next = try #require(
      Self.await(deployment, seconds: 5) { deployment.takePreview().flatMap { $0.isDone ? $0 : nil } })
    #expect(next.request.number == 2)
  }

  @Test func serviceIsKeptBySecond() throws {
    let deployment = SimulatedDeployment(try Self.model(), speed: 1000)
    let record = Self.await(deployment) { () -> ServiceRecord? in
      let record = deployment.service(seconds: 50)
      return record.seconds.count == 50 ? record : nil
    }
    deployment.stop()
    let seconds = try #require(record)
    #expect(seconds.seconds.allSatisfy { $0.seconds == 1 } && seconds.seconds.contains { $0.outputTokens > 0 })
    let last = seconds.between(seconds.newest - 10_000_000_000, seconds.newest)
    #expect(last.count == 10 && Array(last) == Array(seconds.seconds.suffix(10)))
    #expect(seconds.between(seconds.newest, seconds.newest + 9_000_000_000).isEmpty)
  }
}

extension Array {
  fileprivate var nilIfEmpty: Self? { isEmpty ? nil : self }
}

/// Time that stands while somebody looks ahead.
struct HoldTests {
  /// What is foreseen is foreseen of the very moment at which it is done, at any speed; then time goes on as it was.
  @Test func timeStandsFromThePreviewToTheOrder() throws {
    let deployment = SimulatedDeployment(try OrderTests.model(), speed: 1000)
    defer { deployment.stop() }
    let action = try Action(parsing: "batch 12 D0")
    deployment.command(.hold(true))
    deployment.rehearse(PreviewRequest(number: 1, action: action, seeds: 2, horizon: 5))
    let preview = try #require(
      OrderTests.await(deployment) { deployment.takePreview().flatMap { $0.isDone ? $0 : nil } })
    usleep(100_000)
    #expect(deployment.playback.held && !deployment.playback.paused && deployment.playback.reached == 0)
    deployment.perform(Order(number: 1, action: action, who: "ops1"))
    let results = try #require(OrderTests.await(deployment) { deployment.takeResults().nilIfEmpty })
    #expect(results[0].time == preview.time && results[0].refusal == nil)
    deployment.command(.hold(false))
    let later = OrderTests.await(deployment) { deployment.service(seconds: 1).newest > preview.time ? true : nil }
    #expect(later == true && deployment.playback.speed == 1000 && !deployment.playback.held)
  }

  @Test func holdingDoesNotTouchAPause() throws {
    let deployment = SimulatedDeployment(try OrderTests.model(), paused: true)
    defer { deployment.stop() }
    for holds in [true, false] {
      deployment.command(.hold(holds))
      #expect(OrderTests.await(deployment) { deployment.playback.held == holds ? true : nil } == true)
      #expect(deployment.playback.paused)
    }
    usleep(50_000)
    #expect(deployment.service(seconds: 1).newest == 0)
  }
}
