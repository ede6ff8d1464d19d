import Console
import Deployments
import Documents
import Glibc
import Telemetry
import Terminal
import XDeepServe

// What a frame costs from the state to cells: half a minute of the default pod, then the same screen drawn many times.
// swift run -c release ConsoleBench
func nanoseconds() -> Int64 {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

let scenario = try ScenarioDocument(named: "default").read(skipBadLines: false, seed: nil).scenario
var simulation = try Simulation(scenario)
for (width, height) in [(80, 24), (120, 40), (200, 60)] {
  var state = ConsoleState(width: width, height: height)
  var observing: Int64 = 0
  for _ in 0..<30 {
    simulation.advance(to: simulation.now + 1_000_000_000)
    let frame = simulation.frame(sequence: UInt64(simulation.now / 1_000_000_000))
    let profiles = Dictionary(uniqueKeysWithValues: state.profiled.map { ($0, [Float](repeating: 24, count: 600)) })
    let begin = nanoseconds()
    state.observe(Observation(frame: frame, playback: Playback(), profiles: profiles))
    observing += nanoseconds() - begin
  }
  var times: [Int64] = []
  var cells = 0
  for _ in 0..<200 {
    let begin = nanoseconds()
    cells += state.paint(Appearance()).cells.count
    times.append(nanoseconds() - begin)
  }
  times.sort()
  print(
    "\(width)x\(height): paint median \(times[100] / 1000) µs, worst \(times[199] / 1000) µs;",
    "observe mean \(observing / 30_000) µs; \(cells / 200) cells")
}
