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
  /// The theme in use, and those there are.
  var theme: String
  var themes: [String]
  /// The newest events, oldest first.
  private(set) var events: [Event] = []
  private(set) var profiles: [Profile: [Float]] = [:]
  private(set) var latencies = LatencyHistory()
  private(set) var waited = WaitedFor()
  private(set) var podSteps = HeatSteps()
  /// Worst up-link of a sub-plane of a node, upwards then downwards: index `(plane * nodes + node) * 2 + direction`.
  private(set) var fabricSteps = HeatSteps()
  private(set) var fabricShares: [Float] = []
  private(set) var expertSteps = HeatSteps()
  /// The layer that the pipeline begins with, by engine.
  private(set) var pipelineLayers: [Int: Int16] = [:]

  /// A console before its first frame.
  ///
  /// - Parameter offersTour: Whether to say once, in the footer, that a tour is to come.
  public init(
    width: Int, height: Int, theme: String = "calm", themes: [String] = ["calm"], offersTour: Bool = false
  ) {
    self.width = width
    self.height = height
    self.theme = theme
    self.themes = themes
    if offersTour { notice = "First time? A tour is to come; ? explains every key." }
  }

  /// The layout of the present size, nil before the first frame.
  var layout: ScreenLayout? {
    frame.map { ScreenLayout(width: width, height: height, topology: $0.layout.topology) }
  }

  /// Takes what a deployment told.
  public mutating func observe(_ observation: Observation) {
    playback = observation.playback
    if let new = observation.costs { costs = new }
    events += observation.events
    if events.count > Self.keptEvents { events.removeFirst(events.count - Self.keptEvents) }
    profiles.merge(observation.profiles) { $1 }
    guard let new = observation.frame else { return }
    let first = frame == nil
    frame = new
    if first { selected = new.layout.engines.first { $0.kind != .prefill }?.dies.first ?? 0 }
    selected = min(selected, new.layout.topology.dies - 1)
    latencies.add(new.stepHistogram, time: new.time)
    for sample in new.iterations { waited.add(sample) }
    updateFields(new)
    for sample in new.iterations where sample.kind == .median { follow(sample) }
  }

  /// Shows another metric in the pod field.
  mutating func show(_ id: MetricID) {
    metric = id
    podSteps.reset()
    if let frame { podSteps.update(frame[id], range: id.metric.range) }
  }

  private mutating func updateFields(_ frame: Frame) {
    podSteps.update(frame[metric], range: metric.metric.range)
    expertSteps.update(frame[.nodeExpertLoad], range: 90...200)
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
  }

  /// Keeps the pipeline on the layer that costs most waiting, and lets go of it only for one that is clearly worse.
  private mutating func follow(_ sample: IterationSample) {
    var waits: [Int16: Float] = [:]
    for span in sample.spans where span.phase == .dispatch || span.phase == .combine {
      waits[span.layer, default: 0] += span.wait
    }
    guard let last = sample.spans.last(where: { $0.phase == .combine })?.layer else { return }
    // The MTP layers carry higher numbers and come first in time; the pipeline shows the main model's.
    let main = waits.filter { $0.key < last }
    guard let worst = main.min(by: { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }) else { return }
    let shown = pipelineLayers[sample.engine].flatMap { main[$0] } ?? 0
    if worst.value > 1.5 * shown { pipelineLayers[sample.engine] = worst.key }
  }
}

extension ConsoleState {
  /// The decode engine that pipeline and lists speak of: the selected die's, else the first.
  var shownEngine: Int? {
    guard let layout = frame?.layout else { return nil }
    if let engine = layout.engine(ofDie: selected), layout.engines[engine].kind != .prefill { return engine }
    return layout.engines.firstIndex { $0.kind != .prefill }
  }

  /// The alarms that are on, by die and column: what fields mark.
  func alarm(onDie die: Int) -> Priority? {
    var worst: Priority?
    for alarm in frame?.alarms ?? [] where alarm.die == die && (worst.map { alarm.priority > $0 } ?? true) {
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
