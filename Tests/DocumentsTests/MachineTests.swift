import Documents
import Foundation
import SuperPod
import Telemetry
import Testing
import XDeepServe

@Suite struct MachineTests {
  private static let chip = """
    podium: 1
    title: "Next"
    bf16_tflops: 700
    int8_tops: 1400
    hbm_gb: 96
    hbm_tb_per_s: 3.2

    """

  private func withFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "podium-machines-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    return try body(folder.path)
  }

  private func scenario(_ pod: String, in folder: String = ".") throws -> ScenarioReading {
    let text = ScenarioTests.short + "pod: \(pod)\n"
    return try ScenarioDocument(Array(text.utf8), file: "\(folder)/scenario.yaml").read()
  }

  @Test func whatPrintsReadsBack() throws {
    try withFolder(["c.yaml": ChipText(.ascend910C).description]) { folder in
      let chip = try ChipRating.reading("\(folder)/c.yaml", option: "chips")
      #expect(chip == .ascend910C)
    }
  }

  /// A chip by name, by file, in place, and in a machine's file beside the scenario.
  @Test func aChipIsTakenFromWhereverItStands() throws {
    try withFolder(["next.yaml": Self.chip, "pod.yaml": "podium: 1\nnpus: 384\nchip: next.yaml\n"]) { folder in
      let named = try scenario("{npus: 384, chip: 910c}")
      #expect(named.scenario.chip == .ascend910C)
      let next = try scenario("{npus: 384, chip: next.yaml}", in: folder)
      #expect(next.scenario.chip.name == "Next" && next.scenario.chip.hbmBytes == 96e9)
      #expect(next.scenario.chip.vectorCores == 48)
      #expect(next.notes.contains { $0.contains("nothing was measured on Next") })
      let machine = try scenario("{machine: pod.yaml}", in: folder)
      #expect(machine.scenario == next.scenario)
      let printed = ScenarioText(next.scenario).description
      let again = try ScenarioDocument(Array(printed.utf8), file: "p.yaml").read().scenario
      #expect(again == next.scenario)
    }
  }

  /// Arithmetic, bandwidth and memory each make a difference of their own.
  @Test func whatTheChipIsMakesTheFigures() throws {
    func run(_ pod: String) throws -> (tpot: Double, hbm: Double) {
      var scenario = try scenario(pod).scenario
      scenario.workload = .closed(requestsPerDie: 60, prompt: .fixed(2048), output: .fixed(2048))
      scenario.prefill = []
      scenario.spare = nil
      var simulation = try Simulation(scenario)
      simulation.advance(to: 3_000_000_000)
      let frame = simulation.frame(sequence: 1)
      let share = Double(try #require(frame.value(.dieKV)))
      return (try #require(simulation.report().tpot.mean), share)
    }
    func chip(_ bf16: Double, _ int8: Double, _ gigabytes: Double, _ rate: Double) -> String {
      "{npus: 384, chip: {title: T, bf16_tflops: \(bf16), int8_tops: \(int8), hbm_gb: \(gigabytes), hbm_tb_per_s: \(rate)}}"
    }
    let usual = try run("{npus: 384}")
    let same = try run(chip(376, 752, 64, 1.6))
    #expect(same == usual)
    for faster in [chip(752, 752, 64, 1.6), chip(376, 1504, 64, 1.6), chip(376, 752, 64, 3.2)] {
      let tpot = try run(faster).tpot
      #expect(tpot < usual.tpot, "\(faster)")
    }
    let roomy = try run(chip(376, 752, 128, 1.6))
    #expect(roomy.tpot == usual.tpot && roomy.hbm < usual.hbm / 2)
  }

  /// Matrix cores stand in place of the peaks; few vector cores hold up what XCCL brings to a die.
  @Test func coresMakeADifference() throws {
    func chip(_ keys: String) throws -> Scenario {
      try scenario("{npus: 384, chip: {title: T, \(keys), hbm_gb: 64, hbm_tb_per_s: 1.6}}").scenario
    }
    let half = try chip("matrix_cores: 12")
    #expect(half.chip.bf16PerSecond == 188e12 && half.chip.int8PerSecond == 376e12)
    #expect(try half == chip("bf16_tflops: 188, int8_tops: 376"))
    func transfer(_ cores: Int) throws -> Double {
      var scenario = try chip("matrix_cores: 24, vector_cores: \(cores)")
      scenario.prefill = [.init()]
      scenario.spare = nil
      scenario.workload = .poisson(ratePerSecond: 20, prompt: .fixed(8000), output: .fixed(20))
      var simulation = try Simulation(scenario)
      simulation.advance(to: 5_000_000_000)
      return try #require(simulation.report().primitives[Primitive.sendRecv.index]).wireMean
    }
    // 8,000 tokens of 39,040 bytes: 164 GB/s over the links, 30 a core.
    let (all, two) = (try transfer(48), try transfer(2))
    #expect(abs(all - (200 + 312.32e6 / 164e3)) < 1)
    #expect(abs(two - (200 + 312.32e6 / 60e3)) < 1)
    #expect(try transfer(6) == transfer(48))
  }

  @Test(arguments: [
    ("{npus: 384, chip: 910x}", "`pod.chip` must be `910c`"),
    ("{npus: 384, machine: pod.yaml}", "stands beside a `machine`"),
    ("{chip: 910c}", "lacks `pod.npus`"),
    ("{machine: missing.yaml}", "missing.yaml: cannot be opened"),
    ("{npus: 384, chip: {title: T}}", "lacks `pod.chip.bf16_tflops`"),
    ("{npus: 384, chip: {bf16_tflops: 0, int8_tops: 1, hbm_gb: 9, hbm_tb_per_s: 1}}", "a number from 1 to 100000"),
    ("{npus: 384, chip: {bf16_tflops: 9, matrix_cores: 24}}", "beside `bf16_tflops` it would change nothing"),
    ("{npus: 384, chip: {matrix_cores: 0, hbm_gb: 64, hbm_tb_per_s: 1.6}}", "from 1 to 4096"),
    ("{npus: 384, chip: {bf16_tflop: 1}}", "the nearest is `bf16_tflops`"),
  ])
  func aBrokenMachineSaysWhatIsAccepted(_ pod: String, _ sentence: String) throws {
    let problem = try #require(throws: DocumentProblem.self) { try scenario(pod) }
    #expect("\(problem)".contains(sentence), "\(problem)")
  }

  @Test func lessMemoryThanTheWeightsIsRefused() throws {
    let pod = "{npus: 384, chip: {bf16_tflops: 376, int8_tops: 752, hbm_gb: 16, hbm_tb_per_s: 1.6}}"
    let problem = try #require(throws: ScenarioProblem.self) { try Simulation(try scenario(pod).scenario) }
    #expect(problem.message.contains("memory"), "\(problem)")
  }
}
