import SuperPod
import Telemetry
public import Terminal

/// Screen 1: the whole pod.
///
/// Every panel is a method that draws one part from the state and knows nothing of the others.
struct Overview {
  /// What is drawn.
  let state: ConsoleState
  /// The newest frame.
  let frame: Frame
  /// Where everything stands.
  let layout: ScreenLayout
  /// Worst alarm by die; empty without alarms.
  let marks: [Priority?]
  /// Whether and why dies do not serve, by `dieHealth`.
  let healths: [Float]

  /// The alarms that are on and that nobody shelved.
  let alarms: [Alarm]

  /// A drawing of a state, nil before its first frame.
  init?(_ state: ConsoleState) {
    guard let frame = state.frame, let layout = state.layout else { return nil }
    self.state = state
    self.frame = frame
    self.layout = layout
    alarms = state.standingAlarms
    var marks: [Priority?] = []
    for alarm in alarms where alarm.die >= 0 && alarm.die < frame.layout.topology.dies {
      if marks.isEmpty { marks = Array(repeating: nil, count: frame.layout.topology.dies) }
      if marks[alarm.die].map({ alarm.priority > $0 }) ?? true { marks[alarm.die] = alarm.priority }
    }
    self.marks = marks
    healths = frame[.dieHealth]
  }

  /// Draws every panel in its place.
  func draw(_ painter: inout Painter) {
    for placement in layout.placements {
      painter.clip = placement.rectangle
      painter.ground = .none
      draw(placement.panel, placement.rectangle, &painter)
    }
    painter.clip = painter.canvas.bounds
    painter.ground = .none
  }

  private func draw(_ panel: Panel, _ area: Rectangle, _ painter: inout Painter) {
    switch panel {
    case .oneRow: oneRow(area, &painter)
    case .title: title(area, &painter)
    case .tabs: tabs(area, &painter)
    case .tiles: tiles(area, &painter)
    case .objectives: objectives(area, &painter)
    case .podHeading: podHeading(area, &painter)
    case .ruler: ruler(area, &painter)
    case .roles: roles(area, &painter)
    case .pod: pod(area, &painter)
    case .fabricHeading: fabricHeading(area, &painter)
    case .fabric: fabric(area, &painter)
    case .experts: experts(area, &painter)
    case .alarms: alarms(area, &painter)
    case .alarmRow: alarmRow(area, &painter)
    case .selection: selection(area, &painter)
    case .pipeline: pipeline(area, &painter)
    case .waited: waited(area, &painter)
    case .xccl: xccl(area, &painter)
    case .latency: latency(area, &painter)
    case .events: events(area, &painter)
    case .traffic: traffic(area, &painter)
    case .drift: drift(area, &painter)
    case .timeBar: timeBar(area, &painter)
    case .operation: operation(area, &painter)
    case .footer: Footer(state).draw(area, &painter)
    }
  }

  // MARK: What several panels need

  var topology: Topology { frame.layout.topology }
  var geometry: FieldGeometry { layout.geometry }
  var selectedNode: Int { state.selected / topology.diesPerNode }

  /// A value of the pod in plain text, `·` where it is missing.
  func pod(_ id: MetricID, scale: Float = 1, _ digits: Int) -> String {
    Decimal.text(frame.value(id).map { $0 * scale }, digits)
  }

  /// Whether a value of the pod breaks its target.
  func isOver(_ id: MetricID, _ target: Float) -> Bool { (frame.value(id) ?? 0) > target }

  /// How the newest values of a profile look in a number of columns: the worst of each column's seconds.
  func folded(_ profile: Profile, columns: Int, seconds: Int = 600, least: Bool = false) -> [Float] {
    let values = state.profiles[profile] ?? []
    let window = max(60, min(seconds, values.count))
    guard columns > 0 else { return [] }
    return (0..<columns).map { column in
      let from = values.count - window + column * window / columns
      let to = max(from + 1, values.count - window + (column + 1) * window / columns)
      var worst = Float.nan
      for index in max(0, from)..<max(0, from, min(values.count, to)) where values[index].isFinite {
        if !(least ? values[index] >= worst : values[index] <= worst) { worst = values[index] }
      }
      return worst
    }
  }

  /// The look of an alarm's glyph: its ground goes when somebody has seen it.
  func look(_ alarm: Alarm) -> Style {
    state.alarmDesk.standing(alarm) == .new ? Painter.badge(alarm.priority) : Painter.seen(alarm.priority)
  }

  /// The look of how many alarms of a priority there are.
  func look(_ priority: Priority) -> Style {
    alarms.contains { $0.priority == priority && state.alarmDesk.standing($0) == .new }
      ? Painter.badge(priority) : Painter.seen(priority)
  }

  /// Worst alarm of those that a test picks.
  func worst(_ picks: (Alarm) -> Bool) -> Priority? {
    alarms.filter(picks).map(\.priority).max()
  }

  /// Which screen tells most of an alarm, by its digit.
  static func screen(of alarm: Alarm) -> Int {
    if alarm.text.contains("expert") || alarm.place.contains(".e") { return 6 }
    if alarm.die >= 0 { return 2 }
    if alarm.place.hasPrefix("sp") && alarm.place != "spare" { return 3 }
    if alarm.text.hasPrefix("TPOT") { return 5 }
    return 7
  }
}

extension ConsoleState {
  /// The screen as cells.
  ///
  /// - Complexity: O(cells + dies + links).
  public func paint(_ appearance: Appearance) -> Canvas {
    var painter = Painter(width: width, height: height, look: appearance)
    if screen == 8, let events = EventsScreen(self) {
      events.draw(&painter)
    } else if let overview = Overview(self) {
      overview.draw(&painter)
    } else {
      let words = "Starting the deployment…"
      painter.put(max(0, (width - words.count) / 2), height / 2, words, Style(.dim), width: width)
      if height > 1 {
        painter.clip = Rectangle(row: height - 1, width: width, height: 1)
        Footer(self).draw(painter.clip, &painter)
        painter.clip = painter.canvas.bounds
        painter.ground = .none
      }
    }
    if showsCosts { CostPanel(state: self).draw(&painter) }
    switch overlay {
    case .none: break
    case .help(let offset): HelpOverlay(state: self, offset: offset).draw(&painter)
    case .command: CommandOverlay(state: self).draw(&painter)
    case .filter: FilterOverlay(state: self).draw(&painter)
    case .menu(let chosen): MenuOverlay(state: self, chosen: chosen).draw(&painter)
    case .preview: PreviewDialog(self)?.draw(&painter)
    case .watch: WatchDialog(self)?.draw(&painter)
    case .suggestions(let chosen): SuggestionsDialog(state: self, chosen: chosen).draw(&painter)
    }
    switch overlay {
    case .menu: dialogFooter(.menu, &painter)
    case .preview: dialogFooter(.preview, &painter)
    case .watch: dialogFooter(.watch, &painter)
    case .suggestions: dialogFooter(.suggestions, &painter)
    default: break
    }
    return painter.canvas
  }
}
