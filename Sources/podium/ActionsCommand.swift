import ArgumentParser
import Operations

/// `podium actions`: what can be done to a deployment, and what can be made to fail.
struct ActionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "actions", abstract: "List every action and every fault: form, places, risk, figures' sources.")

  @Flag(help: "Print docs/actions.md.")
  var markdown = false

  func run() {
    let table = ActionTable()
    print(markdown ? table.markdown : table.text, terminator: "")
  }
}
