import Operations
import SuperPod
import Words
import XDeepServe

// What happens when: `events: [{at: 60s, do: pd +2d}]`.
extension ScenarioReader {
  func readEvents(_ field: Field?) throws(DocumentProblem) -> [ScheduledAction] {
    guard let field else { return [] }
    var events: [ScheduledAction] = []
    for item in try field.list(of: "events") {
      let fields = try Fields(item, known: ["at", "do"])
      let time = try fields.required("at", "a time after the start, such as `at: 60s`").amount(DurationAmount.self)
      let action = try fields.required("do", "an action, such as `do: pd +2d`")
      let text = try action.text(accepted: "an action, such as pd +2d")
      do throws(ActionProblem) {
        events.append(ScheduledAction(at: time, do: try Action(parsing: text)))
      } catch {
        throw action.problem(error)
      }
    }
    return events
  }

  /// Every place that an event names must be one of the scenario's.
  func check(_ events: [ScheduledAction], of scenario: Scenario, _ field: Field?) throws(DocumentProblem) {
    guard let field else { return }
    let items = try field.list(of: "events")
    for (event, item) in zip(events, items) {
      let action = try Fields(item, known: ["at", "do"]).required("do", "an action")
      for place in event.action.places {
        do throws(PlaceProblem) {
          try scenario.check(place)
        } catch {
          throw action.problem(error.message)
        }
      }
    }
  }
}

extension Scenario {
  /// Throws if neither pod nor serving system has such a place.
  fileprivate func check(_ place: Place) throws(PlaceProblem) {
    guard place.pod == nil else {
      throw PlaceProblem(message: "`\(place)` names a pod of a fleet, and there is one pod")
    }
    try topology.check(place)
    guard let owner = place.owner else { return }
    let name = owner.prefills ? "P" : "D"
    let count = owner.prefills ? prefill.count : decode.count
    guard owner.number < count else {
      let known = count == 0 ? "there is none" : count == 1 ? "only \(name)0" : "\(name)0 to \(name)\(count - 1)"
      throw PlaceProblem(message: "`\(place)`: there is no \(owner); the scenario's are: \(known)")
    }
    let (groups, ranks) =
      owner.prefills
      ? (prefill[owner.number].dataParallel, prefill[owner.number].expertParallel)
      : (decode[owner.number].dataParallel, decode[owner.number].expertParallel)
    switch place.part {
    case .group(_, let group) where group >= groups:
      throw PlaceProblem(message: "`\(place)`: \(owner) has DP groups dp0 to dp\(groups - 1)")
    case .expertRank(_, let rank) where rank >= ranks:
      throw PlaceProblem(message: "`\(place)`: \(owner) has expert ranks ep0 to ep\(ranks - 1)")
    default: break
    }
  }
}

extension Field {
  /// A sentence about a place inside this field's text.
  fileprivate func problem(_ problem: ActionProblem) -> DocumentProblem {
    var place = node.place
    // A quoted text begins a column later; nothing remembers the quotes, and the sentence names the word anyway.
    if case .file(let name, let line, let column?) = place {
      place = .file(name, line: line, column: column + problem.column - 1)
    }
    return DocumentProblem(place, "`\(name.printable())`: \(problem.message)")
  }
}
