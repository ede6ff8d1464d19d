import SuperPod

/// Decides which alarms are on, frame by frame: a value, apart from what it watches.
///
/// A condition must hold for a while before its alarm is raised and must be gone for a while, and by a margin, before
/// it is cleared: a value that plays about its limit raises one alarm, not twenty. Times are the frames' own, so the
/// same frames give the same alarms at any speed.
public struct AlarmRules: Sendable {
  /// What became of an alarm with the last frame.
  public struct Change: Hashable, Sendable {
    /// The alarm, as it is now or was at last.
    public var alarm: Alarm
    /// Whether it came or went.
    public var raised: Bool
  }

  /// The alarms that are on, most urgent first, then oldest first.
  public private(set) var active: [Alarm] = []
  /// What came and went with the last frame, in the order of the rules.
  public private(set) var changes: [Change] = []

  private var watches: [Watch] = []
  private var engines = -1

  /// Rules with nothing seen yet.
  public init() {}

  /// Takes in a frame and gives the alarms that are on.
  ///
  /// - Parameter time: The present, where it may be later than the frame's own (a source that has fallen silent).
  public mutating func update(_ frame: Frame, at time: Int64? = nil) -> [Alarm] {
    let now = max(frame.time, time ?? frame.time)
    if frame.layout.engines.count != engines {
      engines = frame.layout.engines.count
      // Rules of engines that are gone go with them; the pod's keep their state.
      watches = Array(watches.prefix { $0.rule.perEngine == false })
      if watches.isEmpty { watches = AlarmRule.ofPod.map { Watch(rule: $0, element: 0) } }
      for rule in AlarmRule.ofEngines {
        watches += (0..<engines).map { Watch(rule: rule, element: $0) }
      }
    }
    changes.removeAll(keepingCapacity: true)
    active.removeAll(keepingCapacity: true)
    for index in watches.indices {
      let was = watches[index].alarm
      watches[index].update(frame, now: now)
      let alarm = watches[index].alarm
      if let alarm {
        active.append(alarm)
        if was == nil { changes.append(Change(alarm: alarm, raised: true)) }
      } else if let was {
        changes.append(Change(alarm: was, raised: false))
      }
    }
    active.sort { ($1.priority, $0.since) < ($0.priority, $1.since) }
    return active
  }

  /// One rule at one element.
  private struct Watch: Sendable {
    let rule: AlarmRule
    let element: Int
    var alarm: Alarm?
    /// Since when the condition has been on (while there is no alarm) or off (while there is one).
    var turning: Int64?

    init(rule: AlarmRule, element: Int) {
      self.rule = rule
      self.element = element
    }

    mutating func update(_ frame: Frame, now: Int64) {
      let value = rule.value(frame, element, now)
      // What is not measured neither raises nor clears.
      guard let value else { return }
      let limit = rule.limit(frame)
      if var alarm {
        alarm.text = rule.text(value, limit)
        if value > limit { place(&alarm, frame) }
        self.alarm = alarm
        guard value <= limit * rule.clearShare else { return turning = nil }
        let begin = turning ?? now
        turning = begin
        if now - begin >= rule.clearAfter { (self.alarm, turning) = (nil, nil) }
      } else {
        guard value > limit else { return turning = nil }
        let begin = turning ?? now
        turning = begin
        guard now - begin >= rule.raiseAfter else { return }
        let place = rule.perEngine ? frame.layout.engines[element].id : ""
        var raised = Alarm(
          priority: rule.priority, place: place, text: rule.text(value, limit), since: begin, rule: rule.name)
        self.place(&raised, frame)
        alarm = raised
        turning = nil
      }
    }

    /// Names the one die, or the one node of several, and marks the first.
    private func place(_ alarm: inout Alarm, _ frame: Frame) {
      guard let dies = rule.dies?(frame), let first = dies.first, let last = dies.last else { return }
      let topology = frame.layout.topology
      let node = first / topology.diesPerNode
      let within = first % topology.diesPerNode
      alarm.die = first
      alarm.place =
        dies.count == 1
        ? "n\(node).c\(within / topology.diesPerNPU).d\(within % topology.diesPerNPU)"
        : last / topology.diesPerNode == node ? "n\(node)" : ""
    }
  }
}
