public import XDeepServe

/// Recorded requests, in order of arrival.
public struct Trace: Hashable, Sendable {
  /// Sorted by arrival; equal arrivals keep the order of the file.
  public var requests: [TraceRequest]
  /// Names of the blocks that prompts are made of; requests have their stretches of it, copies share them.
  public var hashBlocks: [Int32]
  /// Lines that were left out because they could not be read, numbered from one.
  public var skippedLines: [Int]

  /// A trace of requests with arrivals on any clock: they are sorted and counted from the first one.
  public init(requests: [TraceRequest], hashBlocks: [Int32] = [], skippedLines: [Int] = []) {
    let first = requests.lazy.map(\.arrival).min() ?? 0
    self.requests = requests.map {
      TraceRequest(arrival: $0.arrival - first, prompt: $0.prompt, output: $0.output, blocks: $0.blocks)
    }
    self.hashBlocks = hashBlocks
    self.skippedLines = skippedLines
    sort()
  }

  /// Orders requests by arrival, equal ones as they stand.
  mutating func sort() {
    let sorted = zip(requests, requests.dropFirst()).allSatisfy { $0.arrival <= $1.arrival }
    guard !sorted else { return }
    let order = requests.indices.sorted {
      (requests[$0].arrival, $0) < (requests[$1].arrival, $1)
    }
    requests = order.map { requests[$0] }
  }
}
