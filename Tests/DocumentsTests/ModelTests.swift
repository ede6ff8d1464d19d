import Documents
import Foundation
import Testing
import XDeepServe

@Suite struct ModelTests {
  private static let own = """
    podium: 1
    title: Mine
    layers: 20
    dense_layers: 1
    hidden: 2048
    attention: {gqa: {heads: 16, kv_heads: 4, head: 128}}
    experts: {routed: 64, top_k: 6, inner: 1024}
    dense_inner: 8192
    vocabulary: 100000

    """

  private func withFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "podium-models-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "mine.yaml")
    try Data(text.utf8).write(to: file)
    return try body(file.path)
  }

  @Test(arguments: ServedModel.all)
  func namesChooseModelsAndWhatPrintsReadsBack(_ model: ServedModel) throws {
    let scenario = ScenarioTests.short + "model: \(model.id)\n"
    let read = try ScenarioDocument(Array(scenario.utf8), file: "s.yaml").read()
    #expect(read.scenario.model == model)
    #expect(read.scenario.decode[0].mtpLayers == min(1, model.mtpLayers))
    #expect(read.scenario.decode[0].sharedCopies == 32 * model.sharedExperts)
    #expect(read.notes.contains { $0.contains("prediction") } != model.measured)
    let printed = try withFile(ModelText(model).description) { try ServedModel.reading($0, option: "--model") }
    var expected = model
    expected.measured = false
    #expect(printed == expected)
  }

  @Test func aFileBesideAScenarioIsReadAndPrintedWithIt() throws {
    try withFile(Self.own) { path in
      let folder = (path as NSString).deletingLastPathComponent
      let text = ScenarioTests.short + "model: mine.yaml\n"
      let read = try ScenarioDocument(Array(text.utf8), file: "\(folder)/scenario.yaml").read()
      let model = read.scenario.model
      #expect(model.id == "mine" && model.title == "Mine" && model.experts == 64 && model.sharedExperts == 0)
      #expect(model.attention == .gqa(heads: 16, keyValueHeads: 4, headDimensions: 128))
      #expect(!model.measured && read.notes.contains { $0.contains("every figure of Mine is a prediction") })
      // The skew that is written nowhere stays below what 64 experts can have.
      #expect(read.scenario.experts.skew == 64.0 / 6)
      _ = try Simulation(read.scenario)
      let again = ScenarioText(read.scenario).description
      #expect(try ScenarioDocument(Array(again.utf8), file: "printed.yaml").read().scenario == read.scenario)
    }
  }

  @Test(arguments: [
    (own.replacing("layers: 20", with: "layers: none"), "3:9", "a whole number from 1 to 1000"),
    (own.replacing("hidden: 2048\n", with: ""), "1:1", "lacks `hidden`"),
    (own.replacing("kv_heads: 4", with: "kv_heads: 5"), "6:40", "5 does not"),
    (own.replacing("gqa", with: "mha"), "6:13", "the nearest is `mla`"),
    (own.replacing("head: 128}}", with: "head: 128}, mla: {}}"), "6:12", "exactly one of `mla` and `gqa`"),
    (own.replacing("top_k: 6", with: "top_k: 65"), "7:30", "from 1 to 64"),
    (own.replacing("dense_inner: 8192\n", with: ""), "1:1", "lacks `dense_inner`"),
    (own.replacing("podium: 1", with: "podium: 2"), "1:9", "must be 1"),
    (own + "experst: 1\n", "10:1", "the nearest is `experts`"),
  ])
  func aBrokenModelSaysWhereAndWhatIsAccepted(_ text: String, _ place: String, _ sentence: String) throws {
    try withFile(text) { path in
      let problem = try #require(throws: DocumentProblem.self) { try ServedModel.reading(path, option: "--model") }
      #expect(problem.description.hasPrefix("\(path):\(place): "), "\(problem)")
      #expect(problem.description.contains(sentence), "\(problem)")
    }
  }

  @Test func anOptionThatReplacesTheModelReplacesWhatItLacks() throws {
    var document = try ScenarioDocument(named: "peak-decode")
    try document.set("model=minimax-m2")
    let read = try document.read()
    #expect(read.scenario.decode[0].sharedCopies == 0 && read.scenario.decode[0].mtpLayers == 1)
    #expect(read.notes.contains("decode.0.shared_copies is taken as 0 instead of 32: MiniMax-M2 has no shared expert"))
    _ = try Simulation(read.scenario)
    // What another option asks for is never passed over.
    try document.set("decode.0.shared_copies=8")
    #expect(throws: DocumentProblem.self) { try document.read() }
  }
}
