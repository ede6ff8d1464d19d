import Deployments
import Operations
import Telemetry

// The screen of events: alarms, event log, audit log.
extension ConsoleState {
  /// Where its parts stand.
  var eventsLayout: EventsLayout {
    EventsLayout(
      width: width, height: height, alarmCount: filteredAlarms.count, strip: shownOperation != nil,
      isAuditing: eventsCursor.list == .audit)
  }

  /// The entries of the audit log that hold the filter, oldest first.
  var filteredAudit: [AuditRecord] {
    let wanted = filter.lowercased()
    guard !wanted.isEmpty else { return operating.audit }
    return operating.audit.filter { record in
      let entry = record.entry
      return "\(entry.number) \(entry.who) \(entry.action) \(entry.outcome.rawValue) \(entry.note)".lowercased()
        .contains(wanted)
    }
  }

  /// Rows of the list that arrows move in.
  private func count(_ list: EventsCursor.List) -> Int {
    switch list {
    case .alarms: filteredAlarms.count
    case .events: filteredEvents.count
    case .audit: filteredAudit.count
    }
  }

  /// Moves the selection in its list.
  mutating func moveInEvents(_ step: Int) { eventsCursor.move(step, of: count(eventsCursor.list)) }

  /// Goes to another list that is on the screen.
  mutating func nextList(_ step: Int) {
    let layout = eventsLayout
    let shown = EventsCursor.List.allCases.filter { list in
      switch list {
      case .alarms: layout.alarms != nil
      case .events: layout.events != nil
      case .audit: layout.audit != nil
      }
    }
    guard let index = shown.firstIndex(of: eventsCursor.list) else {
      eventsCursor.list = shown.first ?? .alarms
      return
    }
    eventsCursor.list = shown[(index + step + shown.count) % shown.count]
  }

  /// Goes to the place of what is selected, on the Overview.
  mutating func goToSelectedEvent() {
    let place: String
    switch eventsCursor.list {
    case .alarms:
      let alarms = filteredAlarms
      guard !alarms.isEmpty else { return }
      let alarm = alarms[eventsCursor.row(.alarms, of: alarms.count)]
      if alarm.die >= 0 {
        selected = alarm.die
        screen = 1
        return
      }
      place = alarm.place
    case .events:
      let events = Array(filteredEvents.reversed())
      guard !events.isEmpty else { return }
      place = events[eventsCursor.row(.events, of: events.count)].place
    case .audit:
      let records = Array(filteredAudit.reversed())
      guard !records.isEmpty else { return }
      let record = records[eventsCursor.row(.audit, of: records.count)]
      notice =
        record.canBeUndone
        ? ":undo \(record.entry.number) looks at undoing it." : "Entry \(record.entry.number) cannot be undone."
      return
    }
    guard let die = die(at: place) else {
      notice = place.isEmpty ? "It has no place." : "\(place) has no die to select."
      return
    }
    selected = die
    screen = 1
  }
}
