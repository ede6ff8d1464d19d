import Words
import XDeepServe

extension Trace {
  /// Lines that a message names before it only counts.
  private static let named = 5
  /// Longest trace; the published ones last an hour, some a week.
  private static let longestDays: Int64 = 366
  private static let day: Int64 = 86_400_000_000_000

  /// Reads a file in Mooncake's or Azure's format, told apart by what stands in it.
  public static func read(file: String, skipBadLines: Bool) throws(DocumentProblem) -> Trace {
    try read(try FileBytes.read(file, limit: FileBytes.traceLimit), file: file, skipBadLines: skipBadLines)
  }

  /// Name of the made sample that is part of the program.
  public static let sampleName = "made-mooncake"
  /// What has to be said wherever the sample runs.
  public static let sampleNote =
    "made-mooncake is a made sample, not a recording; --trace FILE replays a real trace"

  /// The made sample.
  public static func sample() throws(DocumentProblem) -> Trace {
    try read(PackageResources.made_mooncake_jsonl, file: sampleName, skipBadLines: false)
  }

  /// Reads a trace's bytes; `file` is its name in messages.
  public static func read(_ bytes: [UInt8], file: String, skipBadLines: Bool) throws(DocumentProblem) -> Trace {
    var lines = TraceLines(bytes)
    guard let format = TraceFormat.detect(&lines) else {
      let line = lines.number == 0 ? nil : lines.number
      throw DocumentProblem(
        .file(file, line: line, column: nil), "is no trace that can be read; accepted: \(TraceFormat.accepted)")
    }
    var requests: [TraceRequest] = []
    var blocks = BlockColumn()
    var bad: [(line: Int, problem: TraceLineProblem)] = []
    while let line = lines.next() {
      let held = blocks.names.count
      do throws(TraceLineProblem) {
        requests.append(try format.request(&lines.cursor, end: line.end, blocks: &blocks))
      } catch {
        blocks.truncate(to: held)
        bad.append((line.number, error))
      }
      lines.cursor.position = line.next
    }
    if let first = bad.first, !skipBadLines {
      throw DocumentProblem(
        .file(file, line: first.line, column: nil),
        "\(first.problem.message)\(others(bad.map(\.line))); accepted: \(format.acceptedLine)")
    }
    guard !requests.isEmpty else {
      throw DocumentProblem(.file(file, line: nil, column: nil), "holds no request that can be read")
    }
    let arrivals = requests.map(\.arrival)
    if let first = arrivals.min(), let last = arrivals.max(), (last - first) / day > longestDays {
      throw DocumentProblem(
        .file(file, line: nil, column: nil),
        "spans \((last - first) / day) days; at most \(longestDays) are accepted")
    }
    return Trace(requests: requests, hashBlocks: blocks.names, skippedLines: bad.map(\.line))
  }

  /// A sentence on the lines that were left out, nil if there were none.
  public func skipped(file: String) -> String? {
    guard !skippedLines.isEmpty else { return nil }
    let count = skippedLines.count
    return "\(file.printable()): skipped \(count) bad \(count == 1 ? "line" : "lines"): \(Self.list(skippedLines))"
  }

  private static func others(_ lines: [Int]) -> String {
    let remedy = "--skip-bad-lines leaves bad lines out"
    return lines.count == 1
      ? " (the only bad line; \(remedy))" : " (\(lines.count) bad lines: \(list(lines)); \(remedy))"
  }

  private static func list(_ lines: [Int]) -> String {
    let named = lines.prefix(named).map(String.init).joined(separator: ", ")
    return lines.count > Self.named ? "\(named) and \(lines.count - Self.named) more" : named
  }
}
