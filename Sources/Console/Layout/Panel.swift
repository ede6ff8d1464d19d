import Terminal

/// The parts of the Overview.
enum Panel: Hashable, Sendable, CaseIterable {
  /// The whole screen in one row.
  case oneRow
  case title, tabs, tiles, objectives
  case podHeading, ruler, roles, pod, fabricHeading, fabric, experts
  case alarms, selection, pipeline, waited, xccl, latency, events, traffic, drift
  case alarmRow, operation, timeBar, footer
}

/// A panel in its place.
struct Placement: Hashable, Sendable {
  /// What is drawn.
  var panel: Panel
  /// Where.
  var rectangle: Rectangle
}

/// A panel of a column of panels, and how much height it wants.
struct Card: Sendable {
  /// What it is.
  var panel: Panel
  /// Below this it is left out.
  var minimum: Int
  /// From here on it has everything to say.
  var ideal: Int
  /// Its share of rows that are left when every card has its ideal; zero does not grow.
  var weight: Int = 0
  /// The lower, the later it is left out.
  var rank: Int

  /// Places cards below each other: the least important go first, then each grows to its ideal in the order of rank, then
  /// gaps between them, then the growers.
  static func stack(_ cards: [Card], in area: Rectangle) -> [Placement] {
    var chosen = cards
    while chosen.reduce(0, { $0 + $1.minimum }) > area.height {
      guard let last = chosen.indices.max(by: { chosen[$0].rank < chosen[$1].rank }) else { return [] }
      chosen.remove(at: last)
    }
    guard !chosen.isEmpty, area.width > 0 else { return [] }
    var heights = chosen.map(\.minimum)
    var left = area.height - heights.reduce(0, +)
    for index in chosen.indices.sorted(by: { chosen[$0].rank < chosen[$1].rank }) {
      let more = min(left, chosen[index].ideal - heights[index])
      heights[index] += more
      left -= more
    }
    var gap = 0
    if left >= chosen.count - 1 {
      gap = 1
      left -= chosen.count - 1
    }
    let weights = chosen.reduce(0) { $0 + $1.weight }
    if weights > 0 {
      let extra = left
      for index in chosen.indices {
        let more = extra * chosen[index].weight / weights
        heights[index] += more
        left -= more
      }
      if let last = chosen.lastIndex(where: { $0.weight > 0 }) { heights[last] += left }
    }
    var row = area.row
    var placements: [Placement] = []
    for (card, height) in zip(chosen, heights) {
      placements.append(
        Placement(
          panel: card.panel, rectangle: Rectangle(column: area.column, row: row, width: area.width, height: height)))
      row += height + gap
    }
    return placements
  }
}
