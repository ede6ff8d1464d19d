import SuperPod
import Testing

@testable import XDeepServe

struct PrefixCacheTests {
  /// A list in order of use, the most recent one first: what the cache must be, whatever its arrays do.
  private struct NaiveCache {
    var limit: Int
    var names: [Int32] = []

    mutating func use(_ prompt: ArraySlice<Int32>) {
      for name in prompt.prefix(limit).reversed() {
        names.removeAll { $0 == name }
        names.insert(name, at: 0)
        names.removeLast(max(0, names.count - limit))
      }
    }
  }

  /// Prompts with common beginnings, limits that come and go.
  @Test(arguments: 1...8)
  func itIsALeastRecentlyUsedListOfBlocks(seed: Int) {
    var stream = RandomStream(seed: UInt64(seed), name: "cache-cases")
    let capacity = 1 + stream.index(below: 60)
    var cache = PrefixCache(capacity: capacity)
    var naive = NaiveCache(limit: capacity)
    for _ in 0..<400 {
      let shared = (0..<stream.index(below: 6)).map { Int32($0 + 1000 * stream.index(below: 3)) }
      let column = shared + (0..<stream.index(below: 30)).map { _ in Int32(stream.index(below: 200)) }
      let prompt = PromptBlocks(first: 0, count: Int32(column.count), shift: 7)
      let names = column.map { $0 + 7 }
      #expect(cache.leading(prompt, of: column) == names.prefix { naive.names.contains($0) }.count)
      if stream.index(below: 9) == 0 {
        let limit = stream.index(below: capacity + 10)
        cache.restrict(to: limit)
        naive.limit = min(limit, capacity)
        naive.names.removeLast(max(0, naive.names.count - naive.limit))
      }
      cache.use(prompt, of: column)
      naive.use(names[...])
      #expect(cache.contents == naive.names)
      #expect(cache.count == naive.names.count && cache.count <= cache.limit && cache.limit <= capacity)
    }
  }

  /// Random traces whose prompts share beginnings, on mixed and on prefill engines.
  @Test(arguments: 1...6)
  func hitsAreLessThanThePromptAndBlocksFitTheirMemory(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), name: "hit-cases")
    var column: [Int32] = []
    var rows: [TraceRequest] = []
    for index in 0..<200 {
      let blocks = 1 + stream.index(below: 12)
      let family = stream.index(below: 8) * 100
      let kept = stream.index(below: blocks + 1)
      let first = Int32(column.count)
      for block in 0..<blocks { column.append(Int32(block < kept ? family + block : 10_000 + index * 20 + block)) }
      rows.append(
        TraceRequest(
          arrival: Int64(index) * 50_000_000, prompt: Int32(blocks * 512 - stream.index(below: 512)),
          output: Int32(1 + stream.index(below: 40)), blocks: PromptBlocks(first: first, count: Int32(blocks))))
    }
    var scenario = Scenarios.small(seed: UInt64(seed), workload: .trace(rows, name: "made"))
    if seed % 2 == 0 {
      scenario.prefill = []
      scenario.decode[0].layout = .mixed
    }
    scenario.hashBlocks = column
    var simulation = try Simulation(scenario)
    for step in 1...80 {
      simulation.advance(to: Int64(step) * 250_000_000)
      for id in simulation.requests.state.indices where simulation.requests.state[id] != .free {
        #expect(simulation.requests.cached[id] < simulation.requests.prompt[id] && simulation.requests.cached[id] >= 0)
      }
      for cache in simulation.caches { #expect(cache.count <= cache.limit) }
      for engine in simulation.decode where engine.layout == .mixed {
        let used = engine.committed.reduce(0) { $0 + Int($1) } + simulation.caches[0].count * PromptBlocks.tokens
        #expect(used <= Int(engine.capacity) * engine.dies)
      }
    }
    #expect(simulation.isDrained)
    #expect(simulation.report().requests.finished == 200)
    #expect(try #require(simulation.report().prefixHitShare) > 0.1)
    #expect(simulation.pendingPrompts.allSatisfy { $0 == 0 })
  }

  /// In a mixed engine with little memory, blocks lie cached only where running requests leave room.
  @Test func whatRunningRequestsHoldIsNotCached() throws {
    var column: [Int32] = []
    let rows = (0..<300).map { index in
      let first = Int32(column.count)
      for block in 0..<18 { column.append(Int32(index * 18 + block)) }
      return TraceRequest(
        arrival: Int64(index) * 20_000_000, prompt: 18 * 512 - 100, output: 300,
        blocks: PromptBlocks(first: first, count: 18))
    }
    var scenario = Scenarios.small(seed: 5, workload: .trace(rows, name: "made"))
    scenario.prefill = []
    scenario.decode[0].layout = .mixed
    scenario.hashBlocks = column
    let roomy = try Simulation(scenario).decode[0]
    scenario.chip.hbmBytes -= (Double(roomy.capacity) - 24_000) * roomy.kvBytesPerToken
    var simulation = try Simulation(scenario)
    var pressed = 0
    for step in 1...120 {
      simulation.advance(to: Int64(step) * 250_000_000)
      let engine = simulation.decode[0]
      let cached = simulation.caches[0].count * PromptBlocks.tokens
      let held = engine.committed.reduce(0) { $0 + Int($1) }
      #expect(cached + held <= Int(engine.capacity) * engine.dies)
      if cached + held > Int(engine.capacity) * engine.dies - 2 * PromptBlocks.tokens { pressed += 1 }
    }
    // The limit is met, again and again.
    #expect(pressed > 10, "\(pressed)")
  }
}
