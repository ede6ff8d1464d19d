import XDeepServe

/// A file format of traces; one line is one request.
enum TraceFormat {
  /// kvcache-ai/Mooncake: a JSON object a line.
  case mooncake
  /// Azure/AzurePublicDataset: comma-separated values under a header.
  case azure

  /// Most tokens that a line may ask for, in or out: far beyond any context window.
  static let mostTokens: Int64 = 10_000_000

  /// Every format in words.
  static let accepted =
    "Mooncake JSON lines ({\"timestamp\": 0, \"input_length\": 6758, \"output_length\": 500, …})"
    + " or Azure CSV under the header \(AzureLine.header)"

  /// What a line must look like.
  var acceptedLine: String {
    switch self {
    case .mooncake: MooncakeLine.accepted
    case .azure: AzureLine.accepted
    }
  }

  /// The format by the first line that is not blank; Azure's header is consumed.
  static func detect(_ lines: inout TraceLines) -> TraceFormat? {
    guard let line = lines.next() else { return nil }
    if lines.cursor.peek(line.end) == 0x7b {
      lines.rewind()
      return .mooncake
    }
    let words = String(decoding: lines.cursor.bytes[lines.cursor.position..<line.end], as: UTF8.self)
    guard words.filter({ $0 != " " }).lowercased() == AzureLine.header.lowercased() else { return nil }
    lines.cursor.position = line.next
    return .azure
  }

  /// The request of a line, its arrival on the file's own clock.
  func request(
    _ cursor: inout ByteCursor, end: Int, blocks: inout BlockColumn
  ) throws(TraceLineProblem) -> TraceRequest {
    switch self {
    case .mooncake: try MooncakeLine.request(&cursor, end, blocks: &blocks)
    case .azure: try AzureLine.request(&cursor, end)
    }
  }

  /// A number of tokens as a request holds it.
  static func tokens(_ value: Int64?, _ what: String) throws(TraceLineProblem) -> Int32 {
    guard let value else { throw TraceLineProblem("\(what) is no whole number") }
    guard value >= 1 else { throw TraceLineProblem("\(what) must be at least 1, not \(value)") }
    guard value <= mostTokens else { throw TraceLineProblem("\(what) must be at most \(mostTokens), not \(value)") }
    return Int32(value)
  }
}

/// What is wrong with a line of a trace.
struct TraceLineProblem: Error, Hashable {
  var message: String
  init(_ message: String) { self.message = message }
}
