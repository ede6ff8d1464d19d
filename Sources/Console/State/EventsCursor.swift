/// What is selected on the screen of events: a list, and a row of each, the first being the newest or most urgent.
struct EventsCursor: Hashable, Sendable {
  /// The lists, in the order of Tab.
  enum List: Int, Hashable, CaseIterable, Sendable {
    case alarms, events, audit
  }

  /// The list that arrows move in.
  var list = List.alarms
  /// The row of each list.
  var rows = [0, 0, 0]

  /// The row of a list, within what it has.
  func row(_ list: List, of count: Int) -> Int { max(0, min(rows[list.rawValue], count - 1)) }

  /// Moves within the list; at an end it stays.
  mutating func move(_ step: Int, of count: Int) {
    rows[list.rawValue] = max(0, min(count - 1, row(list, of: count) + step))
  }
}
