import ArgumentParser
import Documents
import Glibc
import Words

/// The command line of Podium.
///
/// Every subcommand ends with 0 (done), 1 (it ran and the answer is no), 2 (bad input or usage, one sentence on standard
/// error) or 130 (interrupted).
@main
struct Podium: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "podium",
    abstract: "A console for a simulated CloudMatrix384 that serves language models.",
    subcommands: [
      LiveCommand.self, RunCommand.self, ScenariosCommand.self, ModelsCommand.self, ChipsCommand.self,
      ThemesCommand.self, CostCommand.self, BalanceCommand.self, CalibrateCommand.self, FaultsCommand.self,
      SoakCommand.self, ActionsCommand.self, RehearseCommand.self, RehearseCheckCommand.self, SuggestCommand.self,
    ],
    defaultSubcommand: LiveCommand.self)

  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
      // A full disk shows only when the last bytes are written.
      guard fflush(nil) == 0 else {
        StandardError.write("podium: the result cannot be written to standard output\n")
        Glibc.exit(1)
      }
    } catch {
      Glibc.exit(report(error))
    }
  }

  /// Says what went wrong, safely for a terminal, and gives the exit code.
  private static func report(_ error: any Error) -> Int32 {
    if let problem = error as? DocumentProblem {
      StandardError.write("podium: \(problem)\n")
      return 2
    }
    if let code = error as? ExitCode { return code.rawValue }
    let code = exitCode(for: error)
    let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
    let message = lines.map { String($0).printable(limit: 1000) }.joined(separator: "\n")
    if code == .success {
      print(message)
      return 0
    }
    StandardError.write(message + "\n")
    return code == .validationFailure ? 2 : 1
  }
}
