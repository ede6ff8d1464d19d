import ArgumentParser
import Documents
import Words
import XDeepServe

/// `podium run`: a scenario without a screen, as fast as it goes, and what it measured.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario without a screen and print what it measured.",
    discussion: """
      Durations are written with their unit: 250ms 1.5s 90s 5m 1h. With --json the result is one JSON object \
      (docs/json.md); nothing in it but wall_seconds depends on the machine.
      """)

  /// Simulated time without `--for`, seconds.
  static let usualDuration = DurationAmount(seconds: 120)
  /// How long after its last arrival a trace may go on: what has not ended by then is stuck.
  static let drainLimit: Int64 = 600_000_000_000
  /// Simulated time between two looks at the clock and at the keyboard; cutting time changes no result.
  private static let slice: Int64 = 1_000_000_000

  @OptionGroup var options: ScenarioOptions

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp(
      "Simulated time in all (default: 2m; with a trace until its last request ends).", valueName: "time"),
    transform: DurationAmount.argument)
  var duration: DurationAmount?

  @Option(
    help: ArgumentHelp("Simulated time at the start that is not measured.", valueName: "time"),
    transform: DurationAmount.argument)
  var warmup = DurationAmount(nanoseconds: 0)

  @Flag(help: "Let a policy act where targets are missed: it does what `suggest` finds best.")
  var autopilot = false

  @Option(help: "Run so many seeds, from --seed upwards, and print mean, least and most of each figure.")
  var seeds = 1

  @Option(help: "Threads over which seeds are spread; one simulation runs on one thread.")
  var threads = 1

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func validate() throws {
    if let duration, duration.nanoseconds == 0 { throw ValidationError("--for must be above 0.") }
    if let duration, warmup.nanoseconds >= duration.nanoseconds {
      throw ValidationError("--warmup must be shorter than --for, \(duration), or nothing is measured.")
    }
    if autopilot && seeds > 1 { throw ValidationError("--autopilot runs one seed.") }
    if !(1...10_000).contains(seeds) { throw ValidationError("--seeds must be between 1 and 10000.") }
    if !(1...1024).contains(threads) { throw ValidationError("--threads must be between 1 and 1024.") }
  }

  func run() throws {
    let interrupt = Interrupt()
    guard seeds == 1 else { return try runSeeds(interrupt) }
    var simulation = try options.simulation()
    let end = try end(of: simulation)
    simulation.measureFrom = warmup.nanoseconds
    var pilot = Autopilot()
    var progress = ProgressLine(end: duration == nil ? simulation.lastArrival ?? end : end)
    while simulation.now < end, !(duration == nil && simulation.isDrained) {
      if interrupt.isPending {
        progress.clear()
        StandardError.write("podium: interrupted after \(ProgressLine.seconds(simulation.now)) of simulated time\n")
        throw ExitCode(130)
      }
      simulation.advance(to: min(end, simulation.now + Self.slice))
      if autopilot && simulation.now % Self.slice == 0 { pilot.look(&simulation) }
      progress.show(simulation.now)
    }
    let report = simulation.report()
    progress.finish(simulation.now)
    sayWhatIsStuck(simulation, report)
    let wall = progress.elapsedSeconds
    print(json ? RunReportJSON(report, wallSeconds: wall).value.text : RunReportTable(report, wallSeconds: wall).text)
    if autopilot && !json {
      print("\nautopilot" + (pilot.steps.isEmpty ? ": did nothing" : ""))
      for step in pilot.steps {
        print("  \(DurationAmount(nanoseconds: step.time))  \(step.action)  \(step.reason)")
      }
    }
  }

  /// Several seeds, each a run of its own.
  private func runSeeds(_ interrupt: Interrupt) throws {
    let first = try options.read().scenario.seed
    let all = (0..<seeds).map { first &+ UInt64($0) }
    let clock = ContinuousClock()
    let start = clock.now
    let command = self
    let work = SeedRuns { seed in
      var simulation = try command.options.simulation(seed: seed)
      _ = try command.end(of: simulation)
      simulation.measureFrom = command.warmup.nanoseconds
      return simulation
    } run: { simulation in
      let limit = (try? command.end(of: simulation)) ?? 0
      while simulation.now < limit, !(command.duration == nil && simulation.isDrained) {
        guard !interrupt.isPending else { return nil }
        simulation.advance(to: min(limit, simulation.now + Self.slice))
      }
      return simulation.report()
    }
    let count = seeds
    let reports = try work.reports(seeds: all, threads: threads) { done in
      StandardError.write("podium: \(done) of \(count) seeds\n")
    }
    guard let reports else {
      StandardError.write("podium: interrupted\n")
      throw ExitCode(130)
    }
    let spent = (clock.now - start) / .seconds(1)
    let table = SeedTable(reports, wallSeconds: spent)
    print(json ? table.json.text : table.text)
  }

  /// Where time ends at the latest, nanoseconds.
  private func end(of simulation: Simulation) throws -> Int64 {
    let end =
      duration?.nanoseconds ?? simulation.lastArrival.map { $0 + Self.drainLimit } ?? Self.usualDuration.nanoseconds
    guard warmup.nanoseconds < end else {
      throw ValidationError("--warmup must be shorter than the run, \(DurationAmount(nanoseconds: end)).")
    }
    return end
  }

  private func sayWhatIsStuck(_ simulation: Simulation, _ report: RunReport) {
    let left = report.requests.waiting + report.requests.running
    guard duration == nil, simulation.lastArrival != nil, !simulation.isDrained else { return }
    StandardError.write(
      "podium: stopped \(DurationAmount(nanoseconds: Self.drainLimit)) after the trace's last arrival with \(left)"
        + " requests still waiting or running\n")
  }
}
