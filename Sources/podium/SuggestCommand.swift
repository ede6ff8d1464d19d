import ArgumentParser
import Documents
import Operations
import Telemetry
import Words
import XDeepServe

/// `podium suggest`: what is worth doing at a moment of a scenario.
struct SuggestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Say what is worth doing.",
    discussion: """
      Runs the scenario to --at, then rehearses possible actions: all of them in one possible future, the promising ones \
      and their like in three. SLO violations count first, then goodput, then risk and dies that move. Ends with 1 where \
      nothing is better than leaving all as it is.
      """)

  @OptionGroup var options: ScenarioOptions

  @Option(help: ArgumentHelp("When.", valueName: "time"), transform: DurationAmount.argument)
  var at = DurationAmount(seconds: 120)

  @Option(
    name: .customLong("for"),
    help: ArgumentHelp("How far ahead (default: as long as servers take to change sides).", valueName: "time"),
    transform: DurationAmount.argument)
  var horizon: DurationAmount?

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let interrupt = Interrupt()
    var simulation = try options.simulation()
    simulation.advance(to: at.nanoseconds)
    var search = SuggestionSearch(simulation, horizon: horizon.map { Int($0.nanoseconds / 1_000_000_000) })
    while !search.isDone {
      guard !interrupt.isPending else { throw ExitCode(130) }
      search.advance()
    }
    let best = search.best
    if json {
      print(JSONValue.object([.init("schema", JSONValue(1)), .init("suggestions", .list(best.map(Self.value)))]).text)
    } else if best.isEmpty {
      print("nothing is better than leaving all as it is (\(search.tried.of) actions tried)")
    } else {
      for (index, suggestion) in best.enumerated() { print("\(index + 1). \(suggestion.action): \(suggestion.reason)") }
    }
    if best.isEmpty { throw ExitCode(1) }
  }

  private static func value(_ suggestion: Suggestion) -> JSONValue {
    func figure(_ figure: Rehearsal.Figure?) -> JSONValue {
      guard let figure else { return .null }
      return .object([
        .init("without", JSONValue(figure.without)), .init("with", JSONValue(figure.with)),
        .init("low", JSONValue(figure.low)), .init("high", JSONValue(figure.high)),
        .init("noise", .bool(figure.isNoise)),
      ])
    }
    return .object([
      .init("action", .string("\(suggestion.action)")), .init("reason", .string(suggestion.reason)),
      .init("horizon_seconds", JSONValue(suggestion.horizon)), .init("seeds", JSONValue(suggestion.seeds)),
      .init("ttft", figure(suggestion.ttft)), .init("tpot", figure(suggestion.tpot)),
      .init("goodput", figure(suggestion.goodput)),
    ])
  }
}
