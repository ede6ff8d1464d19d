import Documents
import Operations
import SuperPod
import Testing
import Words
import XDeepServe

@Suite struct ScenarioTests {
  /// A scenario as short as it may be; tests put lines into it.
  static let short = """
    podium: 1
    decode:
      - {dies: 288, redundant: 96}
    workload:
      closed: {requests_per_die: 8, prompt: 2k, output: 1}

    """

  @Test func theDefaultIsTheOneOfTheLanguage() throws {
    let scenario = try ScenarioDocument(named: "default").read().scenario
    let expected = Scenario(
      name: "default", about: "A whole CM384 under a day's mean load.", seed: 1, topology: Topology(),
      slo: .init(ttftMilliseconds: 2000, tpotMilliseconds: 50), start: .steady,
      prefill: Array(repeating: .init(dies: 32, tensorParallel: 4, dataParallel: 8, expertParallel: 32), count: 8),
      decode: [
        .init(), .init(dies: 192, dataParallel: 192, expertParallel: 192, sharedCopies: 32, redundant: 96),
      ],
      spare: 2,
      workload: .poisson(
        ratePerSecond: 100, prompt: Lengths(mean: 2000, maximum: 64_000), output: Lengths(mean: 700)),
      prefixHit: 0.4, experts: .init(skew: 12, driftSeconds: 300, balancer: .podium, intervalSeconds: 60),
      clients: .init(patienceSeconds: 60, retries: 0, cancel: 0))
    #expect(scenario == expected)
  }

  /// The calibration table (`podium calibrate`) runs what these names run.
  @Test(arguments: [
    ("peak-decode", Scenario.colocatedPeak(seed: 1)), ("split-decode", .splitPeak(seed: 1)),
    ("cm-infer", .otherStackPeak(seed: 1)), ("cm-prefill", .prefillPeak(seed: 1)),
    ("production", .production(seed: 1)),
  ])
  func theBuiltInPeaksAreTheMeasuredSetUps(_ name: String, _ expected: Scenario) throws {
    var scenario = try ScenarioDocument(named: name).read().scenario
    scenario.about = expected.about
    #expect(scenario == expected)
  }

  @Test(arguments: BuiltInScenario.all)
  func builtInsRunAndWhatPrintsReadsBack(_ builtIn: BuiltInScenario) throws {
    let scenario = try ScenarioDocument(named: builtIn.name).read().scenario
    _ = try Simulation(scenario)
    let text = ScenarioText(scenario).description
    #expect(try ScenarioDocument(Array(text.utf8), file: "printed.yaml").read().scenario == scenario)
  }

  @Test func eventsReadInTheirOrderPrintAndAreRefusedWhereTheyCannotBeCarriedOut() throws {
    let text = """
      events:
        - {at: 60s, do: inject hbm-ecc at n17.c3.d1 for 120s}
        - {at: 90s, do: pd 16:28 from D0 to spare}
        - {at: 10s, do: drain sp4.n30.sw9:up}
        - at: 1.5s
          do: Traffic x2 for 5m

      """
    let document = try ScenarioDocument(Array((Self.short + text).utf8), file: "my.yaml")
    let scenario = try document.read().scenario
    #expect(
      scenario.events.map(\.description) == [
        "1m inject hbm-ecc at n17.c3.d1 for 2m", "90s pd 16:28 from D0 to spare", "10s drain sp4.n30.sw9:up",
        "1.5s traffic x2 for 5m",
      ])
    let printed = ScenarioText(scenario).description
    #expect(try ScenarioDocument(Array(printed.utf8), file: "printed.yaml").read().scenario == scenario)
    var scripted = document
    try scripted.add("5s drain n1")
    #expect(try scripted.read().scenario.events == scenario.events + [ScheduledAction(parsing: "5s drain n1")])
    var fresh = try ScenarioDocument(Array(Self.short.utf8), file: "my.yaml")
    try fresh.add("5s drain n48")
    let nowhere = #expect(throws: DocumentProblem.self) { try fresh.read() }
    #expect(nowhere?.description.hasPrefix("--do \"5s drain n48\": `events.0.do` `n48`: there is no n48") == true)
    let unread = #expect(throws: DocumentProblem.self) { try fresh.add("5s darin n1") }
    #expect(unread?.description.contains("column 4: `darin` is no action; the nearest is `drain`") == true)
  }

  @Test func distributionsAndAmountsPrintAndReadBack() throws {
    var scenario = try ScenarioDocument(named: "default").read().scenario
    scenario.name = "odd \"name\" \\ : #"
    scenario.workload = .poisson(
      ratePerSecond: 0.1, prompt: Lengths(mean: 2001, median: 900, maximum: 64_000),
      output: Lengths(mean: 700, shape: 0.3))
    scenario.experts = .init(skew: 12.5, driftSeconds: 0.25, balancer: .none, intervalSeconds: 61)
    scenario.prefill = [.init(dies: 16, tensorParallel: 16, dataParallel: 1, expertParallel: 16), .init(), .init()]
    scenario.spare = nil
    let text = ScenarioText(scenario).description
    #expect(try ScenarioDocument(Array(text.utf8), file: "printed.yaml").read().scenario == scenario)
    scenario.workload = .daily(
      meanPerSecond: 0.7, startSeconds: 66_600, prompt: Lengths(mean: 2001), output: .fixed(7))
    let day = ScenarioText(scenario).description
    #expect(try ScenarioDocument(Array(day.utf8), file: "printed.yaml").read().scenario == scenario)
  }

  @Test func overridesReachEveryDepth() throws {
    var document = try ScenarioDocument(named: "default")
    for assignment in [
      "decode.1.batch=48", "workload.poisson.rate=5/s", "slo.tpot=35ms", "name=mine", "prefill.0.engines=2", "spare=14",
      "decode.0.mtp={layers: 2, acceptance: 70%}", "experts.balancer=none",
    ] { try document.set(assignment) }
    let scenario = try document.read(seed: 9).scenario
    #expect(scenario.decode.map(\.batch) == [60, 48])
    #expect(scenario.slo.tpotMilliseconds == 35)
    #expect(scenario.name == "mine")
    #expect(scenario.prefill.count == 2)
    #expect(scenario.decode[0].mtpLayers == 2)
    #expect(scenario.decode[0].mtpAcceptance == 0.7)
    #expect(scenario.experts.balancer == .none)
    #expect(scenario.seed == 9)
  }

  @Test(arguments: [
    ("decode.0.bacth=48", "--set decode.0.bacth: ", "the nearest is `batch`"),
    ("decode.2.batch=48", "--set decode.2.batch: ", "its items are 0 to 1"),
    ("decode.0.batch=many", "--set decode.0.batch: ", "must be a number of requests a die from 1"),
    ("decode.0.batch.x=1", "--set decode.0.batch.x: ", "single value `60`"),
    ("decode.0.batch", "--set decode.0.batch: ", "KEY=VALUE"),
    ("=3", "--set : ", "no key before"),
    ("a..b=3", "--set a..b: ", "empty part"),
    ("name={", "--set name: ", "is not YAML"),
    ("name=\u{1b}[31m\u{202e}red", "--set name: ", "is not YAML"),
    ("de\u{1b}[31mcode=1", "--set de[31mcode: ", "unknown key `de[31mcode`"),
    ("prefill.0.engines=9", "default.yaml:", "18 + 18 + 12 (prefill + decode) are 48 servers"),
    ("workload.closed={requests_per_die: 1, prompt: 1, output: 1}", "--set", "exactly one of"),
  ])
  func aBadOverrideSaysWhatIsAccepted(_ assignment: String, _ place: String, _ sentence: String) throws {
    let problem = try #require(throws: DocumentProblem.self) {
      var document = try ScenarioDocument(named: "default")
      try document.set(assignment)
      if assignment.hasPrefix("prefill") { try document.set("spare=0") }
      _ = try document.read()
      // What fits the pod to the last server is no problem; one more is.
      try document.set("prefill.0.engines=10")
      _ = try document.read()
    }
    if assignment.hasPrefix("prefill") {
      #expect(problem.description.contains("20 + 18 + 12 (prefill + decode) are 50 servers"))
      return
    }
    #expect(problem.description.hasPrefix(place) || place == "--set" && problem.description.contains("workload"))
    #expect(problem.description.contains(sentence), "\(problem)")
  }

  /// What to append to the short scenario (or to put in place of it), where the problem is, what is said.
  static let broken: [(text: String, place: String, sentence: String)] = [
    (short + "podum: 1\n", "6:1", "the nearest is `podium`"),
    (short + "pod: {npus: 380}\n", "6:13", "192 to 384 in whole servers"),
    (short + "pod: {npus: 8191}\n", "6:13", "8192 or 15488"),
    (short + "pod: {machine: x.yaml, npus: 384}\n", "6:30", "stands beside a `machine`"),
    (short + "model: kimi-k3\n", "6:8", "the nearest is `kimi-k2`"),
    (short + "model: [kimi-k2]\n", "6:8", "or the path of a model's .yaml file"),
    (short + "model: missing.yaml\n", "", "no such file"),
    (short + "model: {layers: 4}\n", "6:8", "lacks `model.hidden`"),
    (short + "model: minimax-m2\nexperts: {skew: 33}\n", "7:17", "from 1 to 32"),
    (short + "model: qwen3-235b-a22b\nexperts: {skew: 17}\n", "7:17", "from 1 to 16"),
    (
      short.replacing("redundant: 96", with: "mtp: {layers: 1}") + "model: qwen3-235b-a22b\n", "3:31",
      "must be 0, as Qwen3-235B-A22B has no MTP layer, not 1"
    ),
    (
      short.replacing("redundant: 96", with: "shared_copies: 8") + "model: minimax-m2\n", "3:32",
      "must be 0, as MiniMax-M2 has no shared expert, not 8"
    ),
    (short.replacing("redundant: 96", with: "shared_copies: 0"), "3:32", "from 1 to 287"),
    (short + "model: deepseek-r2\n", "6:8", "the nearest is `deepseek-r1`"),
    (short + "stack: cloudmatrix\n", "6:8", "`cloudmatrix-infer`"),
    (short + "start: warm\n", "6:8", "must be steady or empty"),
    (short + "slo: {ttft: 2}\n", "6:13", "a duration with its unit"),
    (short + "slo: {ttft: 0s}\n", "6:13", "must be above 0"),
    (short + "slo: 2s\n", "6:6", "must be a mapping with ttft or tpot"),
    (short + "seed: -1\n", "6:7", "a whole number from 0"),
    (short + "spare: 31\n", "6:8", "leaves 30 spare, not 31"),
    (short + "prefix_hit: 1.5\n", "6:13", "a share from 0 to 1"),
    (short + "decode: []\n", "2:1", "gives a key twice: decode"),
    ("podium: 1\ndecode: []\nworkload: {closed: {requests_per_die: 1, prompt: 1, output: 1}}\n", "2:9", "at least one"),
    (short + "experts: {interval: 25h}\n", "6:21", "at most 24h"),
    (short + "experts: {skew: 0.5}\n", "6:17", "a number from 1 to 32"),
    (short + "experts: {balancer: greedy}\n", "6:21", "podium, eplb, static or none"),
    (short + "clients: {retries: 101}\n", "6:20", "0 to 100"),
    (short + "clients: {cancel: 101%}\n", "6:19", "%"),
    (short + "events:\n  - {at: 60s, do: inject l1}\n", "7:28", "needs `at` and where"),
    (short + "events:\n  - {at: 60s, do: injcet l1}\n", "7:19", "nearest is `inject`"),
    (short + "events:\n  - {at: 60, do: undo}\n", "7:10", "a duration with its unit"),
    (short + "events:\n  - {at: 60s}\n", "7:5", "lacks `events.0.do`"),
    (short + "events:\n  - {at: 60s, do: undo, by: me}\n", "7:25", "unknown key `by` in `events.0`"),
    (short + "events:\n  - {at: 60s, do: drain n48}\n", "7:19", "n0 to n47"),
    (short + "events:\n  - {at: 60s, do: batch 4 D1}\n", "7:19", "there is no D1"),
    (short + "events: {at: 60s, do: undo}\n", "6:9", "must be a list of events"),
    (short + "prefill:\n  - {dies: 32, tp: 4, dp: 9}\n", "7:27", "4 × 9 is not 32"),
    (short + "prefill:\n  - {dies: 32, ep: 16}\n", "7:20", "must be the engine's 32 dies"),
    (short + "prefill:\n  - {dies: 32, fabric: ib}\n", "7:24", "ub or roce"),
    (short + "prefill:\n  - {dies: 32, chip: 910b}\n", "7:22", "needs `fabric: roce`"),
    (short + "prefill:\n  - {dies: 32, scheduler: three-level}\n", "7:27", "two-level"),
    (short + "prefill:\n  - {dies: 33}\n", "7:12", "whole servers of 16 dies"),
    (short + "prefill: {dies: 32}\n", "6:10", "must be a list of prefill engines"),
    (short + "name: [a, b]\n", "6:7", "must be a name, not a list of 2"),
    (short + "seed: 1\nseed: 2\n", "6:1", "gives a key twice: seed"),
    (short + "about: \"unfinished\n", "7:1", "is not YAML"),
    (short + "a: b: c\n", "6:5", "is not YAML"),
    (short + "\t- x\n", "6:1", "is not YAML"),
    (short.replacing("podium: 1", with: "podium: 2"), "1:9", "must be 1, the one version"),
    (short.replacing("podium: 1\n", with: ""), "1:1", "lacks `podium`"),
    (short.replacing("redundant: 96", with: "dp: 144"), "3:21", "must be the engine's 288 dies"),
    (short.replacing("redundant: 96", with: "layout: mixt"), "3:25", "`mixed`"),
    (short.replacing("redundant: 96", with: "layout: mixt"), "3:25", "`mixed`"),
    (short.replacing("redundant: 96", with: "domains: 3"), "3:17", "belongs to `layout: split`"),
    (short.replacing("redundant: 96", with: "layout: split"), "3:5", "lacks `decode.0.dp`"),
    (short.replacing("redundant: 96", with: "micro_batches: 2"), "3:17", "has no effect here"),
    (short.replacing("redundant: 96", with: "mtp: {layers: 3}"), "3:31", "from 0 to 2"),
    (short.replacing("redundant: 96", with: "batch: 0"), "3:24", "from 1 to"),
    (short.replacing("redundant: 96", with: "redundant: 9000"), "3:28", "slots"),
    (short.replacing("dies: 288", with: "dies: 1600"), "3:3", "the pod has 48"),
    (short.replacing("8,", with: "0,"), "5:30", "from 1 to"),
    (short.replacing("output: 1", with: "output: 0"), "5:53", "from 1 to 1000k tokens"),
    (short.replacing("output: 1", with: "output: {mean: 5, max: 4}"), "5:68", "at least the mean"),
    (short.replacing("output: 1", with: "output: {mean: 5, p50: 6}"), "5:68", "at most the mean"),
    (short.replacing("output: 1", with: "output: {mean: 5, p50: 4, shape: 1}"), "5:68", "the same thing twice"),
    (short.replacing("output: 1", with: "outputs: 1"), "5:45", "the nearest is `output`"),
    (short.replacing("closed:", with: "daily:"), "5:11", "unknown key `requests_per_die`"),
    (
      short.replacing("closed: {requests_per_die: 8,", with: "daily: {mean_rate: 8/s,"), "5:10",
      "lacks `workload.daily.start`"
    ),
    (
      short.replacing("closed: {requests_per_die: 8,", with: "daily: {mean_rate: 8/s, start: 24h,"), "5:34",
      "from 0s to below 24h"
    ),
    (
      short.replacing("closed: {requests_per_die: 8,", with: "daily: {mean_rate: 8/s, start: 23h,"), "5:3",
      "no `prefill` engine"
    ),
    (short.replacing("closed: {requests_per_die: 8,", with: "poisson: {rate: 8/s,"), "5:3", "no `prefill` engine"),
    (short.replacing("closed: {requests_per_die: 8,", with: "poisson: {rate: 0/s,"), "5:19", "above 0/s"),
    (
      short.replacing("closed: {requests_per_die: 8, prompt: 2k, output: 1}", with: "trace: {file: no}"), "",
      "no such file"
    ),
    ("", "1:1", "must be a mapping"),
    ("- 1\n", "1:1", "must be a mapping"),
    ("podium: 1\n---\npodium: 1\n", "2:1", "is not YAML"),
    (String(repeating: "[", count: 100_000), "1", "nested too deeply"),
    ("a: " + String(repeating: "- ", count: 100_000), "1:4", "is not YAML"),
    (String(repeating: "- ", count: 100_000), "1", "nested too deeply"),
    ("? [a]\n: 1\n", "1:3", "a key must be a word"),
    ("a: &x 1\nb: *y\n", "2:4", "undefined alias"),
  ]

  @Test(arguments: broken.indices)
  func aBrokenScenarioSaysWhereAndWhatIsAccepted(_ index: Int) throws {
    let (text, place, sentence) = Self.broken[index]
    let problem = try #require(throws: DocumentProblem.self) {
      _ = try ScenarioDocument(Array(text.utf8), file: "my.yaml").read()
    }
    let description = problem.description
    #expect(place.isEmpty || description.hasPrefix("my.yaml:\(place): "), "\(description)")
    #expect(description.contains(sentence), "\(description)")
  }

  @Test func aliasesCannotBlowUpAndBytesThatAreNoTextAreNamed() throws {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      let alias = "*a\(level - 1)"
      bomb += "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    let tooMuch = try #require(throws: DocumentProblem.self) {
      _ = try ScenarioDocument(Array(bomb.utf8), file: "my.yaml")
    }
    #expect(tooMuch.message.contains("holds too much"))
    let noText = try #require(throws: DocumentProblem.self) {
      _ = try ScenarioDocument(Array("podium: 1\n".utf8) + [0xff, 0xfe], file: "my\u{1b}.yaml")
    }
    #expect(noText.description == "my.yaml:2: is not UTF-8 text")
  }

  @Test func aProblemOfTheSimulationIsNamedWhereItsKeyStands() throws {
    let document = try ScenarioDocument(Array(Self.short.utf8), file: "my.yaml")
    let inside = document.problem(ScenarioProblem(key: "decode.0.redundant", message: "is too small"))
    #expect(inside.description == "my.yaml:3:28: `decode.0.redundant` is too small")
    let missing = document.problem(ScenarioProblem(key: "decode.0.batch", message: "is too small"))
    #expect(missing.description == "my.yaml:3:5: `decode.0.batch` is too small")
  }

  @Test func aTraceReplacesTheWorkloadAndStartsEmpty() throws {
    let file = Samples.mooncake
    var document = try ScenarioDocument(named: "default")
    try document.replaceWorkload(trace: file)
    let scenario = try document.read().scenario
    #expect(scenario.start == .empty)
    guard case .trace(let requests, let name) = scenario.workload else {
      Issue.record("no trace")
      return
    }
    #expect(requests.count == 240)
    #expect(name == file)
    try document.set("start=steady")
    try document.set("workload.trace.scale=3")
    let scaled = try document.read(seed: 2).scenario
    #expect(scaled.start == .steady)
    guard case .trace(let more, _) = scaled.workload else {
      Issue.record("no trace")
      return
    }
    #expect(more.count == 720)
  }
}
