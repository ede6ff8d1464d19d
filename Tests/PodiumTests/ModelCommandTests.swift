import Foundation
import Testing

@Suite struct ModelCommandTests {
  /// A row's bytes follow from the model's width and the destinations of a token from its top-k and shared expert.
  @Test(arguments: [("deepseek-r1", 7168, 9), ("kimi-k2", 7168, 9), ("minimax-m2", 3072, 8), ("glm-4.5", 5120, 9)])
  func whatACombineMovesFollowsFromTheModel(_ model: String, _ hidden: Int, _ copies: Int) throws {
    let outcome = try Program.run(["cost", "combine", "--ep", "64", "--batch", "32", "--model", model, "--json"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Double])
    #expect(object["bytes"] == Double(32 * copies * hidden * 2))
  }

  @Test func whatModelsPrintsRunsAsAFileAndSaysItIsAPrediction() throws {
    let listed = try Program.run(["models"])
    #expect(listed.code == 0)
    #expect(listed.output.split(separator: "\n").count == 6)
    let text = try Program.run(["models", "minimax-m2"]).output
    try Program.withFile("mine.yaml", text.replacing("\"minimax-m2\"", with: "\"mine\"")) { path in
      let arguments = ["run", "--for", "1s", "--scenario", "peak-decode", "--json", "--set"]
      let own = try Program.run(arguments + ["model=\(path)"])
      #expect(own.code == 0, "\(own.errors)")
      #expect(own.errors.contains("every figure of MiniMax-M2 is a prediction"))
      #expect(own.errors.contains("decode.0.shared_copies is taken as 0"))
      // The file says what the built-in model says, so that it runs the same.
      let builtIn = try Program.run(arguments + ["model=minimax-m2"])
      func figures(_ text: String) -> [Substring] {
        text.split(separator: "\n").filter { !$0.contains("wall_seconds") }
      }
      #expect(figures(own.output) == figures(builtIn.output))
    }
  }
}
