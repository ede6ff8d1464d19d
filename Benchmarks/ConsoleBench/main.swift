import CPlatform
import Console
import Deployments
import Documents
import Glibc
import Telemetry
import Terminal
import XDeepServe

// What a frame costs: from the state to cells, and on to the terminal that this runs on, in milliseconds, at three sizes.
// scripts/bench runs it on a pseudo-terminal and prints the file that it writes.
// ConsoleBench FILE
func milliseconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) * 1e-6
}

/// A time with two decimals, right-aligned.
func column(_ value: Double) -> String {
  let scaled = Int((value * 100).rounded())
  let text = "\(scaled / 100).\(scaled % 100 < 10 ? "0" : "")\(scaled % 100)"
  return String(repeating: " ", count: max(1, 11 - text.count)) + text
}

/// The middle of some times.
func median(_ times: [Double]) -> Double { times.sorted()[times.count / 2] }

let scenario = try ScenarioDocument(named: "default").read(skipBadLines: false, seed: nil).scenario
var simulation = try Simulation(scenario)
let themes = try ["calm", "vivid"].map { try ThemeLibrary(environment: [:]).theme(named: $0) }
podium_set_size(0, 80, 24)
let screen = try NcursesScreen(mouse: false)
// Whether a terminal answers does not matter here: each request is taken for answered.
screen.acknowledge()
var lines: [String] = []
for (width, height) in [(80, 24), (120, 40), (200, 60)] {
  podium_set_size(0, Int32(width), Int32(height))
  _ = screen.resize()
  var state = ConsoleState(width: width, height: height)
  var times: (cells: [Double], tick: [Double], all: [Double]) = ([], [], [])
  for step in 0..<60 {
    simulation.advance(to: simulation.now + 1_000_000_000)
    let frame = simulation.frame(sequence: UInt64(simulation.now / 1_000_000_000))
    let profiles = Dictionary(uniqueKeysWithValues: state.profiled.map { ($0, [Float](repeating: 24, count: 600)) })
    state.observe(Observation(frame: frame, playback: Playback(), profiles: profiles))
    // Half of the frames are usual ticks, in the others another theme changes every cell.
    let isTick = step < 30
    let begin = milliseconds()
    let canvas = state.paint(screen.appearance)
    let painted = milliseconds()
    _ = screen.present(canvas, theme: themes[isTick ? 0 : step % 2], urgent: true)
    let end = milliseconds()
    screen.acknowledge()
    while screen.isBlocked {
      var poller = pollfd(fd: screen.descriptor, events: Int16(POLLOUT), revents: 0)
      _ = unsafe poll(&poller, 1, 100)
      screen.flush()
    }
    guard step > 2 else { continue }
    times.cells.append(painted - begin)
    if isTick { times.tick.append(end - begin) } else { times.all.append(end - begin) }
  }
  let name = "podium \(width)x\(height)"
  lines.append(
    name + String(repeating: " ", count: 18 - name.count) + column(median(times.cells))
      + column(times.cells.max() ?? 0) + column(median(times.all)) + column(median(times.tick)))
}
screen.close()
let text = Array((lines.joined(separator: "\n") + "\n").utf8)
let path = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "/dev/stdout"
let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
_ = unsafe write(file, text, text.count)
