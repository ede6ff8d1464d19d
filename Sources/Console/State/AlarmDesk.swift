import Telemetry

/// What an operator has done with alarms, and how often they come: acknowledged, shelved for a time, counted.
///
/// An alarm is known by its rule and its place. One that goes and comes again, or names another place, is new.
struct AlarmDesk: Sendable {
  /// How an alarm stands with its operator.
  enum Standing: Hashable, Sendable {
    /// Nobody has seen it yet.
    case new
    /// Somebody has.
    case acknowledged(by: String)
    /// Out of sight until a moment, nanoseconds.
    case shelved(until: Int64)
  }

  /// What tells one alarm from another.
  struct Key: Hashable, Sendable {
    var rule: String
    var place: String

    init(_ alarm: Alarm) { (rule, place) = (alarm.rule.isEmpty ? alarm.text : alarm.rule, alarm.place) }

    init(rule: String, place: String) { (self.rule, self.place) = (rule, place) }
  }

  /// How often a rule struck at a place.
  struct Frequency: Hashable, Sendable {
    var key: Key
    /// Times that it came.
    var times: Int
    /// How long it stood in all, nanoseconds.
    var stood: Int64

    /// Whether it comes and goes: three times in a day and more, and for less than ten minutes each (assumption).
    var isFlapping: Bool { times >= 3 && stood / Int64(times) < 600 * AlarmDesk.second }
  }

  static let second: Int64 = 1_000_000_000
  /// What one bar counts, and what the norm and the flood are about ([EEMUA 191], [ISA-18.2]): ten minutes.
  static let span = 600 * second
  /// Alarms in ten minutes that one operator can always handle.
  static let norm = 1
  /// Alarms in ten minutes beyond which nobody can.
  static let flood = 10
  /// How long an alarm is shelved, by how often the key was pressed; an urgent one for the first alone (assumptions).
  static let shelvings: [Int64] = [600 * second, 3600 * second, 8 * 3600 * second]
  /// How far back alarms are counted: a day.
  private static let kept = 24 * 3600 * second

  private var acknowledged: [Key: String] = [:]
  private var shelved: [Key: (until: Int64, step: Int)] = [:]
  /// What came, oldest first, and when it went.
  private var comings: [(key: Key, priority: Priority, time: Int64, gone: Int64?)] = []
  private var present: Set<Key> = []

  /// Takes events: alarms that came and went since the last time, whether or not a frame showed them.
  mutating func take(_ events: [Event]) {
    for event in events where !event.rule.isEmpty {
      let key = Key(rule: event.rule, place: event.place)
      if event.priority > .normal {
        comings.append((key, event.priority, event.time, nil))
      } else if let index = comings.lastIndex(where: { $0.key.rule == event.rule && $0.gone == nil }) {
        // A rule about dies may name other ones when it goes.
        let exact = comings.lastIndex { $0.key == key && $0.gone == nil } ?? index
        comings[exact].gone = event.time
      }
    }
  }

  /// Takes the alarms that are on: what is gone is forgotten, what was shelved for long enough comes back as new.
  mutating func take(_ alarms: [Alarm], at time: Int64) {
    present = Set(alarms.map(Key.init))
    acknowledged = acknowledged.filter { present.contains($0.key) }
    for (key, place) in shelved where place.until <= time {
      shelved[key] = nil
      acknowledged[key] = nil
    }
    if let first = comings.first, time - first.time > Self.kept { comings.removeAll { time - $0.time > Self.kept } }
  }

  /// How an alarm stands.
  func standing(_ alarm: Alarm) -> Standing {
    let key = Key(alarm)
    if let place = shelved[key] { return .shelved(until: place.until) }
    return acknowledged[key].map { .acknowledged(by: $0) } ?? .new
  }

  /// Notes that somebody has seen an alarm.
  mutating func acknowledge(_ alarm: Alarm, by who: String) { acknowledged[Key(alarm)] = who }

  /// Shelves an alarm for the next longer time, or brings it back after the longest.
  ///
  /// - Returns: Until when, nil where it is back.
  mutating func shelve(_ alarm: Alarm, by who: String, at time: Int64) -> Int64? {
    let key = Key(alarm)
    let step = shelved[key].map { $0.step + 1 } ?? 0
    guard step < (alarm.priority == .urgent ? 1 : Self.shelvings.count) else {
      shelved[key] = nil
      return nil
    }
    acknowledged[key] = who
    let until = time + Self.shelvings[step]
    shelved[key] = (until, step)
    return until
  }

  /// Alarms that came in the last ten minutes.
  func recent(at time: Int64) -> Int { comings.count { time - $0.time < Self.span && $0.time <= time } }

  /// Where too many came in ten minutes to be handled one by one: the first of them, which is nearest the cause.
  func floodBegin(at time: Int64) -> (key: Key, time: Int64)? {
    guard recent(at: time) > Self.flood else { return nil }
    return comings.first { time - $0.time < Self.span }.map { ($0.key, $0.time) }
  }

  /// Alarms by ten minutes, the last bar the present one; bars before the start of all are nil.
  func bars(_ count: Int, at time: Int64) -> [Int?] {
    var bars = [Int?](repeating: nil, count: count)
    for index in bars.indices where time > Int64(count - 1 - index) * Self.span { bars[index] = 0 }
    for coming in comings where coming.time <= time {
      let index = count - 1 - Int((time - coming.time) / Self.span)
      if index >= 0 { bars[index] = (bars[index] ?? 0) + 1 }
    }
    return bars
  }

  /// What came most often in the last day, most often first, then longest.
  func frequencies(at time: Int64) -> [Frequency] {
    var order: [Key] = []
    var found: [Key: Frequency] = [:]
    for coming in comings {
      if found[coming.key] == nil { order.append(coming.key) }
      var frequency = found[coming.key] ?? Frequency(key: coming.key, times: 0, stood: 0)
      frequency.times += 1
      frequency.stood += max(0, (coming.gone ?? time) - coming.time)
      found[coming.key] = frequency
    }
    return order.compactMap { found[$0] }.enumerated()
      .sorted { ($1.element.times, $1.element.stood, $0.offset) < ($0.element.times, $0.element.stood, $1.offset) }
      .map(\.element)
  }
}
