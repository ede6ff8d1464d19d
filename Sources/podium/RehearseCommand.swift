import ArgumentParser
import Documents
import Operations
import Telemetry
import Words
import XDeepServe

/// `podium rehearse`: what an action would do at a moment of a scenario, as a table.
struct RehearseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Say beforehand what an action would do.",
    discussion: """
      Runs the scenario to --at, then possible futures with the action and without it. They know what an operator knows: \
      no scheduled events, no rest of a trace; arrivals and lengths are drawn from what the last five minutes showed. \
      --oracle tells the true future instead.
      """)

  @OptionGroup var options: ScenarioOptions

  @Argument(help: ArgumentHelp("What is rehearsed, such as 'pd +2d'.", valueName: "action"))
  var text: String

  @Option(help: ArgumentHelp("When.", valueName: "time"), transform: DurationAmount.argument)
  var at = DurationAmount(seconds: 120)

  @Option(help: "Possible futures.")
  var seeds = 5

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("How far ahead (default: the action's likely end and a minute more).", valueName: "time"),
    transform: DurationAmount.argument)
  var horizon: DurationAmount?

  @Flag(help: "Tell the true future, which no operator knows.")
  var oracle = false

  @Flag(help: "Print one JSON object.")
  var json = false

  mutating func validate() throws {
    if !(1...100).contains(seeds) { throw ValidationError("--seeds must be between 1 and 100.") }
  }

  func run() throws {
    var simulation = try options.simulation()
    let action: Action
    do throws(ActionProblem) { action = try Action(parsing: text) } catch {
      throw DocumentProblem(.option(text), "\(error)")
    }
    simulation.advance(to: at.nanoseconds)
    var rehearsal: Rehearsal
    do throws(ActionRefusal) {
      rehearsal = try Rehearsal(
        simulation, action, seeds: seeds, horizon: horizon.map { Int($0.nanoseconds / 1_000_000_000) }, oracle: oracle)
    } catch {
      StandardError.write("podium: refused: \(action): \(error.message.printable(limit: 500))\n")
      throw ExitCode(1)
    }
    let clock = ContinuousClock()
    let begun = clock.now
    var first: Duration?
    while !rehearsal.isDone {
      rehearsal.advance()
      if first == nil && rehearsal.without[0].count == rehearsal.horizon { first = clock.now - begun }
    }
    print(json ? RehearsalJSON(rehearsal).value.text : RehearsalTable(rehearsal).text)
    let all = clock.now - begun
    StandardError.write(
      "podium: one future with and without it in \(Self.milliseconds(first ?? all)) ms, \(rehearsal.seeds) in "
        + "\(Self.milliseconds(all)) ms\n")
  }

  private static func milliseconds(_ duration: Duration) -> Int {
    Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
  }
}
