import ArgumentParser

@main
struct Podium: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "podium")
}
