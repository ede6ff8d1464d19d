import Telemetry

// What an operator does with alarms; none of it reaches the deployment.
extension ConsoleState {
  /// The alarm that the list of alarms has chosen, nil where another list is.
  private var chosenAlarm: Alarm? {
    let alarms = filteredAlarms
    guard eventsCursor.list == .alarms, !alarms.isEmpty else { return nil }
    return alarms[eventsCursor.row(.alarms, of: alarms.count)]
  }

  /// Why no alarm can be marked or shelved, nil where one can.
  var whyNoAlarm: String? {
    if filteredAlarms.isEmpty { return "There is no alarm." }
    return eventsCursor.list == .alarms ? nil : "Choose an alarm first: Tab goes to their list."
  }

  /// Marks the chosen alarm, or all, as seen.
  mutating func acknowledgeAlarms(all: Bool) -> [ConsoleEffect] {
    let wanted = all ? filteredAlarms : chosenAlarm.map { [$0] } ?? []
    let new = wanted.filter { alarmDesk.standing($0) == .new }
    for alarm in new {
      alarmDesk.acknowledge(alarm, by: operating.who)
      note("seen by \(operating.who): \(alarm.text)", at: alarm)
    }
    if new.isEmpty { notice = all ? "All of them were seen." : "It was seen already." }
    return []
  }

  /// Shelves the chosen alarm, or brings it back; it stays chosen.
  mutating func shelveAlarm() -> [ConsoleEffect] {
    guard let alarm = chosenAlarm, let time = frame?.time else { return [] }
    let until = alarmDesk.shelve(alarm, by: operating.who, at: time)
    if let row = filteredAlarms.firstIndex(of: alarm) { eventsCursor.rows[EventsCursor.List.alarms.rawValue] = row }
    guard let until else {
      note("back from the shelf: \(alarm.text)", at: alarm)
      notice = "It is back among the alarms."
      return []
    }
    let moment = Decimal.clock(until)
    note("shelved until \(moment) by \(operating.who): \(alarm.text)", at: alarm)
    notice =
      alarm.priority == .urgent
      ? "Shelved until \(moment), no longer: it is urgent. v brings it back."
      : "Shelved until \(moment); v again shelves it for longer or brings it back."
    return []
  }

  /// Takes down what an operator did with an alarm.
  private mutating func note(_ text: String, at alarm: Alarm) {
    take([
      Event(
        sequence: events.last.map { $0.sequence + 1 } ?? 0, time: frame?.time ?? 0, priority: .normal,
        place: alarm.place, text: text)
    ])
  }
}
