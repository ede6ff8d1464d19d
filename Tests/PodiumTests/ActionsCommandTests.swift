import Foundation
import Operations
import Testing

@Suite struct ActionsCommandTests {
  @Test func theDocumentIsWhatTheCommandPrints() throws {
    let outcome = try Program.run(["actions", "--markdown"])
    #expect(outcome.code == 0)
    let document = try String(contentsOf: Program.root.appending(path: "docs/actions.md"), encoding: .utf8)
    #expect(document == outcome.output, "podium actions --markdown >docs/actions.md writes it")
  }

  @Test func everyActionAndFaultIsListed() throws {
    let outcome = try Program.run(["actions"])
    let words = Set(
      outcome.output.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
    #expect(words.isSuperset(of: ActionName.allCases.map(\.rawValue) + Fault.allCases.map(\.rawValue)))
  }
}
