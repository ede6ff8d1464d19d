import SuperPod
import Words
import XDeepServe

extension ScenarioReader {
  /// Dies that an engine or a pod can have at most, to keep sums in bounds before they are checked.
  private static let mostDies = 100_000
  private static let splitKeys = ["domains", "micro_batches"]
  private static let decodeKeys = ["layout", "dies", "dp", "ep", "shared_copies", "redundant", "batch", "mtp"]

  /// Prefill engines; an entry with `engines: 8` counts eight times.
  func readPrefill(_ field: Field?) throws(DocumentProblem) -> [Scenario.PrefillEngine] {
    var engines: [Scenario.PrefillEngine] = []
    for entry in try field?.list(of: "prefill engines") ?? [] {
      let fields = try Fields(entry, known: ["engines", "dies", "tp", "dp", "ep", "fabric", "chip", "scheduler"])
      let count = try fields["engines"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...10_000) }
      let dies = try readDies(fields)
      let tensor = try fields["tp"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...dies) } ?? 1
      let data =
        try fields["dp"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...dies) } ?? dies / tensor
      let expert = try fields["ep"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...Self.mostDies) }
      guard tensor * data == dies else {
        throw (fields["dp"] ?? fields["tp"] ?? entry).problem(
          "does not fit: tp × dp must be the engine's dies, and \(tensor) × \(data) is not \(dies)")
      }
      if let expert, expert != dies {
        throw (fields["ep"] ?? entry).problem(
          "must be the engine's \(dies) dies, over which experts are spread, not \(expert)")
      }
      let engine = Scenario.PrefillEngine(
        dies: dies, tensorParallel: tensor, dataParallel: data, expertParallel: expert ?? dies,
        fabric: try choice(fields["fabric"], .ub), chip: try choice(fields["chip"], .c910),
        scheduler: try choice(fields["scheduler"], .collaborative))
      if engine.chip == .b910, engine.fabric == .ub, let chip = fields["chip"] {
        throw chip.problem("needs `fabric: roce`: 910B servers are no part of the pod's own fabric")
      }
      engines += [Scenario.PrefillEngine](repeating: engine, count: count ?? 1)
    }
    return engines
  }

  /// One of the words of a kind, which is how its cases are written.
  private func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ field: Field?, _ usual: Word
  ) throws(DocumentProblem) -> Word {
    guard let field else { return usual }
    return Word(rawValue: try field.choice(Word.allCases.map(\.rawValue))) ?? usual
  }

  /// Decode engines, one an entry.
  ///
  /// - Parameter notes: What was adapted to the model, added to.
  func readDecode(
    _ field: Field?, of model: ChosenModel, stack: Scenario.Stack, notes: inout [String]
  ) throws(DocumentProblem) -> [Scenario.DecodeEngine] {
    var engines: [Scenario.DecodeEngine] = []
    for entry in try field?.list(of: "decode engines") ?? [] {
      engines.append(try readDecodeEngine(entry, of: model, stack: stack, notes: &notes))
    }
    return engines
  }

  private func readDecodeEngine(
    _ entry: Field, of chosen: ChosenModel, stack: Scenario.Stack, notes: inout [String]
  ) throws(DocumentProblem) -> Scenario.DecodeEngine {
    let model = chosen.model
    let layout = try readLayout(entry)
    let split = layout == .split
    let streams = stack == .cloudmatrixInfer
    let fields = try Fields(
      entry, known: Self.decodeKeys + (split ? Self.splitKeys : streams ? ["micro_batches"] : []),
      unused: split
        ? [:]
        : streams
          ? ["domains": "`layout: split`"]
          : ["domains": "`layout: split`", "micro_batches": "`layout: split` or `stack: cloudmatrix-infer`"])
    let dies = try readDies(fields)
    var engine = Scenario.DecodeEngine(
      dies: dies, dataParallel: dies, expertParallel: dies, sharedCopies: model.sharedExperts > 0 ? min(32, dies) : 0,
      redundant: 0, mtpLayers: min(1, model.mostDraftLayers), layout: layout)
    if split {
      try readSplit(fields, entry, into: &engine)
    } else {
      if let batches = fields["micro_batches"] { engine.microBatches = try batches.integer(in: 1...2) }
      for key in ["dp", "ep"] {
        guard let field = fields[key] else { continue }
        let value = try field.integer(in: 1...Self.mostDies)
        guard value == dies else {
          throw field.problem("must be the engine's \(dies) dies, as the layout is colocated, not \(value)")
        }
      }
    }
    if let shared = fields["shared_copies"] {
      engine.sharedCopies = try shared.integer(in: min(1, model.sharedExperts)...dies - 1)
      if model.sharedExperts == 0 {
        let none = "no shared expert"
        engine.sharedCopies = try chosen.zero(instead: engine.sharedCopies, in: shared, without: none, notes: &notes)
      }
    }
    if let redundant = fields["redundant"] { engine.redundant = try redundant.integer(in: 0...Self.mostDies * 16) }
    try checkSlots(engine, of: chosen, fields, entry)
    if let batch = fields["batch"] { engine.batch = try batch.integer(in: 1...1024, "a number of requests a die") }
    if let mtp = fields["mtp"] {
      let fields = try Fields(mtp, known: ["layers", "acceptance"])
      if let layers = fields["layers"] {
        engine.mtpLayers = try layers.integer(in: 0...2, "a number of draft layers")
        if model.mostDraftLayers == 0 {
          engine.mtpLayers = try chosen.zero(
            instead: engine.mtpLayers, in: layers, without: "no MTP layer", notes: &notes)
        }
      }
      if let share = fields["acceptance"] { engine.mtpAcceptance = try share.amount(ShareAmount.self).fraction }
    }
    return engine
  }

  private func readLayout(_ entry: Field) throws(DocumentProblem) -> Scenario.DecodeLayout {
    guard case .mapping(let entries) = entry.node.content,
      let written = entries.first(where: { $0.key == "layout" })
    else { return .colocated }
    let field = Field(name: entry.name(of: "layout"), node: written.value)
    let word = try field.choice(Scenario.DecodeLayout.allCases.map(\.rawValue))
    return Scenario.DecodeLayout(rawValue: word) ?? .colocated
  }

  /// A split engine's dies are its DP groups and its expert dies, all domains together.
  private func readSplit(
    _ fields: Fields, _ entry: Field, into engine: inout Scenario.DecodeEngine
  ) throws(DocumentProblem) {
    let data = try fields.required("dp", "the attention dies of all domains, such as `dp: 480`")
    let expert = try fields.required("ep", "the expert dies, such as `ep: 288`")
    engine.dataParallel = try data.integer(in: 1...Self.mostDies)
    engine.expertParallel = try expert.integer(in: 1...Self.mostDies)
    guard engine.dataParallel + engine.expertParallel == engine.dies else {
      throw data.problem(
        "does not fit: dp + ep must be the engine's \(engine.dies) dies, and \(engine.dataParallel) + "
          + "\(engine.expertParallel) is not")
    }
    engine.domains = try fields["domains"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...16) } ?? 1
    engine.microBatches =
      try fields["micro_batches"].map { (field) throws(DocumentProblem) in try field.integer(in: 1...4) } ?? 1
  }

  /// Every expert needs a slot, and a slot needs room: DeepSeek's 44 MB in each of 58 layers are 2.55 GB of a die's 64.
  private func checkSlots(
    _ engine: Scenario.DecodeEngine, of chosen: ChosenModel, _ fields: Fields, _ entry: Field
  ) throws(DocumentProblem) {
    let slots = engine.expertParallel + engine.redundant
    let room = engine.expertParallel * chosen.model.mostSlotsPerDie(chosen.chip)
    guard slots <= room else {
      throw (fields["redundant"] ?? fields["dies"] ?? entry).problem(
        "does not fit: \(engine.expertParallel) first and \(engine.redundant) redundant slots for experts are \(slots)"
          + ", and \(engine.expertParallel) dies have memory for \(room)")
    }
  }

  /// An engine's dies, in whole servers: what an operator moves between prefill and decode is a server.
  private func readDies(_ fields: Fields) throws(DocumentProblem) -> Int {
    let field = try fields.required("dies", "the dies of the engine, such as `dies: 32`")
    let dies = try field.integer(in: 1...Self.mostDies, "a number of dies")
    guard dies % 16 == 0 else {
      throw field.problem("must be whole servers of 16 dies, not \(dies); accepted: 16, 32, 48 …")
    }
    return dies
  }

  /// Checks that hold across keys: the sum of servers, and that somebody can do the work.
  func check(_ scenario: Scenario, _ fields: Fields) throws(DocumentProblem) {
    guard !scenario.decode.isEmpty else {
      throw (fields["decode"] ?? fields.whole).problem(
        "lacks a decode engine: `decode` must list at least one, such as `- {dies: 288, redundant: 288}`")
    }
    let perNode = scenario.topology.diesPerNode
    let prefill = scenario.prefill.reduce(0) { $0 + $1.dies } / perNode
    let decode = scenario.decode.map { $0.dies / perNode }
    let used = prefill + decode.reduce(0, +)
    let nodes = scenario.topology.nodes
    let sum = ([prefill] + decode).map(String.init).joined(separator: " + ")
    guard used <= nodes else {
      throw (fields["decode"] ?? fields["prefill"] ?? fields.whole).problem(
        "asks for more than the pod has: \(sum) (prefill + decode) are \(used) servers of \(perNode) dies, and the pod"
          + " has \(nodes)")
    }
    if let spare = scenario.spare, let field = fields["spare"], used + spare != nodes {
      throw field.problem(
        "does not check: \(sum) (prefill + decode) are \(used) of \(nodes) servers, which leaves \(nodes - used) spare,"
          + " not \(spare)")
    }
    if case .closed = scenario.workload { return }
    if scenario.decode.contains(where: { $0.layout == .mixed }) { return }
    guard !scenario.prefill.isEmpty else {
      throw (fields["workload"] ?? fields.whole).problem(
        "brings requests that must be prefilled, and there is no `prefill` engine; without one only `closed` is accepted"
      )
    }
  }
}
