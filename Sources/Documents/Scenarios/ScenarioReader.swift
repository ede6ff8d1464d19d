import SuperPod
import Words
import XDeepServe

/// Turns a scenario's nodes into values; the first thing that does not hold ends it with a sentence.
///
/// One file an aspect: engines, workload, checks across keys.
struct ScenarioReader {
  let document: ScenarioDocument
  let skipBadLines: Bool
  let seed: UInt64?

  static let keys = [
    "podium", "name", "about", "seed", "pod", "model", "stack", "slo", "start", "prefill", "decode", "spare",
    "workload", "prefix_hit", "experts", "clients", "background_faults", "events",
  ]

  func read() throws(DocumentProblem) -> ScenarioReading {
    let fields = try Fields(Field(name: "", node: document.root), known: Self.keys)
    try SchemaVersion.check(fields)
    let stack = try readStack(fields["stack"])
    let written = try fields["seed"].map(readSeed) ?? 1
    let seed = seed ?? written
    let machine =
      try fields["pod"].map { (field) throws(DocumentProblem) in
        try MachineReader(path: document.path(of:at:)).read(field)
      } ?? MachineReader.Machine()
    var chosen = try readModel(fields["model"])
    chosen.chip = machine.chip
    let model = chosen.model
    let read = try readWorkload(
      try fields.required("workload", "where requests come from: \(Self.workloads.asAlternatives)"), seed: seed)
    var notes = read.notes
    let scenario = Scenario(
      name: try fields["name"].map(readName) ?? document.fallbackName.printable(),
      about: try fields["about"].map(readAbout) ?? "",
      seed: seed,
      topology: machine.topology,
      chip: machine.chip,
      model: model,
      stack: stack,
      slo: try readServiceLevel(fields["slo"]),
      start: try readStart(fields["start"]),
      prefill: try readPrefill(fields["prefill"]),
      decode: try readDecode(fields["decode"], of: chosen, stack: stack, notes: &notes),
      spare: try fields["spare"].map { (field) throws(DocumentProblem) in try field.integer(in: 0...100_000) },
      workload: read.workload,
      prefixHit: try fields["prefix_hit"].map { (field) throws(DocumentProblem) in try field.amount(ShareAmount.self) }?
        .fraction ?? 0,
      experts: try readExperts(fields["experts"], of: model),
      clients: try readClients(fields["clients"]),
      hashBlocks: read.hashBlocks, workloadNote: read.note,
      events: try readEvents(fields["events"]),
      backgroundFaults: try fields["background_faults"].map { (field) throws(DocumentProblem) in
        try field.number(in: 0...1e6)
      } ?? 0)
    try check(scenario, fields)
    try check(scenario.events, of: scenario, fields["events"])
    if !model.measured { notes.append(model.predictionNote) }
    if machine.chip != .ascend910C {
      notes.append("every figure is a prediction: nothing was measured on \(machine.chip.name)")
    }
    return ScenarioReading(scenario: scenario, notes: notes)
  }

  private func readName(_ field: Field) throws(DocumentProblem) -> String {
    try field.text(accepted: "a name").printable(limit: 60)
  }

  private func readAbout(_ field: Field) throws(DocumentProblem) -> String {
    try field.text(accepted: "a sentence").printable(limit: 400)
  }

  private func readSeed(_ field: Field) throws(DocumentProblem) -> UInt64 {
    let accepted = "a whole number from 0 to \(UInt64.max)"
    guard let seed = UInt64(try field.text(accepted: accepted)) else {
      throw field.problem("must be \(accepted), not \(field.node.kind)")
    }
    return seed
  }

  private func readModel(_ field: Field?) throws(DocumentProblem) -> ChosenModel {
    guard let field else { return ChosenModel(model: .deepSeekR1, byOption: false) }
    let model = try ModelReader(path: document.path(of:at:)).read(field)
    if case .option = field.node.place { return ChosenModel(model: model, byOption: true) }
    return ChosenModel(model: model, byOption: false)
  }

  private func readStack(_ field: Field?) throws(DocumentProblem) -> Scenario.Stack {
    guard let field else { return .xdeepserve }
    return Scenario.Stack(rawValue: try field.choice(Scenario.Stack.allCases.map(\.rawValue))) ?? .xdeepserve
  }

  private func readServiceLevel(_ field: Field?) throws(DocumentProblem) -> Scenario.ServiceLevel {
    var level = Scenario.ServiceLevel()
    guard let field else { return level }
    let fields = try Fields(field, known: ["ttft", "tpot"])
    if let ttft = fields["ttft"] { level.ttftMilliseconds = try positive(ttft).seconds * 1000 }
    if let tpot = fields["tpot"] { level.tpotMilliseconds = try positive(tpot).seconds * 1000 }
    return level
  }

  private func readStart(_ field: Field?) throws(DocumentProblem) -> Scenario.Start {
    guard let field else { return .steady }
    let word = try field.choice(Scenario.Start.allCases.map(\.rawValue))
    return Scenario.Start(rawValue: word) ?? .steady
  }

  private func readExperts(_ field: Field?, of model: ServedModel) throws(DocumentProblem) -> Scenario.ExpertTraffic {
    var experts = Scenario.ExpertTraffic()
    experts.skew = min(experts.skew, model.largestSkew)
    guard let field else { return experts }
    let fields = try Fields(field, known: ["skew", "drift", "balancer", "interval"])
    if let skew = fields["skew"] {
      experts.skew = try skew.number(in: 1...model.largestSkew)
    }
    let day = DurationAmount(nanoseconds: 86_400_000_000_000)
    if let drift = fields["drift"] { experts.driftSeconds = try positive(drift).seconds }
    if let interval = fields["interval"] { experts.intervalSeconds = try positive(interval, atMost: day).seconds }
    if let balancer = fields["balancer"] {
      let word = try balancer.choice(Scenario.Balancer.allCases.map(\.rawValue))
      experts.balancer = Scenario.Balancer(rawValue: word) ?? .podium
    }
    return experts
  }

  private func readClients(_ field: Field?) throws(DocumentProblem) -> Scenario.Clients {
    var clients = Scenario.Clients()
    guard let field else { return clients }
    let fields = try Fields(field, known: ["patience", "retries", "cancel"])
    if let patience = fields["patience"] { clients.patienceSeconds = try positive(patience).seconds }
    if let retries = fields["retries"] {
      clients.retries = try retries.integer(in: 0...100)
    }
    if let cancel = fields["cancel"] {
      clients.cancel = try cancel.amount(ShareAmount.self).fraction
    }
    return clients
  }

  /// A duration above zero.
  func positive(_ field: Field, atMost longest: DurationAmount? = nil) throws(DocumentProblem) -> DurationAmount {
    let value = try field.amount(DurationAmount.self)
    if let longest, value.nanoseconds > longest.nanoseconds {
      throw field.problem("must be at most \(longest), not \(value)")
    }
    guard value.nanoseconds > 0 else { throw field.problem("must be above 0; accepted: \(DurationAmount.accepted)") }
    return value
  }
}
