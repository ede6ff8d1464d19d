import Words
import XDeepServe

extension ScenarioReader {
  static let workloads = ["poisson", "closed", "trace", "daily"]
  /// Longest input or output that a scenario may ask for: more than any context window.
  private static let mostTokens: Int64 = 1_000_000

  /// Where requests come from, and what is to be said about it.
  func readWorkload(_ field: Field, seed: UInt64) throws(DocumentProblem) -> ReadWorkload {
    let fields = try Fields(field, known: Self.workloads)
    let given = Self.workloads.filter { fields[$0] != nil }
    guard given.count == 1, let name = given.first, let workload = fields[name] else {
      throw field.problem(
        "must have exactly one of \(Self.workloads.asAlternatives), not \(given.isEmpty ? "none" : given.joined(separator: " and "))"
      )
    }
    switch name {
    case "poisson": return ReadWorkload(try readPoisson(workload))
    case "daily": return ReadWorkload(try readDaily(workload))
    case "closed": return ReadWorkload(try readClosed(workload))
    default: return try readTrace(workload, seed: seed)
    }
  }

  private func readPoisson(_ field: Field) throws(DocumentProblem) -> Scenario.Workload {
    let fields = try Fields(field, known: ["rate", "prompt", "output"])
    let rate = try fields.required("rate", "how many requests arrive, such as `rate: 100/s`")
    let perSecond = try readRate(rate)
    let (prompt, output) = try readBothLengths(fields)
    return .poisson(ratePerSecond: perSecond, prompt: prompt, output: output)
  }

  private func readDaily(_ field: Field) throws(DocumentProblem) -> Scenario.Workload {
    let fields = try Fields(field, known: ["mean_rate", "start", "prompt", "output"])
    let mean = try fields.required("mean_rate", "how many requests arrive on a day's mean, such as `mean_rate: 80/s`")
    let perSecond = try readRate(mean)
    let start = try fields.required("start", "the time of day at which the scenario begins, such as `start: 18h`")
    let time = try start.amount(DurationAmount.self)
    guard time.seconds < 86_400 else {
      throw start.problem("must be a time of day, from 0s to below 24h, not \(time)")
    }
    let (prompt, output) = try readBothLengths(fields)
    return .daily(meanPerSecond: perSecond, startSeconds: time.seconds, prompt: prompt, output: output)
  }

  private func readRate(_ field: Field) throws(DocumentProblem) -> Double {
    let perSecond = try field.amount(RateAmount.self).perSecond
    guard perSecond > 0, perSecond <= 1e6 else {
      throw field.problem("must be above 0/s and at most 1000000/s, not \(field.node.kind)")
    }
    return perSecond
  }

  private func readClosed(_ field: Field) throws(DocumentProblem) -> Scenario.Workload {
    let fields = try Fields(field, known: ["requests_per_die", "prompt", "output"])
    let requests = try fields.required("requests_per_die", "requests that each decode die holds").integer(in: 1...1024)
    let (prompt, output) = try readBothLengths(fields)
    return .closed(requestsPerDie: requests, prompt: prompt, output: output)
  }

  /// A trace from a file, or the made sample that is part of the program.
  private func readTrace(_ field: Field, seed: UInt64) throws(DocumentProblem) -> ReadWorkload {
    let fields = try Fields(field, known: ["file", "scale", "skip_bad_lines"])
    let file = try fields.required("file", "the path of a trace")
    let name = try file.text(accepted: "the path of a trace")
    let scale = try fields["scale"].map { (field) throws(DocumentProblem) in
      try field.integer(in: 1...1000, "a whole number of copies")
    }
    let skip = try fields["skip_bad_lines"].map { (field) throws(DocumentProblem) in try field.flag() } ?? false
    let path = document.path(of: name, at: file.node.place)
    let isSample = name == Trace.sampleName
    let trace = isSample ? try Trace.sample() : try Trace.read(file: path, skipBadLines: skip || skipBadLines)
    var result = ReadWorkload(.trace(trace.scaled(by: scale ?? 1, seed: seed).requests, name: name.printable()))
    result.hashBlocks = trace.hashBlocks
    result.notes = trace.skipped(file: path).map { [$0] } ?? []
    if isSample {
      result.note = Trace.sampleNote
      result.notes.append(Trace.sampleNote)
    }
    return result
  }

  private func readBothLengths(_ fields: Fields) throws(DocumentProblem) -> (prompt: Lengths, output: Lengths) {
    let what = "a number of tokens or a distribution, such as `{mean: 2k, max: 64k}`"
    return (
      try readLengths(try fields.required("prompt", what)), try readLengths(try fields.required("output", what))
    )
  }

  private func readLengths(_ field: Field) throws(DocumentProblem) -> Lengths {
    if case .scalar = field.node.content { return .fixed(try tokens(field)) }
    let fields = try Fields(field, known: ["mean", "p50", "max", "shape"])
    let mean = try tokens(try fields.required("mean", "the mean number of tokens"))
    let median = try fields["p50"].map(tokens)
    let maximum = try fields["max"].map(tokens)
    let shape = try fields["shape"].map { (field) throws(DocumentProblem) in try field.number(above: 0, in: 0...4) }
    if let median, let p50 = fields["p50"] {
      if shape != nil { throw p50.problem("and `shape` say the same thing twice; one of them is accepted") }
      guard median <= mean else {
        throw p50.problem("must be at most the mean of \(mean), as lengths are skewed to the right, not \(median)")
      }
    }
    if let maximum, let field = fields["max"], maximum < mean {
      throw field.problem("must be at least the mean of \(mean), not \(maximum)")
    }
    return Lengths(mean: Double(mean), median: median.map(Double.init), maximum: maximum, shape: shape)
  }

  private func tokens(_ field: Field) throws(DocumentProblem) -> Int {
    let value = try field.amount(TokenAmount.self).tokens
    guard (1...Self.mostTokens).contains(value) else {
      throw field.problem("must be from 1 to \(TokenAmount(tokens: Self.mostTokens)) tokens, not \(field.node.kind)")
    }
    return Int(value)
  }
}

/// A workload with what belongs to it.
struct ReadWorkload {
  var workload: Scenario.Workload
  /// Blocks of a trace's prompts.
  var hashBlocks: [Int32] = []
  /// What a run has to say about it.
  var note: String?
  /// Sentences for standard error.
  var notes: [String] = []

  init(_ workload: Scenario.Workload) { self.workload = workload }
}
