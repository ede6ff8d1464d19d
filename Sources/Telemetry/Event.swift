/// How much an event or alarm asks for.
public enum Priority: UInt8, Comparable, Sendable {
  /// Worth a line, nothing to do.
  case normal
  /// `i`
  case low
  /// `!`
  case high
  /// `!!`
  case urgent

  /// By urgency.
  public static func < (left: Priority, right: Priority) -> Bool { left.rawValue < right.rawValue }
}

/// Something that happened, with a place and a sequence number; events are never dropped.
public struct Event: Hashable, Sendable {
  /// Grows by one an event, from zero.
  public var sequence: UInt64
  /// Nanoseconds since the scenario's start.
  public var time: Int64
  /// Urgency.
  public var priority: Priority
  /// Where, in the language of ids; empty for the whole pod.
  public var place: String
  /// One short sentence.
  public var text: String
  /// The alarm rule that it is about, empty for none: an alarm came with a priority, or went with none.
  public var rule: String

  /// An event; see the properties.
  public init(sequence: UInt64, time: Int64, priority: Priority, place: String, text: String, rule: String = "") {
    self.rule = rule
    self.sequence = sequence
    self.time = time
    self.priority = priority
    self.place = place
    self.text = text
  }
}

/// A condition that holds now.
public struct Alarm: Hashable, Sendable {
  /// Urgency.
  public var priority: Priority
  /// Where, in the language of ids.
  public var place: String
  /// Which die of the topology it marks in fields, -1 for none.
  public var die: Int
  /// What is wrong, in a few words with its number.
  public var text: String
  /// Since when, nanoseconds since the scenario's start.
  public var since: Int64
  /// The rule that raised it, a word; empty where none did.
  public var rule: String

  /// An alarm; see the properties.
  public init(priority: Priority, place: String, die: Int = -1, text: String, since: Int64, rule: String = "") {
    self.rule = rule
    self.priority = priority
    self.place = place
    self.die = die
    self.text = text
    self.since = since
  }
}
