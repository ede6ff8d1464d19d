import Documents
import Testing
import XDeepServe

struct SoakCaseTests {
  /// What `podium soak` prints of a case is the case: the file reads back to the scenario, and the script to its events.
  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func whatIsPrintedReproducesTheCase(seed: UInt64) throws {
    let soak = SoakCase(seed: seed)
    let document = try ScenarioDocument(Array(soak.yaml.utf8), file: "soak.yaml")
    var read = try document.read().scenario
    read.events = soak.scenario.events
    #expect(read == soak.scenario)
    #expect(soak.script.count == soak.scenario.events.count && soak.script.count == 13)
  }
}
