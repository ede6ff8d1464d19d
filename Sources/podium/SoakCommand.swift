import ArgumentParser
import XDeepServe

/// `podium soak`: random scenarios with random faults and actions, and whether all invariants hold.
struct SoakCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soak",
    abstract: "Run random scenarios with random faults and check all invariants; exit code 1 if one does not hold.")

  @Option(help: ArgumentHelp("Simulated minutes in all, three a case.", valueName: "minutes"))
  var minutes = 100

  @Option(help: "Seed of the first case; each case has the next.")
  var seed: UInt64 = 1

  mutating func validate() throws {
    guard (1...1_000_000).contains(minutes) else { throw ValidationError("--minutes must be 1 to 1000000.") }
    guard seed <= UInt64.max / 2 else { throw ValidationError("--seed must be at most \(UInt64.max / 2).") }
  }

  func run() throws {
    let interrupt = Interrupt()
    let cases = (minutes * 60 + SoakCase.seconds - 1) / SoakCase.seconds
    for number in 0..<cases {
      guard !interrupt.isPending else { throw ExitCode(130) }
      let soak = SoakCase(seed: seed + UInt64(number))
      print("seed \(soak.seed)  \(soak.summary)")
      do throws(ScenarioProblem) {
        guard let failure = try soak.run() else { continue }
        fail(soak, "second \(failure.second): \(failure.invariant)")
      } catch {
        fail(soak, "\(error.key): \(error.message)")
      }
      throw ExitCode(1)
    }
    let end = seed + UInt64(cases - 1)
    print("\(cases * SoakCase.seconds / 60) minutes, seeds \(seed) to \(end): all invariants held")
  }

  /// What does not hold, and all that it takes to see it again.
  private func fail(_ soak: SoakCase, _ sentence: String) {
    print("does not hold: seed \(soak.seed), \(sentence)\n")
    print(soak.yaml)
    print(soak.script.joined(separator: " \\\n"))
  }
}
