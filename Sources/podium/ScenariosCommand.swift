import ArgumentParser
import Documents
import XDeepServe

/// `podium scenarios`: what is built in, or one of them as text.
struct ScenariosCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenarios", abstract: "List the built-in scenarios, or print one of them.")

  @Argument(help: "A built-in scenario to print, as a start for a file of your own.")
  var name: String?

  func run() throws {
    guard let name else {
      let width = BuiltInScenario.all.map(\.name.count).max() ?? 0
      for scenario in BuiltInScenario.all {
        let about = try ScenarioDocument(named: scenario.name).read().scenario.about
        print(scenario.name + String(repeating: " ", count: width + 2 - scenario.name.count) + about)
      }
      return
    }
    print(try BuiltInScenario.required(name).text, terminator: "")
  }
}
