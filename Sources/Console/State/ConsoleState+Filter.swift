import Telemetry

extension ConsoleState {
  /// Whether the screen shows a list that `/` filters.
  var hasList: Bool { screen == 8 ? frame != nil : layout.map { $0[.alarms] != nil || $0[.events] != nil } ?? false }

  /// The events whose place or text holds the filter, oldest first.
  var filteredEvents: [Event] {
    let wanted = filter.lowercased()
    return wanted.isEmpty ? events : events.filter { Self.holds(wanted, $0.place, $0.text) }
  }

  /// The alarms that are on and whose place or text holds the filter, most urgent first, those that are shelved last.
  var filteredAlarms: [Alarm] {
    let standing = standingAlarms
    let shelved = (frame?.alarms ?? []).filter { !standing.contains($0) }
    let all = standing + (screen == 8 ? shelved : [])
    let wanted = filter.lowercased()
    return wanted.isEmpty ? all : all.filter { Self.holds(wanted, $0.place, $0.text) }
  }

  /// Place and text count as one line, as they are read.
  private static func holds(_ wanted: String, _ place: String, _ text: String) -> Bool {
    "\(place) \(text)".lowercased().contains(wanted)
  }
}
