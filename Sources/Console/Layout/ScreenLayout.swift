import SuperPod
import Terminal

/// Where every panel of the Overview stands, as a function of the screen's size and the pod alone.
///
/// Nothing is pushed off the screen: what does not fit is merged (chips, sub-planes, nodes) or left out in a fixed
/// order, the SLO line last.
struct ScreenLayout: Hashable, Sendable {
  /// From this width on, cards stand in a column right of the fields.
  static let cardsFrom = 76

  /// Size of the screen.
  let width: Int
  private(set) var height: Int
  /// The shared x axis.
  let geometry: FieldGeometry
  /// The panels, none over another.
  private(set) var placements: [Placement] = []
  /// Rows of the pod field: all chips, or chips merged.
  private(set) var chipRows = 0
  /// Rows of the fabric field: all sub-planes, or one for the worst.
  private(set) var planeRows = 0

  /// From this height on an operation has a row of its own; below it stands in the footer.
  static let stripFrom = 30

  /// The layout for a size.
  ///
  /// - Parameter strip: Whether an operation goes on: its row stands above the time bar, and all else has one row less.
  init(width: Int, height: Int, topology: Topology, strip: Bool = false) {
    let hasStrip = strip && height >= Self.stripFrom
    self.width = width
    self.height = hasStrip ? height - 1 : height
    let height = self.height
    geometry = FieldGeometry(width: max(1, width), height: height, topology: topology)
    guard width > 0, height > 0 else { return }
    if height == 1 {
      add(.oneRow, 0, 0, width, 1)
    } else if geometry.pitch == 1 {
      compact(topology)
    } else if geometry.pitch == 2 {
      medium(topology)
    } else {
      large(topology)
    }
    if hasStrip { makeRoomForStrip() }
  }

  private mutating func makeRoomForStrip() {
    guard let bar = placements.firstIndex(where: { $0.panel == .timeBar }) else { return }
    let row = placements[bar].rectangle.row
    for index in placements.indices where placements[index].rectangle.row >= row {
      placements[index].rectangle.row += 1
    }
    height += 1
    add(.operation, 0, row, width, 1)
  }

  /// A panel's place, nil where it has none.
  subscript(panel: Panel) -> Rectangle? {
    placements.first { $0.panel == panel }?.rectangle
  }

  private mutating func add(_ panel: Panel, _ column: Int, _ row: Int, _ width: Int, _ height: Int) {
    guard width > 0, height > 0 else { return }
    placements.append(
      Placement(panel: panel, rectangle: Rectangle(column: column, row: row, width: width, height: height)))
  }

  private mutating func add(_ cards: [Card], _ column: Int, _ row: Int, _ width: Int, _ height: Int) {
    guard width > 0, height > 0 else { return }
    placements += Card.stack(cards, in: Rectangle(column: column, row: row, width: width, height: height))
  }

  // MARK: One column a node

  private mutating func compact(_ topology: Topology) {
    let chips = topology.npusPerNode
    let planes = topology.subPlanes
    let beside = width >= Self.cardsFrom && height >= 8
    // Each step costs rows; the first that does not fit ends the growth, but for the small ones behind it.
    var has: (title: Bool, ruler: Bool, roles: Bool, experts: Bool) = (false, false, false, false)
    var objectives = 1
    let alarmRows = beside || height < 2 ? 0 : 1
    let barRows = height < 3 ? 0 : 1
    let footerRows = height < 4 ? 0 : 1
    chipRows = height < 5 ? 0 : 1
    planeRows = 0
    var left = height - objectives - alarmRows - barRows - footerRows - chipRows
    func take(_ rows: Int) -> Bool {
      guard rows <= left, rows >= 0 else { return false }
      left -= rows
      return true
    }
    has.title = chipRows > 0 && take(1)
    if has.title, chips >= 2, take(1) { chipRows = 2 }
    has.ruler = has.title && take(1)
    if has.ruler, take(1) { planeRows = 1 }
    if planeRows == 1, chips > 4, take(2) { chipRows = 4 }
    has.roles = planeRows == 1 && take(1)
    if has.roles, take(chips - chipRows) { chipRows = chips }
    if chipRows == chips, take(1) { objectives = 2 }
    if objectives == 2, take(planes) { planeRows = planes }
    has.experts = chipRows == chips && take(1)

    var row = 0
    func next(_ rows: Int) -> Int {
      row += rows
      return row - rows
    }
    if has.title { add(.title, 0, next(1), width, 1) }
    add(.objectives, 0, next(objectives), width, objectives)
    let top = row
    let field = beside ? min(width, geometry.end) : width
    if has.ruler { add(.ruler, 0, next(1), field, 1) }
    if has.roles { add(.roles, 0, next(1), field, 1) }
    add(.pod, 0, next(chipRows), field, chipRows)
    if planeRows > 1 { add(.fabricHeading, 0, next(1), field, 1) }
    add(.fabric, 0, next(planeRows), field, planeRows)
    if has.experts { add(.experts, 0, next(1), field, 1) }
    let bottom = height - footerRows - barRows - alarmRows
    let alarms = Card(panel: .alarms, minimum: 2, ideal: 5, rank: 0)
    let selection = Card(panel: .selection, minimum: 2, ideal: 4, rank: 1)
    let pipeline = Card(panel: .pipeline, minimum: 5, ideal: 6, rank: 2)
    let xccl = Card(panel: .xccl, minimum: 4, ideal: 4, rank: 3)
    let latency = Card(panel: .latency, minimum: 5, ideal: 7, weight: 2, rank: 4)
    let events = Card(panel: .events, minimum: 2, ideal: 5, weight: 1, rank: 5)
    if beside {
      let column = geometry.end + 2
      let room = width - column - 1
      let gap = bottom - row > 5 ? 1 : 0
      // Events stand under the field, unless the charts take all of it and the cards leave something.
      let eventsAside = bottom - row - gap < latency.minimum + events.minimum && bottom - top >= 24
      if room >= 50 {
        let half = (room - 2) / 2
        add([alarms, selection, events], column, top, half, bottom - top)
        add([pipeline, xccl, latency], column + half + 2, top, room - half - 2, bottom - top)
      } else {
        let cards = [alarms, selection, pipeline, xccl]
        add(eventsAside ? cards + [events] : cards, column, top, room, bottom - top)
      }
      let waited = Card(panel: .waited, minimum: 3, ideal: 5, rank: 0)
      let drift = Card(panel: .drift, minimum: 4, ideal: 5, weight: 1, rank: 1)
      let under = room >= 50 ? [waited, drift] : eventsAside ? [latency] : [latency, events]
      add(under, 1, row + gap, field - 1, bottom - row - gap)
    } else {
      add([selection, pipeline, xccl, latency, events], 1, row, width - 2, bottom - row)
      if alarmRows > 0 { add(.alarmRow, 0, bottom, width, 1) }
    }
    if barRows > 0 { add(.timeBar, 0, height - footerRows - 1, width, 1) }
    if footerRows > 0 { add(.footer, 0, height - 1, width, 1) }
  }

  // MARK: Two columns a node

  private mutating func medium(_ topology: Topology) {
    chipRows = topology.npusPerNode
    planeRows = topology.subPlanes
    let fields = 3 + chipRows + 1 + planeRows + 1
    let airy = height >= 2 + 1 + 3 + fields + 1 + 11 + 2
    var row = 0
    func next(_ rows: Int) -> Int {
      row += rows
      return row - rows
    }
    // Behind the field stands the mean of every sub-plane.
    let span = min(width, geometry.end + 7)
    let beside = width - span >= 32
    add(.title, 0, next(1), width, 1)
    add(.tabs, 0, next(1), width, 1)
    if airy { row += 1 }
    add(.tiles, 1, next(3), width - 2, 3)
    let top = row
    add(.podHeading, 0, next(1), span, 1)
    add(.ruler, 0, next(1), span, 1)
    add(.roles, 0, next(1), span, 1)
    add(.pod, 0, next(chipRows), span, chipRows)
    add(.fabricHeading, 0, next(1), span, 1)
    add(.fabric, 0, next(planeRows), span, planeRows)
    add(.experts, 0, next(1), span, 1)
    if airy { row += 1 }
    let rows = height - 2 - row
    let alarms = Card(panel: .alarms, minimum: 2, ideal: 5, rank: 0)
    let selection = Card(panel: .selection, minimum: 2, ideal: 5, rank: 1)
    let pipeline = Card(panel: .pipeline, minimum: 5, ideal: 6, weight: 1, rank: 0)
    let xccl = Card(panel: .xccl, minimum: 4, ideal: 5, rank: 1)
    let waited = Card(panel: .waited, minimum: 3, ideal: 5, rank: 3)
    let latency = Card(panel: .latency, minimum: 5, ideal: 6, weight: 2, rank: 0)
    let events = Card(panel: .events, minimum: 2, ideal: 5, weight: 1, rank: 1)
    if beside {
      let full = Card(panel: .selection, minimum: 5, ideal: 10, rank: 1)
      add([alarms, full, waited, xccl, events], span + 1, top, min(60, width - span - 2), height - 2 - top)
      let half = (span - 3) / 2
      // The strip of a pipeline says everything in six rows, and with both iterations in eight.
      let strip = Card(panel: .pipeline, minimum: 5, ideal: half >= 60 ? 8 : 6, rank: 0)
      add([strip, Card(panel: .traffic, minimum: 8, ideal: 26, weight: 1, rank: 1)], 1, row, half, rows)
      add([latency], half + 3, row, span - half - 4, rows)
    } else {
      let third = (width - 1) / 3
      let tiers = rows >= 11
      let first = tiers ? 6 + (rows - 11) / 2 : rows
      let columns = [(1, third - 1), (third + 2, third - 3), (2 * third + 2, width - 2 * third - 3)]
      for ((column, room), pair) in zip(columns, [(alarms, selection), (pipeline, xccl), (latency, events)]) {
        guard tiers else {
          add([pair.0, pair.1], column, row, room, rows)
          continue
        }
        var cards = [pair.1]
        if pair.1.panel == .xccl { cards.append(waited) }
        add([Card(panel: pair.0.panel, minimum: 2, ideal: first, rank: 0)], column, row, room, first)
        let grown = cards.map { Card(panel: $0.panel, minimum: $0.minimum, ideal: rows, rank: $0.rank) }
        add(cards.count == 1 ? grown : cards, column, row + first, room, rows - first)
      }
    }
    add(.timeBar, 0, height - 2, width, 1)
    add(.footer, 0, height - 1, width, 1)
  }

  // MARK: Three columns a node

  private mutating func large(_ topology: Topology) {
    chipRows = topology.npusPerNode
    planeRows = topology.subPlanes
    let dies = chipRows * topology.diesPerNPU
    var row = 8
    func next(_ rows: Int) -> Int {
      row += rows
      return row - rows
    }
    let span = geometry.end + 1
    add(.title, 0, 0, width, 1)
    add(.tabs, 0, 1, width, 1)
    add(.tiles, 1, 3, width - 1, 4)
    add(.podHeading, 0, next(1), span, 1)
    add(.ruler, 0, next(1), span, 1)
    add(.roles, 0, next(1), span, 1)
    add(.pod, 0, next(dies), span, dies)
    // The blank row above a heading belongs to it, so that the crosshair passes through.
    add(.fabricHeading, 0, next(2), span, 2)
    add(.fabric, 0, next(planeRows), span, planeRows)
    add(.experts, 0, next(2), span, 2)
    let lower = row + 1
    let side = span + 1
    let room = min(60, width - side - 1)
    add(
      [
        Card(panel: .alarms, minimum: 3, ideal: 7, weight: 1, rank: 0),
        Card(panel: .selection, minimum: 4, ideal: 9, rank: 1),
        Card(panel: .waited, minimum: 3, ideal: 5, rank: 2), Card(panel: .xccl, minimum: 4, ideal: 4, rank: 3),
      ], side, 8, room, lower - 9)
    let rows = height - 2 - lower
    let left = span * 105 / 165
    add(
      [
        Card(panel: .pipeline, minimum: 6, ideal: 8, rank: 0),
        Card(panel: .latency, minimum: 5, ideal: 8, weight: 1, rank: 1),
      ], 1, lower, left - 1, rows - 1)
    let drift = rows >= 17 ? 5 : 0
    let middle = left + 3
    add(.traffic, middle, lower, span - middle - 1, rows - drift - 1)
    if drift > 0 { add(.drift, middle, height - 2 - drift, width - middle - 1, drift - 1) }
    add(.events, side, lower, room, rows - drift - 1)
    add(.timeBar, 0, height - 2, width, 1)
    add(.footer, 0, height - 1, width, 1)
  }
}
