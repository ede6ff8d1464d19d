import SuperPod
import Telemetry

/// What happened since the last whole simulated second; two of them take turns, so that a frame is drawn from the last
/// whole one without disturbing the present.
struct SecondAccumulator: Sendable {
  /// Iterations of an engine that are kept whole in one second.
  static let keptIterations = 64

  /// Waits of each die, microseconds.
  var wait: [Float]
  /// Rows that each die sent into its engine's dispatches, times layers.
  var rowLayers: [Float]
  /// Bytes that each die read from its memory.
  var memoryBytes: [Double]
  /// KV bytes that each die sent and received.
  var kvOut: [Double]
  var kvIn: [Double]
  /// Bytes that each die fetched from the pool in all nodes' CPUs, and that it stored there.
  private(set) var fetched: [Double]
  private(set) var stored: [Double]
  /// Bytes that each node's CPUs sent to dies of their own node.
  private(set) var returned: [Double]
  /// KV bytes by sending and receiving node.
  private(set) var kvMatrix: [Double]
  /// Rows of it that hold anything: a large pod's matrix has millions of places.
  private var kvRows: [Bool]
  private let nodes: Int
  /// Time that each engine worked, microseconds; prefill engines first.
  var busy: [Double]
  /// Fresh tokens that each prefill engine worked off.
  var prefillTokens: [Double]
  var iterations: [Int]
  /// Duration and gap of each decode engine's kept iterations.
  var durations: [Double]
  var starts: [Int64]
  /// Which dies the ranks of each kept iteration were: the engine may stand on others when somebody looks.
  var hosts: [[Int]]
  /// Whole iterations, `recordsPerIteration` entries each.
  var records: [DecodeEngine.LayerRecord]
  let recordsPerIteration: Int
  var calls: [CallTally]
  var ttft = LogHistogram()
  var step = LogHistogram()
  var arrived = 0
  var finished = 0
  var good = 0
  var outputTokens = 0
  var inputTokens = 0
  var stepTokens = 0
  var steps = 0

  init(topology: Topology, prefill: Int, decode: [DecodeEngine]) {
    wait = Array(repeating: 0, count: topology.dies)
    rowLayers = wait
    memoryBytes = Array(repeating: 0, count: topology.dies)
    kvOut = memoryBytes
    kvIn = memoryBytes
    fetched = memoryBytes
    stored = memoryBytes
    returned = Array(repeating: 0, count: topology.nodes)
    nodes = topology.nodes
    kvMatrix = Array(repeating: 0, count: nodes * nodes)
    kvRows = Array(repeating: false, count: nodes)
    busy = Array(repeating: 0, count: prefill + decode.count)
    prefillTokens = Array(repeating: 0, count: prefill)
    iterations = Array(repeating: 0, count: decode.count)
    durations = Array(repeating: 0, count: decode.count * Self.keptIterations)
    starts = Array(repeating: 0, count: decode.count * Self.keptIterations)
    hosts = Array(repeating: [], count: durations.count)
    let layers = decode.reduce(0) { max($0, $1.records.count) }
    recordsPerIteration = layers
    records = Array(repeating: DecodeEngine.LayerRecord(), count: decode.count * Self.keptIterations * layers)
    calls = Array(repeating: CallTally(), count: Primitive.allCases.count)
  }

  /// Books KV bytes that go from a node to another.
  mutating func addKV(from: Int, to: Int, bytes: Double) {
    kvRows[from] = true
    kvMatrix[from * nodes + to] += bytes
  }

  /// Books KV that a die has back from the memory of its node's CPUs.
  mutating func addReturned(to die: Int, node: Int, bytes: Double) {
    kvIn[die] += bytes
    returned[node] += bytes
    addKV(from: node, to: node, bytes: bytes)
  }

  /// Books KV that some dies together fetch from the pool, or store there: it lies on the CPUs of all nodes alike.
  mutating func addPooled(fetched into: Double, stored out: Double, dies: ArraySlice<Int>) {
    for die in dies {
      fetched[die] += into / Double(dies.count)
      stored[die] += out / Double(dies.count)
    }
  }

  /// Forgets everything, keeping storage.
  mutating func reset() {
    Self.zero(&wait)
    Self.zero(&rowLayers)
    Self.zero(&memoryBytes)
    Self.zero(&kvOut)
    Self.zero(&kvIn)
    Self.zero(&fetched)
    Self.zero(&stored)
    Self.zero(&returned)
    for node in 0..<nodes where kvRows[node] {
      for place in (node * nodes)..<((node + 1) * nodes) { kvMatrix[place] = 0 }
      kvRows[node] = false
    }
    Self.zero(&busy)
    Self.zero(&prefillTokens)
    Self.zero(&iterations)
    for index in calls.indices { calls[index].reset() }
    ttft.reset()
    step.reset()
    arrived = 0
    finished = 0
    good = 0
    outputTokens = 0
    inputTokens = 0
    stepTokens = 0
    steps = 0
  }

  private static func zero<Number: Numeric>(_ values: inout [Number]) {
    for index in values.indices { values[index] = 0 }
  }

  func encode(into digest: inout StateDigest) {
    for value in wait { digest.add(value) }
    for value in rowLayers { digest.add(value) }
    for value in memoryBytes { digest.add(value) }
    for value in fetched { digest.add(value) }
    for value in stored { digest.add(value) }
    for node in 0..<nodes where kvRows[node] {
      digest.add(node)
      for value in kvMatrix[(node * nodes)..<((node + 1) * nodes)] { digest.add(value) }
    }
    for value in busy { digest.add(value) }
    digest.add(arrived)
    digest.add(finished)
    digest.add(outputTokens)
    digest.add(inputTokens)
    for tally in calls { tally.encode(into: &digest) }
  }
}
