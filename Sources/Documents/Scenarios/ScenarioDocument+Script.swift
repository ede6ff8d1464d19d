import Operations
import Words

extension ScenarioDocument {
  /// Adds a line of a script to the events, as `--do "60s pd +2d"` does.
  public mutating func add(_ line: String) throws(DocumentProblem) {
    let place = DocumentProblem.Place.option("--do \"\(line)\"")
    let scheduled: ScheduledAction
    do throws(ActionProblem) {
      scheduled = try ScheduledAction(parsing: line)
    } catch {
      throw DocumentProblem(place, "\(error)")
    }
    let event = DocumentNode.mapping(
      [
        ("at", .scalar(scheduled.time.description, at: place)),
        ("do", .scalar(scheduled.action.description, at: place)),
      ], at: place)
    try append(event, to: "events", option: "--do")
  }
}
