import ArgumentParser
import Documents
import Operations
import SuperPod
import Words
import XDeepServe

/// `podium faults`: every fault made to happen in the default pod, and what it cost.
struct FaultsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "faults",
    abstract: "Make every fault happen in the default pod: when it is seen, what it costs, when the pod is back.")

  @Argument(help: ArgumentHelp("Faults, such as die and kv-stall; all if none is named.", valueName: "fault"))
  var words: [String] = []

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the tables as they stand in docs/model.md.")
  var markdown = false

  mutating func validate() throws {
    guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other.") }
    for word in words where Fault(rawValue: word) == nil {
      let known = Fault.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no fault `\(word)`; accepted are \(known)")
    }
  }

  func run() throws {
    let faults = Fault.allCases.filter { words.isEmpty || words.contains($0.rawValue) }
    let scenario = try ScenarioDocument(named: "default").read().scenario
    let table: FaultTable
    do {
      let baseline = try FaultTrial.Baseline(scenario)
      table = FaultTable(
        try faults.map { fault in
          try FaultTrial(Injection(fault, at: FaultTrial.place(of: fault).map { try Place($0) }), beside: baseline)
        })
    } catch {
      // The default pod and its places are part of the program.
      StandardError.write("podium: \(error)\n")
      throw ExitCode(1)
    }
    print(json ? table.json.text : markdown ? table.markdown : table.text)
  }
}
