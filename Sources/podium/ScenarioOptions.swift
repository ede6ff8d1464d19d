import ArgumentParser
import Documents
import XDeepServe

/// What runs: options that `run` and `live` share.
struct ScenarioOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A built-in scenario or a file (podium scenarios lists them).", valueName: "name|file"))
  var scenario = "default"

  @Option(
    help: ArgumentHelp(
      "Replay a trace (Mooncake JSON lines or Azure CSV) instead of the scenario's workload, from an empty start.",
      valueName: "file"))
  var trace: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp("Override a key, such as decode.0.batch=48; may be repeated.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(
    name: .customLong("do"), parsing: .singleValue,
    help: ArgumentHelp(
      "Do something at a time, such as '60s pd +2d' or '20s inject die at n17.c3.d1'; may be repeated.",
      valueName: "time action"))
  var script: [String] = []

  @Option(help: "Seed of every random stream.")
  var seed: UInt64?

  @Flag(help: "Leave out lines of a trace that cannot be read, and say which.")
  var skipBadLines = false

  /// The scenario that the options ask for; says on standard error what its reader had to say.
  ///
  /// - Parameter other: A seed in place of the one that the options name.
  func read(seed other: UInt64? = nil) throws(DocumentProblem) -> (document: ScenarioDocument, scenario: Scenario) {
    var document = try ScenarioDocument(named: scenario)
    if let trace { try document.replaceWorkload(trace: trace) }
    for override in overrides { try document.set(override) }
    for line in script { try document.add(line) }
    let reading = try document.read(skipBadLines: skipBadLines, seed: other ?? seed)
    // Of several seeds each reads the same; what there is to say is said once.
    for note in reading.notes where other == nil { StandardError.write("podium: \(note)\n") }
    return (document, reading.scenario)
  }

  /// A simulation of the scenario; what only the simulation can refuse is named at the place where it was written.
  ///
  /// - Parameter other: A seed in place of the one that the options name.
  func simulation(seed other: UInt64? = nil) throws(DocumentProblem) -> Simulation {
    let (document, scenario) = try read(seed: other)
    do {
      return try Simulation(scenario)
    } catch {
      throw document.problem(error)
    }
  }
}
