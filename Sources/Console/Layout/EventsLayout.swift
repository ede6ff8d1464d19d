import Terminal

/// Where the parts of the screen of events stand, as a function of its size and of how many alarms there are.
///
/// What does not fit is left out: the audit log's prediction lines first, then how often alarms come, the audit log, the event log, the tabs;
/// alarms, time bar and footer go last.
struct EventsLayout: Hashable, Sendable {
  /// Width from which event log and audit log stand side by side.
  static let besideFrom = 100

  private(set) var title: Rectangle?
  private(set) var tabs: Rectangle?
  private(set) var alarms: Rectangle?
  private(set) var rates: Rectangle?
  private(set) var frequent: Rectangle?
  private(set) var events: Rectangle?
  private(set) var audit: Rectangle?
  private(set) var operation: Rectangle?
  private(set) var timeBar: Rectangle?
  private(set) var footer: Rectangle?

  /// Every part that is there, by name.
  var parts: [(name: String, place: Rectangle)] {
    let all: [(String, Rectangle?)] = [
      ("title", title), ("tabs", tabs), ("alarms", alarms), ("rates", rates),
      ("frequent", frequent), ("events", events), ("audit", audit),
      ("operation", operation), ("time bar", timeBar), ("footer", footer),
    ]
    return all.compactMap { name, place in place.map { (name, $0) } }
  }

  /// The layout for a size.
  ///
  /// - Parameter isAuditing: Whether the audit log is looked at: below the event log it then has more than that.
  init(width: Int, height: Int, alarmCount: Int, strip: Bool, isAuditing: Bool = false) {
    guard width > 0, height > 0 else { return }
    var top = 0
    var bottom = height
    func line(_ row: Int) -> Rectangle { Rectangle(row: row, width: width, height: 1) }
    if height >= 2 {
      bottom -= 1
      footer = line(bottom)
    }
    if height >= 5 {
      bottom -= 1
      timeBar = line(bottom)
    }
    if strip, height >= ScreenLayout.stripFrom {
      bottom -= 1
      operation = line(bottom)
    }
    if height >= 4 {
      title = line(top)
      top += 1
    }
    if height >= 16, width >= 118 {
      tabs = line(top)
      top += 1
    }
    if height >= 30 { top += 1 }
    let margin = width >= 60 ? 1 : 0
    func area(_ column: Int, _ row: Int, _ width: Int, _ height: Int) -> Rectangle? {
      width > 0 && height > 0 ? Rectangle(column: column, row: row, width: width, height: height) : nil
    }
    let inner = width - 2 * margin
    let rows = bottom - top
    guard rows > 0 else { return }
    // Alarms have what they need, up to a third of the screen.
    let heads = rows >= 20 ? 2 : 1
    let wanted = heads + max(1, alarmCount)
    let alarmRows = rows < 8 ? rows : min(wanted, max(3, rows / 3))
    alarms = area(margin, top, inner, alarmRows)
    let gap = rows >= 20 ? 1 : 0
    top += alarmRows + gap
    var left = bottom - top
    guard left >= 2 else { return }
    if width >= Self.besideFrom {
      let half = (inner - 3) / 2
      // How often alarms come is for screens on which the lists have room enough.
      if left >= 22 {
        let rows = left >= 36 ? 7 : 5
        rates = area(margin, top, half, rows)
        frequent = area(margin + half + 3, top, inner - half - 3, rows)
        top += rows + 1
        left -= rows + 1
      }
      events = area(margin, top, half, left)
      audit = area(margin + half + 3, top, inner - half - 3, left)
    } else {
      let auditRows = left >= 8 ? isAuditing ? left * 7 / 10 : left * 2 / 5 : 0
      events = area(margin, top, inner, left - auditRows - (auditRows > 0 ? gap : 0))
      audit = auditRows > 0 ? area(margin, bottom - auditRows, inner, auditRows) : nil
    }
  }
}
