import Deployments
import Operations
import Telemetry
import Terminal
import TestSupport
import Testing
import Words

@testable import Console

@Suite struct OperatingGoldenTests {
  /// A moment of operating.
  enum Moment: String, CaseIterable, Sendable {
    case menu, line, refused, begun, preview, armed, watch, difference, strip, events, audit, found, suggest

    func state(width: Int, height: Int) -> ConsoleState {
      var state = SampleOperation.console(width: width, height: height)
      switch self {
      case .menu: _ = state.press("ajj")
      case .line: _ = state.press(":pd +2d from ")
      case .refused: _ = state.press(":scale D0 ep 250⏎")
      case .begun:
        _ = state.press(":pd +2d⏎")
        state.foresee(futures: 0, seconds: 40)
      case .preview, .armed:
        _ = state.press(":pd +2d⏎")
        state.foresee(futures: 5)
        if self == .armed { _ = state.press("Y") }
      case .watch, .difference, .strip:
        _ = state.press(":pd +2d⏎")
        state.foresee(futures: 5)
        _ = state.press("Y⏎")
        state.come(seconds: 45)
        if self == .difference { _ = state.press("c") }
        if self == .strip { _ = state.press("⎋") }
      case .suggest:
        _ = state.press(":suggest⏎")
        state.learn { [number = state.operating.suggestions?.number ?? 0] in
          $0.suggestions = SampleOperation.suggestions(number)
        }
        _ = state.press("↓")
      case .events, .audit, .found:
        state.learn { $0.audit = SampleOperation.audit }
        _ = state.press(self == .audit ? "8⇥⇥" : self == .found ? "8/d0" : "8↓")
      }
      return state
    }
  }

  static let looks: [(Moment, Look)] = {
    var looks: [(Moment, Look)] = []
    for moment in Moment.allCases {
      for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        looks.append((moment, Look(width: width, height: height, name: moment.rawValue)))
      }
    }
    for moment in [Moment.menu, .armed, .watch, .events] {
      looks.append((moment, Look(width: 80, height: 24, color: .mono, name: moment.rawValue)))
      looks.append((moment, Look(width: 120, height: 40, color: .mono, ascii: true, name: moment.rawValue)))
    }
    looks.append((.preview, Look(width: 120, height: 40, color: .sixteen, name: "preview")))
    for (width, height) in [(40, 12), (20, 5), (60, 16)] {
      looks.append((.armed, Look(width: width, height: height, name: "armed")))
      looks.append((.events, Look(width: width, height: height, name: "events")))
    }
    return looks
  }()

  @Test(arguments: looks) func dialogsLookAsTheyWereReviewed(_ moment: Moment, _ look: Look) {
    let state = moment.state(width: look.width, height: look.height)
    let canvas = state.paint(Appearance(color: look.color, ascii: look.ascii))
    let difference = Golden.difference(
      canvas, name: "act-\(look.testDescription)", folder: Golden.folder(beside: #filePath))
    #expect(difference == nil)
  }
}

extension ConsoleState {
  /// What was ordered takes effect, and so many seconds pass: dies load weights meanwhile.
  mutating func come(seconds: Int) {
    guard let order = operating.watch?.order else { return }
    let time = Int64(52_327_000_000_000)
    learn { news in
      news.results = [OrderResult(order: order, time: time, performed: 1)]
      news.audit = [
        AuditRecord(
          entry: AuditEntry(
            number: 12, time: .init(nanoseconds: time), who: "ops1", action: order.action, plan: order.plan,
            prediction: order.prediction, outcome: .begun), performed: 1,
          inverse: [.pd(ServerShift(.ratio(prefill: 16, decode: 30)))]
        )
      ]
    }
    var frame = SamplePod.frame()
    frame.time = time + Int64(seconds) * 1_000_000_000
    frame.operations = [
      OperationProgress(
        number: 1, action: "\(order.action)", phases: ["drain", "load weights", "build graph", "rejoin"], phase: 1,
        began: time, since: time + 6_000_000_000, due: time + 60_000_000_000, state: .running,
        dies: Array(224..<256))
    ]
    var service = SampleOperation.service
    service.seconds += (0..<seconds).map { SampleOperation.second($0, future: 7, with: true) }
    service.newest = frame.time
    let events = [
      Event(sequence: 7, time: time, priority: .normal, place: "", text: "done: \(order.action)"),
      Event(sequence: 8, time: time + 6_000_000_000, priority: .normal, place: "", text: "61 requests have run out"),
    ]
    var observation = Observation(frame: frame, events: events, playback: Playback())
    observation.operating.service = service
    observe(observation)
  }
}
