import Documents
import Testing
import XDeepServe

@Suite struct TraceTests {
  private func read(_ text: String, skip: Bool = false) throws -> Trace {
    try Trace.read(Array(text.utf8), file: "t", skipBadLines: skip)
  }

  @Test func mooncakeLinesAreReadInAnyOrderOfKeys() throws {
    let trace = try read(
      """
      {"timestamp": 1000, "input_length": 6758, "output_length": 500, "hash_ids": [0, 1, 2]}

      { "who" : {"a": [1.5, -2e3, "x\\"}"], "b": null} , "hash_ids":[], "output_length":3,"timestamp":1000.25,"input_length":1 }
      """)
    #expect(
      trace.requests == [
        TraceRequest(arrival: 0, prompt: 6758, output: 500, blocks: PromptBlocks(first: 0, count: 3)),
        TraceRequest(arrival: 250_000, prompt: 1, output: 3, blocks: PromptBlocks(first: 3)),
      ])
  }

  /// Names of any size become numbers from zero; a bad line leaves nothing behind; blocks beyond the prompt are dropped.
  @Test func promptsKeepTheirHashBlocks() throws {
    let trace = try read(
      """
      {"timestamp": 9, "input_length": 1025, "output_length": 5, "hash_ids": [900000000000, 7, 8, 99]}
      {"timestamp": 9, "input_length": 600, "output_length": 0, "hash_ids": [55, 56]}
      {"timestamp": 3, "hash_ids": [900000000000, 12], "input_length": 1000, "output_length": 5}
      {"timestamp": 4, "hash_ids": [1, -2], "input_length": 1000, "output_length": 5}
      """, skip: true)
    #expect(trace.skippedLines == [2, 4])
    let names = trace.requests.map { request in
      (0..<Int(request.blocks.count)).map { trace.hashBlocks[Int(request.blocks.first) + $0] }
    }
    #expect(names.map(\.count) == [2, 3])
    #expect(names[0][0] == names[1][0])
    #expect(Set(names.joined()).count == 4)
  }

  @Test func azureTimesAreExactAndCountFromTheFirst() throws {
    let trace = try read(
      "\u{feff}TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-12-31 23:59:59.9799601,374,44\r\n"
        + "2024-01-01 00:00:00.0000000,1,2\r\n\r\n2024-03-01 00:00:00.123456789+00:00, 5, 6")
    let march: Int64 = 60 * 86_400_000_000_000 + 20_039_900 + 123_456_789
    #expect(trace.requests.map(\.arrival) == [0, 20_039_900, march])
    #expect(trace.requests.map(\.prompt) == [374, 1, 5])
    #expect(trace.requests.map(\.output) == [44, 2, 6])
  }

  @Test func unsortedArrivalsAreSortedAndEqualOnesKeepTheirOrder() throws {
    let lines = [(5, 1), (3, 2), (5, 3), (3, 4), (0, 5)].map {
      "{\"timestamp\": \($0.0), \"input_length\": \($0.1), \"output_length\": 1}"
    }
    #expect(try read(lines.joined(separator: "\r\n")).requests.map(\.prompt) == [5, 2, 4, 1, 3])
  }

  @Test(arguments: [
    ("{\"timestamp\": 1, \"input_length\": 1}", "lacks output_length"),
    ("{\"timestamp\": 1, \"input_length\": 0, \"output_length\": 1}", "input_length must be at least 1, not 0"),
    ("{\"timestamp\": -1, \"input_length\": 1, \"output_length\": 1}", "timestamp is no number"),
    ("{\"timestamp\": 1, \"input_length\": 1.5, \"output_length\": 1}", "input_length is no whole number"),
    ("{\"timestamp\": 1, \"input_length\": 99999999, \"output_length\": 1}", "at most 10000000"),
    ("{\"timestamp\": 99999999999999999, \"input_length\": 1, \"output_length\": 1}", "timestamp is no number"),
    ("{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1", "is cut off"),
    ("{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1} x", "goes on after"),
    ("{\"timestamp\": 1, \"input_length\": 1, \"output_length\": 1, \"hash_ids\": [1, 2", "without an end"),
    ("{\"timestamp\": 1, \"hash_ids\": \(String(repeating: "[", count: 99_999))", "too deeply"),
    ("{\"timestamp", "string without an end"),
    ("{\"timestamp\\", "string without an end"),
    ("{}", "no quoted key"),
    ("nonsense", "is no JSON object"),
    ("{\"timestamp\": , \"input_length\": 1}", "timestamp is no number"),
    ("{\"x\": , \"input_length\": 1}", "lacks a value"),
  ])
  func aBadMooncakeLineIsNamed(_ line: String, _ sentence: String) throws {
    let good = "{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n"
    let problem = try #require(throws: DocumentProblem.self) { _ = try read(good + line + "\n" + good) }
    #expect(problem.description.hasPrefix("t:2: "))
    #expect(problem.description.contains(sentence), "\(problem)")
    #expect(problem.description.contains("accepted: a JSON object with timestamp"))
    let trace = try read(good + line + "\n" + good, skip: true)
    #expect(trace.requests.count == 2)
    #expect(trace.skippedLines == [2])
  }

  @Test(arguments: [
    ("2023-11-16 18:17:03.97,1", "fewer than three"), ("2023-11-16 18:17:03.97,1,2,3", "goes on"),
    ("2023-13-16 18:17:03.97,1,2", "date and time"), ("2023-11-16 18:17:63.97,1,2", "date and time"),
    ("16/11/2023 18:17,1,2", "date and time"), ("2023-11-16 18:17:03.97,x,2", "ContextTokens is no whole number"),
    ("2023-11-16 18:17:03.97,1,0", "GeneratedTokens must be at least 1"), (",,", "date and time"),
    ("2023-11-16 18:17:03.97,1,", "GeneratedTokens is no whole number"),
  ])
  func aBadAzureLineIsNamed(_ line: String, _ sentence: String) throws {
    let header = "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"
    let problem = try #require(throws: DocumentProblem.self) { _ = try read(header + line) }
    #expect(problem.description.hasPrefix("t:2: "))
    #expect(problem.description.contains(sentence), "\(problem)")
  }

  @Test func severalBadLinesAreCountedAndTheFirstAreNamed() throws {
    let good = "{\"timestamp\": 0, \"input_length\": 1, \"output_length\": 1}\n"
    let text = good + String(repeating: "x\u{1b}[31m\n", count: 7) + good
    let problem = try #require(throws: DocumentProblem.self) { _ = try read(text) }
    #expect(problem.description.contains("(7 bad lines: 2, 3, 4, 5, 6 and 2 more; --skip-bad-lines"))
    let trace = try read(text, skip: true)
    #expect(trace.skipped(file: "t") == "t: skipped 7 bad lines: 2, 3, 4, 5, 6 and 2 more")
  }

  @Test(arguments: ["", "\n\n", "hello\n", "a,b,c\n1,2,3\n", "[]", "TIMESTAMP,ContextTokens,GeneratedTokens\r\n"])
  func whatIsNoTraceIsRefused(_ text: String) throws {
    let problem = try #require(throws: DocumentProblem.self) { _ = try read(text, skip: true) }
    #expect(problem.message.contains("no trace that can be read") || problem.message.contains("holds no request"))
  }

  @Test func aTraceOfYearsIsRefused() throws {
    func line(_ milliseconds: String) -> String {
      "{\"timestamp\": \(milliseconds), \"input_length\": 1, \"output_length\": 1}\n"
    }
    let problem = try #require(throws: DocumentProblem.self) { _ = try read(line("0") + line("9223372036854")) }
    #expect(problem.message.contains("spans 106751 days; at most 366"))
    // Milliseconds since 1970 are fine: arrivals count from the first.
    #expect(try read(line("1700000000000") + line("1700000001000")).requests.last?.arrival == 1_000_000_000)
  }

  @Test func bytesOfAnyKindNeverCrashTheReader() {
    var state: UInt64 = 3
    let alphabet = Array("{}[]:,\"\\ 0159.-+eE\r\n\ttimestamp\u{fe}".utf8)
    for _ in 0..<3000 {
      var bytes = Array("{\"timestamp\": 1, \"input_length\": 2, \"output_length\": 3, \"hash_ids\": [1, 2]}\n".utf8)
      for _ in 0..<4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int(state >> 33) % bytes.count
        bytes[place] = alphabet[Int(state >> 20 & 0xfff) % alphabet.count]
      }
      _ = try? Trace.read(bytes, file: "t", skipBadLines: true)
    }
  }

  @Test func scalingKeepsEveryRequestAndMovesOnlyCopies() throws {
    let trace = try Trace.read(file: Samples.mooncake, skipBadLines: false)
    let scaled = trace.scaled(by: 60, seed: 1)
    #expect(scaled.requests.count == 60 * trace.requests.count)
    #expect(scaled == trace.scaled(by: 60, seed: 1))
    #expect(scaled != trace.scaled(by: 60, seed: 2))
    #expect(trace.scaled(by: 1, seed: 1) == trace)
    #expect(zip(scaled.requests, scaled.requests.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
    #expect(scaled.requests.last?.arrival == trace.requests.last?.arrival)
    let tokens = { (trace: Trace) in trace.requests.reduce(0) { $0 + Int($1.prompt) } }
    #expect(tokens(scaled) == 60 * tokens(trace))
    #expect(Set(scaled.requests.map(\.arrival)).count > 10_000)
    #expect(Set(scaled.requests.map(\.blocks.shift)).count == 60, "copies are other clients")
  }

  @Test func madeSamplesAreReadWhole() throws {
    #expect(try Trace.read(file: Samples.mooncake, skipBadLines: false).requests.count == 240)
    #expect(try Trace.read(file: Samples.azure, skipBadLines: false).requests.count == 60)
  }

  @Test(arguments: [
    ("mooncake_conversation.jsonl", 12_031, 3_536_999_000_000), ("azure_2023_code.csv", 8819, 3_435_948_056_000),
    ("azure_2023_conv.csv", 19_366, 3_501_721_937_000),
  ])
  func realTracesAreReadWhole(_ name: String, _ rows: Int, _ last: Int64) throws {
    // The real traces lie beside the repository and are no part of it.
    guard let file = Samples.shared(name) else { return }
    let trace = try Trace.read(file: file, skipBadLines: false)
    #expect(trace.requests.count == rows)
    #expect(trace.requests.last?.arrival == last)
    #expect(trace.requests.first?.arrival == 0)
  }
}
