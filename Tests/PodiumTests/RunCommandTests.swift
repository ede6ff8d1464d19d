import Foundation
import Testing

@Suite struct RunCommandTests {
  @Test(arguments: [
    (["run", "--scenario", "peak-decodee"], "the nearest is `peak-decode`"),
    (["run", "--scenario", "atlas9600"], "nearest is `atlas960`"),
    (["run", "--scenario", "missing.yaml"], "missing.yaml: cannot be opened: no such file"),
    (["run", "--scenario", "/"], "it is a folder"),
    (["run", "--scenario", "/dev/zero"], "too large"),
    (["run", "--trace", "missing.csv"], "missing.csv: cannot be opened: no such file"),
    (["run", "--set", "decode.0.bacth=48"], "--set decode.0.bacth: unknown key `bacth`"),
    (["run", "--set", "decode.0.batch"], "KEY=VALUE"),
    (["run", "--set", "decode.1.redundant=3"], "decode.1.redundant"),
    (["run", "--for", "5"], "not a duration with its unit"),
    (["run", "--for", "0s"], "--for must be above 0"),
    (["run", "--for", "5s", "--warmup", "5s"], "--warmup must be shorter"),
    (["run", "--warmup", "5m"], "--warmup must be shorter"),
    (["run", "--seeds", "0"], "--seeds must be between"),
    (["run", "--threads", "0"], "--threads must be between"),
    (["run", "--seed", "-1"], "--seed"),
    (["run", "--frobnicate"], "Unknown option"),
    (["cost", "dispatch", "--model", "kimi-k3"], "the nearest is `kimi-k2`"),
    (["cost", "dispatch", "--bytes", "64MiB"], "--bytes has no effect on dispatch; it belongs to p2p or send_recv"),
    (["cost", "a2e", "--stack", "xdeepserve"], "--stack has no effect on a2e"),
    (["cost", "p2p", "--to", "n0.c0.d0"], "--to: n0.c0.d0 is the near end itself"),
    (["cost", "p2p", "--to", "n48.c0.d0"], "--to: `n48.c0.d0`: there is no n48"),
    (["cost", "p2p", "--from", "n0.cpu1"], "--from: the near end is a die"),
    (["cost", "p2p", "--bytes", "12"], "--bytes: `12` is not"),
    (["cost", "send_recv", "--cores", "49"], "--cores: 49 is not between 1 and 48"),
    (["cost", "dispatch", "--ep", "1"], "--ep takes 2 to 32768 ranks"),
    (["models", "kimi-k3"], "the nearest is `kimi-k2`"),
    (["cost", "combine", "--model", "missing.yaml"], "missing.yaml: cannot be opened: no such file"),
    (["frobnicate"], "frobnicate"),
    (["scenarios", "defautl"], "the nearest is `default`"),
    (["run", "--scenario", "\u{1b}[31m\u{07}\u{9b}31m\u{202e}x"], "is no built-in scenario"),
    (["run", "--\u{1b}[31m\u{07}"], "Unknown option"),
  ])
  func badInputIsASentenceAndExitCodeTwo(_ arguments: [String], _ sentence: String) throws {
    let outcome = try Program.run(arguments)
    #expect(outcome.code == 2)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    #expect(!hasControlCharacters(outcome.errors))
  }

  @Test func aBrokenFileIsNamedWithLineAndColumn() throws {
    try Program.withFile("bad.yaml", "podium: 1\nname: \"\\e[31m\\a\"\nworkload:\n  posson: {}\n") { path in
      let outcome = try Program.run(["run", "--scenario", path])
      #expect(outcome.code == 2)
      #expect(
        outcome.errors.hasPrefix("podium: \(path):4:3: unknown key `posson` in `workload`; the nearest is `poisson`"))
    }
    try Program.withFile(
      "bad.csv", "TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03,1,2\r\n\u{1b}[31m\r\n"
    ) {
      path in
      let stopped = try Program.run(["run", "--trace", path])
      #expect(stopped.code == 2)
      #expect(stopped.errors.hasPrefix("podium: \(path):3: "))
      #expect(stopped.errors.contains("--skip-bad-lines"))
      let skipped = try Program.run(["run", "--trace", path, "--skip-bad-lines", "--json"])
      #expect(skipped.code == 0)
      #expect(skipped.errors.contains("skipped 1 bad line: 3"))
      #expect(skipped.output.contains("\"arrived\": 1,"))
    }
  }

  @Test func namesFromFilesReachTheTerminalClean() throws {
    let text = """
      podium: 1
      name: "\\e[31mred\\a\\u202e"
      decode: [{dies: 288, redundant: 32}]
      workload: {closed: {requests_per_die: 1, prompt: 9, output: 9}}

      """
    try Program.withFile("odd.yaml", text) { path in
      for flag in [["--json"], []] {
        let outcome = try Program.run(["run", "--for", "1s", "--scenario", path] + flag)
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("[31mred"))
        #expect(!hasControlCharacters(outcome.output + outcome.errors))
      }
    }
  }

  @Test func theJSONHasTheKeysOfItsSchemaInOrder() throws {
    let usual = try Program.run(["run", "--for", "2s", "--json"])
    let document = try String(contentsOf: Program.root.appending(path: "docs/json.md"), encoding: .utf8)
    // The schema's example is the one fenced JSON block of its page.
    let example = try #require(document.split(separator: "```json\n").last?.split(separator: "\n```").first)
    #expect(keys(String(example)) == keys(usual.output))
    let top = usual.output.split(separator: "\n").filter { $0.hasPrefix("  \"") }
    #expect(keys(top.joined(separator: "\n")) == Self.topKeys)
    let outcome = try Program.run(["run", "--scenario", "peak-decode", "--for", "2s", "--json"])
    #expect(outcome.code == 0)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? Int == 1)
    #expect(object["scenario"] as? String == "peak-decode")
    #expect(object["simulated_seconds"] as? Double == 2)
    #expect(object["prefill_tokens_per_s_per_npu"] is NSNull)
    #expect((object["xccl"] as? [String: Any])?["a2e"] is NSNull)
    let shares = try #require(object["shares"] as? [String: Double])
    #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
  }

  @Test func onlyTheSeedAndTheInputDecideTheResult() throws {
    func run(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
      let outcome = try Program.run(["run", "--for", "4s", "--json"] + arguments, environment: environment)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").filter { !$0.contains("wall_seconds") }.joined(separator: "\n")
    }
    let once = try run([])
    #expect(try run([]) == once)
    #expect(try run([], ["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2"]) == once)
    #expect(try run(["--seed", "1"]) == once)
    #expect(try run(["--seed", "2"]) != once)
    #expect(try run(["--set", "workload.poisson.rate=101/s"]) != once)
  }

  @Test func aTraceNamedInAScenarioLiesBesideIt() throws {
    let text = """
      podium: 1
      start: empty
      prefill: [{dies: 32, tp: 4}]
      decode: [{dies: 288, redundant: 32}]
      workload: {trace: {file: two.csv, scale: 3, skip_bad_lines: true}}

      """
    try Program.withFile("mine.yaml", text) { path in
      let trace = URL(filePath: path).deletingLastPathComponent().appending(path: "two.csv")
      let rows = "2023-11-16 18:17:03,1,2\r\nbad\r\n2023-11-16 18:17:04,1,2"
      try Data("TIMESTAMP,ContextTokens,GeneratedTokens\r\n\(rows)".utf8).write(to: trace)
      let outcome = try Program.run(["run", "--scenario", path, "--json"])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\"finished\": 6,"))
      #expect(outcome.errors.contains("skipped 1 bad line: 3"))
    }
  }

  @Test func aWarmUpIsRunAndNotMeasured() throws {
    func run(_ arguments: [String]) throws -> [String: Any] {
      let outcome = try Program.run(["run", "--scenario", "peak-decode", "--for", "4s", "--json"] + arguments)
      return try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    func calls(_ object: [String: Any]) throws -> Double {
      let dispatch = try #require((object["xccl"] as? [String: Any])?["dispatch"] as? [String: Any])
      return try #require(dispatch["calls"] as? Double)
    }
    let whole = try run([])
    let half = try run(["--warmup", "2s"])
    let share = try calls(half) / calls(whole)
    #expect((0.4...0.6).contains(share))
    #expect(half["simulated_seconds"] as? Double == 4)
    #expect(half["digest"] as? String == whole["digest"] as? String)
    #expect(half["requests"] as? [String: Int] == whole["requests"] as? [String: Int])
  }

  @Test func aTraceRunsUntilItsLastRequestEnds() throws {
    for (name, rows) in [("made-mooncake.jsonl", 240), ("made-azure.csv", 60)] {
      let path = Program.root.appending(path: "traces/\(name)").path
      let outcome = try Program.run(["run", "--trace", path, "--json"])
      #expect(outcome.code == 0)
      #expect(outcome.output.contains("\"arrived\": \(rows),"))
      #expect(outcome.output.contains("\"finished\": \(rows),"))
      #expect(outcome.errors.contains("100 %"))
    }
  }

  /// Three simulated hours: a minute of computing, so `scripts/test` asks for it and a plain `swift test` does not.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PODIUM_LONG_TESTS"] != nil, "scripts/test runs it"),
    arguments: [
      ("mooncake_conversation.jsonl", 12_031, 3537), ("azure_2023_code.csv", 8819, 3436),
      ("azure_2023_conv.csv", 19_366, 3502),
    ])
  func realTracesEndSoonAfterTheirLastArrival(_ name: String, _ rows: Int, _ lastArrival: Int) throws {
    // The real traces lie beside the repository and are no part of it.
    let file = Program.root.deletingLastPathComponent().appending(path: "shared/traces/\(name)").path
    guard FileManager.default.fileExists(atPath: file) else { return }
    let outcome = try Program.run(["run", "--trace", file, "--for", "\(lastArrival + 150)s", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let requests = try #require(object["requests"] as? [String: Int])
    #expect(requests["arrived"] == rows)
    #expect(requests.values.reduce(0, +) == 2 * rows, "arrived is the sum of the others")
    #expect(Double(requests["finished"] ?? 0) >= 0.97 * Double(rows))
  }

  @Test func anInterruptEndsWithASentenceAndExitCode130() throws {
    let (process, _, errors) = try Program.start(["run", "--for", "100000h"])
    // From the moment on which SIGINT is blocked the run answers it itself.
    let status = "/proc/\(process.processIdentifier)/status"
    let deadline = Date.now.addingTimeInterval(60)
    while Date.now < deadline {
      let lines = try String(contentsOfFile: status, encoding: .utf8).split(separator: "\n")
      let mask = lines.first { $0.hasPrefix("SigBlk:") }?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) }
      if let mask, mask & 2 != 0 { break }
      usleep(10_000)
    }
    process.interrupt()
    process.waitUntilExit()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 130)
    #expect(said.contains("podium: interrupted after"))
  }

  @Test func whatScenariosPrintsRuns() throws {
    let listed = try Program.run(["scenarios"])
    #expect(listed.code == 0)
    #expect(listed.output.contains("peak-decode"))
    let text = try Program.run(["scenarios", "peak-decode"]).output
    try Program.withFile("copy.yaml", text) { path in
      let outcome = try Program.run(["run", "--for", "1s", "--scenario", path])
      #expect(outcome.code == 0)
    }
  }

  private static let topKeys = [
    "schema", "scenario", "note", "seed", "simulated_seconds", "wall_seconds", "ttft_ms", "tpot_ms", "iteration_ms",
    "gap_ms",
    "tokens_per_step", "output_tokens_per_s", "output_tokens_per_s_per_npu", "prefill_tokens_per_s_per_npu",
    "prefix_hit_share", "goodput",
    "slo_share", "requests", "xccl", "shares", "experts", "preempted", "recomputed", "faults", "changes", "actions",
    "digest",
  ]

  private func keys(_ json: String) -> [String] {
    json.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\":")
      return parts.count > 1 ? parts[0].filter { $0 != " " && $0 != "\"" } : nil
    }
  }

  private func hasControlCharacters(_ text: String) -> Bool {
    text.unicodeScalars.contains {
      $0 != "\n" && ($0.properties.generalCategory == .control || $0.properties.generalCategory == .format)
    }
  }
}

extension RunCommandTests {
  /// Each seed of several is the run that it is alone, on however many threads.
  @Test func seedsAreRunsOfTheirOwn() throws {
    let options = ["run", "--scenario", "peak-decode", "--for", "1s", "--json"]
    func digests(_ more: [String]) throws -> [String] {
      let outcome = try Program.run(options + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.output.split(separator: "\n").filter { $0.contains("\"digest\"") }.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    let alone = try (7...9).flatMap { try digests(["--seed", "\($0)"]) }
    #expect(Set(alone).count == 3)
    #expect(try digests(["--seed", "7", "--seeds", "3"]) == alone)
    #expect(try digests(["--seed", "7", "--seeds", "3", "--threads", "2"]) == alone)
  }
}
