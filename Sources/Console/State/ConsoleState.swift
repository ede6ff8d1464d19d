public import Deployments
import SuperPod
public import Telemetry

/// All that the console remembers: a value that input and observations change in one place each, and that panels draw.
public struct ConsoleState: Sendable {
  /// What lies over the screen.
  enum Overlay: Hashable, Sendable {
    case none
    /// Generated help, scrolled by lines.
    case help(offset: Int)
    /// The command line.
    case command
    /// The line of the filter.
    case filter
    /// The menu of actions, with the chosen line.
    case menu(Int)
    /// The preview of an action.
    case preview
    /// What came of an action.
    case watch
    /// What is worth doing, with the chosen line.
    case suggestions(Int)
  }

  /// The metrics whose course over the last ten minutes panels draw, given the newest frame.
  public var profiled: [Profile] {
    var profiles = [MetricID.ttftP99, .tpotP99, .outputTokens, .sloShare, .running, .tokensPerStep].map { Profile($0) }
    if let frame {
      for (index, engine) in frame.layout.engines.enumerated() where engine.kind != .prefill {
        profiles.append(Profile(.engineExpertImbalance, element: index))
      }
    }
    return profiles
  }

  /// The die metrics that the pod field shows, in the order of the key that changes them.
  static let fieldMetrics: [MetricID] = [
    .dieBusy, .dieStall, .dieBatch, .dieKV, .dieHBMUsed, .dieHBMBandwidth, .dieExpertLoad, .dieTemperature, .diePower,
  ]
  /// Events that are kept for lists.
  static let keptEvents = 500
  /// Share of the line rate at the top of the fabric field's ramp, per cent; assumed.
  ///
  /// Links carry a tenth of their rate
  /// over a second even at peak, and a scale to 100 would show one dark field.
  static let fabricScale: Float = 10

  /// The newest frame, nil before the first.
  public private(set) var frame: Frame?
  /// How the deployment's clock runs.
  public private(set) var playback = Playback()
  /// Size of the screen.
  var width: Int
  var height: Int
  /// What the pod field shows.
  var metric = MetricID.dieBusy
  /// The screen that is shown: 1, the Overview, or 8, Events.
  var screen = 1
  /// What is selected on the screen of events.
  var eventsCursor = EventsCursor()
  /// Since when the audit log cannot be written, nanoseconds; nil where it can.
  private var auditFailedSince: Int64?
  /// The selected die, an index of the topology.
  var selected = 0
  var overlay = Overlay.none
  var entry = CommandEntry()
  /// One line that answers the last input, until the next.
  var notice: String?
  /// Whether the cost panel is open, and what it tells.
  var showsCosts = false
  private(set) var costs = ScreenCosts(frames: [], dropped: 0)
  /// What lists are filtered by, empty for everything.
  var filter: String { filterEntry.line }
  /// The filter as it is typed.
  var filterEntry = CommandEntry()
  /// What was done with alarms, and how often they come.
  var alarmDesk = AlarmDesk()
  /// What may be done, what is looked at, what was done.
  var operating = OperatingState()
  /// The theme in use, and those there are.
  var theme: String
  var themes: [String]
  /// The newest events, oldest first.
  private(set) var events: [Event] = []
  private(set) var profiles: [Profile: [Float]] = [:]
  private(set) var latencies = LatencyHistory()
  private(set) var waited = WaitedFor()
  private(set) var podSteps = HeatSteps()
  /// The same twice as fine, for sixteen colours: their few greys are finest where most dies are.
  private(set) var podHalfSteps = HeatSteps(count: 32)
  /// What the pod field shows in digits.
  private(set) var podNumbers = HeldNumbers()
  /// Worst up-link of a sub-plane of a node, upwards then downwards: index `(plane * nodes + node) * 2 + direction`.
  private(set) var fabricSteps = HeatSteps()
  private(set) var fabricShares: [Float] = []
  /// The worse of up and down in per mille, or in per cent: index `plane * nodes + node`.
  private(set) var fabricNumbers = HeldNumbers()
  /// Whether a share of the line rate has grown so large that per mille would fill three digits.
  private(set) var isFabricInPercent = false
  private(set) var expertSteps = HeatSteps()
  private(set) var expertNumbers = HeldNumbers()
  private(set) var trafficShades = TrafficShades()
  /// The iterations that the pipeline shows.
  private(set) var shownIterations = ShownIterations()

  /// A console before its first frame.
  ///
  /// - Parameters:
  ///   - offersTour: Whether to say once, in the footer, that a tour is to come.
  ///   - who: Who gives orders, as the audit log names them.
  public init(
    width: Int, height: Int, theme: String = "calm", themes: [String] = ["calm"], offersTour: Bool = false,
    who: String = "operator"
  ) {
    operating.who = who
    self.width = width
    self.height = height
    self.theme = theme
    self.themes = themes
    if offersTour { notice = "First time? A tour is to come; ? explains every key." }
  }

  /// The layout of the present size, nil before the first frame.
  var layout: ScreenLayout? {
    frame.map {
      ScreenLayout(width: width, height: height, topology: $0.layout.topology, strip: shownOperation != nil)
    }
  }

  /// Takes what a deployment told.
  public mutating func observe(_ observation: Observation) {
    playback = observation.playback
    if let new = observation.costs { costs = new }
    alarmDesk.take(observation.events)
    take(observation.events)
    profiles.merge(observation.profiles) { $1 }
    observe(observation.operating)
    defer {
      raiseAuditAlarm(observation.operating.auditProblem)
      if let frame { alarmDesk.take(frame.alarms, at: frame.time) }
    }
    guard let new = observation.frame else { return }
    let first = frame == nil
    frame = new
    if first { selected = new.layout.engines.first { $0.kind != .prefill }?.dies.first ?? 0 }
    selected = min(selected, new.layout.topology.dies - 1)
    latencies.add(new.stepHistogram, time: new.time)
    for sample in new.iterations { waited.add(sample) }
    updateFields(new)
    shownIterations.update(new.iterations, time: new.time, atOnce: playback.paused)
  }

  /// Takes events into what lists show.
  mutating func take(_ new: [Event]) {
    events += new
    if events.count > Self.keptEvents { events.removeFirst(events.count - Self.keptEvents) }
  }

  /// An audit log that cannot be written is an alarm among the others, for as long as that holds.
  private mutating func raiseAuditAlarm(_ problem: String?) {
    guard let time = frame?.time else { return }
    frame?.alarms.removeAll { $0.place == Self.auditPlace }
    guard let problem else {
      auditFailedSince = nil
      return
    }
    let since = auditFailedSince ?? time
    auditFailedSince = since
    let alarm = Alarm(priority: .high, place: Self.auditPlace, text: problem, since: since, rule: "audit-log")
    let place = frame?.alarms.firstIndex { $0.priority < .high } ?? frame?.alarms.count ?? 0
    frame?.alarms.insert(alarm, at: place)
  }

  /// What alarms call the audit log.
  static let auditPlace = "audit log"

  /// Shows another metric in the pod field.
  mutating func show(_ id: MetricID) {
    metric = id
    podSteps.reset()
    podHalfSteps.reset()
    podNumbers.reset()
    if let frame { updatePod(frame) }
  }

  private mutating func updatePod(_ frame: Frame) {
    podSteps.update(frame[metric], range: metric.metric.range)
    podHalfSteps.update(frame[metric], range: metric.metric.range)
    podNumbers.update(frame[metric], unit: metric.hasDecimal ? 0.1 : 1, within: metric.heldWithin)
  }

  private mutating func updateFields(_ frame: Frame) {
    updatePod(frame)
    expertSteps.update(frame[.nodeExpertLoad], range: 90...200)
    expertNumbers.update(frame[.nodeExpertLoad], unit: 1, within: 2)
    trafficShades.update(frame.traffic, time: frame.time)
    let topology = frame.layout.topology
    let (up, down) = (frame[.uplinkUp], frame[.uplinkDown])
    guard up.count == topology.uplinks, down.count == topology.uplinks else {
      fabricShares = []
      return fabricSteps.reset()
    }
    let lineRate = MetricID.uplinkUp.metric.range.upperBound
    var shares = [Float](repeating: .nan, count: topology.nodes * topology.subPlanes * 2)
    for node in 0..<topology.nodes {
      for plane in 0..<topology.subPlanes {
        let links = (node * topology.subPlanes + plane) * topology.l2PerSubPlane
        var worst: (up: Float, down: Float) = (.nan, .nan)
        for link in links..<(links + topology.l2PerSubPlane) {
          if !(up[link] <= worst.up), up[link].isFinite { worst.up = up[link] }
          if !(down[link] <= worst.down), down[link].isFinite { worst.down = down[link] }
        }
        let index = (plane * topology.nodes + node) * 2
        shares[index] = 100 * worst.up / lineRate
        shares[index + 1] = 100 * worst.down / lineRate
      }
    }
    fabricShares = shares
    fabricSteps.update(shares, range: 0...Self.fabricScale)
    var worse = [Float](repeating: .nan, count: topology.nodes * topology.subPlanes)
    for index in worse.indices {
      let (up, down) = (shares[2 * index], shares[2 * index + 1])
      worse[index] = up.isFinite && down.isFinite ? max(up, down) : up.isFinite ? up : down
    }
    let most = worse.reduce(0) { $1.isFinite ? max($0, $1) : $0 }
    // Back only well below: a unit that comes and goes could not be read.
    isFabricInPercent = most >= (isFabricInPercent ? 8 : 9.9)
    fabricNumbers.update(worse.map { isFabricInPercent ? $0 : 10 * $0 }, unit: 1, within: 1)
  }

}

extension ConsoleState {
  /// The decode engine that pipeline and lists speak of: the selected die's, else the first.
  var shownEngine: Int? {
    guard let layout = frame?.layout else { return nil }
    if let engine = layout.engine(ofDie: selected), layout.engines[engine].kind != .prefill { return engine }
    return layout.engines.firstIndex { $0.kind != .prefill }
  }

  /// The alarms that are on and that nobody shelved, most urgent first.
  var standingAlarms: [Alarm] {
    (frame?.alarms ?? []).filter { if case .shelved = alarmDesk.standing($0) { false } else { true } }
  }

  /// The alarms that are on, by die and column: what fields mark.
  func alarm(onDie die: Int) -> Priority? {
    var worst: Priority?
    for alarm in standingAlarms where alarm.die == die && (worst.map { alarm.priority > $0 } ?? true) {
      worst = alarm.priority
    }
    return worst
  }
}

extension ConsoleState {
  /// Says something in the footer until the next input: what a request came to nothing for.
  public mutating func say(_ sentence: String) { notice = sentence }

  /// The theme that is in use, where the one asked for could not be read.
  public mutating func keep(theme name: String) { theme = name }
}
