import AllocationCount
import Documents
import Glibc
import Telemetry
import XDeepServe

// What the model costs beside its speed: allocations, forks, look-ahead, growth with the number of dies.
// swift run -c release ModelBench

/// The processor's time of this process, so that what else runs on the machine counts less.
func milliseconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

func simulation(_ name: String, _ changes: [String] = []) throws -> Simulation {
  var document = try ScenarioDocument(named: name)
  for change in changes { try document.set(change) }
  return try Simulation(document.read(skipBadLines: false, seed: nil).scenario)
}

func nanoseconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

func tenths(_ value: Double) -> String {
  let whole = Int((value * 10).rounded())
  return "\(whole / 10).\(abs(whole % 10))"
}

func hundredths(_ value: Double) -> String {
  let whole = Int((value * 100).rounded())
  return "\(whole / 100).\(abs(whole / 10 % 10))\(abs(whole % 10))"
}

/// What some work takes, milliseconds.
func time(_ work: () -> Void) -> Double {
  let begin = milliseconds()
  work()
  return milliseconds() - begin
}

/// Ten milliseconds at a time, so that what a second's turn and a step of the drift allocate stands apart.
func countAllocations(_ name: String) throws {
  var simulation = try simulation(name)
  simulation.advance(to: nanoseconds(20))
  var (steady, steadyIterations, quiet, slices) = (UInt64(0), UInt64(0), 0, 0)
  let (before, iterations) = (allocation_count(), simulation.iterations)
  while simulation.now < nanoseconds(50) {
    let (calls, done) = (allocation_count(), simulation.iterations)
    simulation.advance(to: simulation.now + nanoseconds(0.01))
    // A slice without a whole second: arrivals, prefill, transfers, iterations and ends of requests only.
    guard simulation.now % nanoseconds(1) != 0 else { continue }
    let made = allocation_count() - calls
    steady += made
    steadyIterations += simulation.iterations - done
    slices += 1
    if made == 0 { quiet += 1 }
  }
  let all = Double(allocation_count() - before) / Double(simulation.iterations - iterations)
  print(
    "\(name): \(hundredths(Double(steady) / Double(steadyIterations))) an iteration",
    "(\(steady) in \(steadyIterations) iterations, none in \(quiet) of \(slices) slices of 10 ms);",
    "\(tenths(all)) with what each second and each step of the drift takes")
}

/// A fork, and an iteration, a step of the drift and a second's turn of both copies, against the same work on two
/// simulations that share nothing.
func measureFork() throws {
  let (from, to) = (nanoseconds(34.85), nanoseconds(35.15))
  var early = try simulation("default")
  early.advance(to: nanoseconds(24))
  var alone: [Double] = []
  var forked: [Double] = []
  var (bytesAlone, bytesForked) = (UInt64(0), UInt64(0))
  for _ in 0..<15 {
    var one = early
    one.advance(to: from)
    var bytes = allocation_bytes()
    alone.append(time { one.advance(to: to) })
    bytesAlone = allocation_bytes() - bytes

    var two = early
    two.advance(to: from)
    bytes = allocation_bytes()
    forked.append(
      time {
        var fork = two
        two.advance(to: to)
        fork.advance(to: to)
      })
    bytesForked = allocation_bytes() - bytes
  }
  alone.sort()
  forked.sort()
  let copied = Double(bytesForked) - 2 * Double(bytesAlone)
  print(
    "fork of default with the first writes of both copies: \(hundredths(forked[0] - 2 * alone[0])) ms at best,",
    "\(hundredths(forked[7] - 2 * alone[7])) ms median of 15; \(tenths(copied / 1e6)) MB copied")
}

func measureLookAhead() throws {
  var live = try simulation("default")
  live.advance(to: nanoseconds(30))
  var times: [Double] = []
  for _ in 0..<7 {
    times.append(
      time {
        var fork = live
        fork.advance(to: live.now + nanoseconds(60))
      })
  }
  times.sort()
  print("60 s of look-ahead from a fork of default: \(tenths(times[0])) ms at best, \(tenths(times[3])) ms median of 7")
}

/// One engine over more and more dies, each with the same requests.
func measureGrowth() throws {
  var first: Double?
  for dies in [192, 384, 768] {
    var pod = try simulation(
      "peak-decode",
      ["decode.0.dies=\(dies)", "decode.0.dp=\(dies)", "decode.0.ep=\(dies)", "decode.0.redundant=\(dies)"])
    pod.advance(to: nanoseconds(2))
    var best = Double.infinity
    for _ in 0..<5 {
      var fork = pod
      let iterations = fork.iterations
      let spent = time { fork.advance(to: nanoseconds(12)) }
      best = min(best, spent / Double(fork.iterations - iterations))
    }
    let each = best * 1000
    print(
      "\(dies) dies: \(tenths(each)) µs an iteration, \(hundredths(each * 1000 / Double(dies) / 58)) ns a die and layer",
      "(×\(hundredths(each / (first ?? each))) of 192 dies)")
    if first == nil { first = each }
  }
}

/// How long whoever reads history may have to wait for the model's thread, and what is done aside instead.
func measureHistory() throws {
  var pod = try simulation("default")
  var history = History()
  var (adding, closing, packing): ([Double], [Double], [Double]) = ([], [], [])
  for second in 1...600 {
    pod.advance(to: nanoseconds(Double(second)))
    let frame = pod.frame(sequence: UInt64(second))
    adding.append(time { history.add(frame) })
    var chunk: HistoryChunk?
    let pack = time { chunk = history.wholeMinute?.packed() }
    guard let chunk else { continue }
    packing.append(pack)
    closing.append(time { history.close(chunk) })
  }
  print(
    "history of default: a second \(hundredths(adding.sorted()[300])) ms (worst \(hundredths(adding.max() ?? 0))),",
    "closing a minute \(hundredths(closing.max() ?? 0)) ms; packed aside in \(tenths(packing.sorted()[5])) ms")
}

print("allocations in steady state")
for name in ["default", "peak-decode", "split-decode", "cm-infer"] { try countAllocations(name) }
try measureFork()
try measureLookAhead()
try measureHistory()
print("growth with dies")
try measureGrowth()
