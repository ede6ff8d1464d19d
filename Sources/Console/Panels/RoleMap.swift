import SuperPod
import Telemetry
import Terminal

/// Who does what before an action and after it, a column a node; who changes stands out.
struct RoleMap {
  private let layout: PodLayout
  private let after: [DieRole?]
  private let changed: Set<Int>
  private let moved: Int
  /// Nodes that share a column.
  private let perColumn: Int

  /// A map of what moves.
  ///
  /// - Parameters:
  ///   - touched: Dies that keep their role and whose experts change.
  ///   - takesOut: Whether dies that leave an engine are out of service rather than spare.
  init(frame: Frame, moves: [DieMove], touched: [Int] = [], takesOut: Bool) {
    layout = frame.layout
    var roles: [DieRole?] = frame.layout.roles
    var changed: Set<Int> = []
    for move in moves {
      let taker = frame.layout.engines.first { $0.id == move.to }
      let role: DieRole? =
        taker.map { $0.kind == .prefill ? .prefill : frame.layout.roles[$0.dies.first ?? 0] }
        ?? (takesOut ? nil : .spare)
      for die in move.dies where die >= 0 && die < roles.count {
        roles[die] = role
        changed.insert(die)
      }
    }
    after = roles
    moved = changed.count
    self.changed = changed.union(touched)
    perColumn = Self.perColumn(frame.layout.topology)
  }

  /// Nodes that share a column: no map is wider than sixty of them.
  static func perColumn(_ topology: Topology) -> Int { max(1, (topology.nodes + 63) / 64) }

  /// Columns of a map, gaps between racks among them.
  static func columns(_ topology: Topology) -> Int {
    let each = perColumn(topology)
    return (topology.nodes + each - 1) / each + (each == 1 ? max(0, topology.racks - 1) : 0)
  }

  /// The layout of a preview for a pod.
  ///
  /// - Parameter shown: Whether the map is to be drawn; else charts have its room.
  static func layout(
    width: Int, height: Int, topology: Topology, refused: Bool = false, shown: Bool = true
  ) -> PreviewLayout {
    PreviewLayout(
      width: width, height: height, nodeColumns: shown ? columns(topology) : width, chips: topology.npusPerNode,
      isRefused: refused)
  }

  private var topology: Topology { layout.topology }

  private func x(_ column: Int) -> Int { column + (perColumn == 1 ? column / max(1, topology.nodesPerRack) : 0) }

  /// Draws it: two rows of letters, or two maps side by side with a cell a chip.
  func draw(_ area: Rectangle, _ painter: inout Painter) {
    let gutter = 9
    let tall = area.height >= PreviewLayout.tallRoles(chips: topology.npusPerNode)
    painter.put(area.column, area.row, "ROLES", Style(.strong, .bold))
    let words = changed.isEmpty ? "none" : "\(changed.count) \(changed.count == 1 ? "die" : "dies")"
    if area.height > 1 { painter.put(area.column, area.row + 1, words, Style(.dim), width: gutter - 1) }
    let start = area.column + gutter
    let width = Self.columns(topology)
    if moved == 0 {
      // Nobody's role changes: one picture says all.
      let words = changed.isEmpty ? "no die changes its role" : "experts change on \(nodes), roles stay"
      if tall {
        caption(start, area.row, "all along", layout.roles, &painter)
        chips(start, area.row + 1, roles: layout.roles, &painter)
        ruler(start, area.row + 1 + topology.npusPerNode, &painter)
        painter.put(start + width + 2, area.row + 1, words, Style(.dim), width: max(0, area.right - start - width - 2))
      } else {
        letters(start, area.row, roles: layout.roles, &painter)
        painter.put(start + width + 2, area.row, words, Style(.dim), width: max(0, area.right - start - width - 2))
      }
      return
    }
    guard tall else {
      letters(start, area.row, roles: layout.roles, &painter)
      painter.put(start + width + 2, area.row, "before", Style(.dim))
      guard area.height > 1 else { return }
      letters(start, area.row + 1, roles: after, &painter)
      let at = painter.put(start + width + 2, area.row + 1, "after", Style(.dim)) + 2
      painter.put(at, area.row + 1, nodes, Style(.accent, .bold), width: max(0, area.right - at))
      return
    }
    let second = start + width + 8
    caption(start, area.row, "before", layout.roles, &painter)
    caption(second, area.row, "after", after, &painter)
    chips(start, area.row + 1, roles: layout.roles, &painter)
    chips(second, area.row + 1, roles: after, &painter)
    let row = area.row + 1 + topology.npusPerNode
    ruler(start, row, &painter)
    ruler(second, row, &painter)
  }

  private var nodes: String {
    let list = Set(changed.map { $0 / topology.diesPerNode }).sorted()
    return list.count <= 4 ? list.map { "n\($0)" }.joined(separator: " ") : "\(list.count) nodes"
  }

  private func caption(_ column: Int, _ row: Int, _ word: String, _ roles: [DieRole?], _ painter: inout Painter) {
    func count(_ picks: (DieRole?) -> Bool) -> String {
      Decimal.text(Float(roles.count(where: picks)) / Float(topology.diesPerNode))
    }
    let decode = count { $0 == .decode || $0 == .attention || $0 == .expert }
    let out = roles.count { $0 == nil }
    painter.put(
      column, row,
      "\(word): \(count { $0 == .prefill }) prefill, \(decode) decode, \(count { $0 == .spare }) spare"
        + (out > 0 ? ", \(out) dies out" : ""), Style(.text))
  }

  private func look(_ role: DieRole?, changed: Bool, _ painter: Painter) -> (Unicode.Scalar, Style) {
    let letter: Unicode.Scalar =
      switch role {
      case .prefill: "P"
      case .decode: "D"
      case .attention: "A"
      case .expert: "E"
      case .spare: "S"
      case nil: "x"
      }
    if changed {
      return (letter, painter.isGlyphic ? Style(.strong, [.bold, .reverse]) : Style(.ink, on: .acceptGround, .bold))
    }
    guard painter.isColored else { return (letter, Style(.text)) }
    let step = role == .prefill ? 3 : role == .spare || role == nil ? 0 : 8
    return (letter, Style(step >= 8 ? .paper : .dim, on: step == 0 ? .none : .ramp(step)))
  }

  private func letters(_ column: Int, _ row: Int, roles: [DieRole?], _ painter: inout Painter) {
    let perNode = topology.diesPerNode
    for index in 0..<((topology.nodes + perColumn - 1) / perColumn) {
      let dies = (index * perColumn * perNode)..<min(topology.dies, (index + 1) * perColumn * perNode)
      let moving = dies.first { changed.contains($0) }
      let (letter, style) = look(roles[moving ?? dies.lowerBound], changed: moving != nil, painter)
      painter.set(column + x(index), row, letter, style)
    }
  }

  private func chips(_ column: Int, _ row: Int, roles: [DieRole?], _ painter: inout Painter) {
    for index in 0..<((topology.nodes + perColumn - 1) / perColumn) {
      for chip in 0..<topology.npusPerNode {
        let first = index * perColumn * topology.diesPerNode + chip * topology.diesPerNPU
        let dies = first..<min(topology.dies, first + topology.diesPerNPU)
        let moving = dies.first { changed.contains($0) }
        let (letter, style) = look(roles[moving ?? first], changed: moving != nil, painter)
        let isPlain = painter.isColored && moving == nil && roles[first] != nil && roles[first] != .spare
        painter.set(column + x(index), row + chip, isPlain ? " " : letter, style)
      }
    }
  }

  private func ruler(_ column: Int, _ row: Int, _ painter: inout Painter) {
    let moving = Set(changed.map { $0 / topology.diesPerNode / perColumn }).sorted()
    var free = column
    if let first = moving.first {
      free = painter.put(column + x(first), row, "▴\(first * perColumn)", Style(.accent, .bold)) + 1
    }
    let columns = (topology.nodes + perColumn - 1) / perColumn
    let from = moving.first.map { column + x($0) } ?? .max
    for index in stride(from: 0, to: columns, by: 8) {
      let at = column + x(index)
      let text = "\(index * perColumn)"
      if at + text.count < from || at >= free, !(at < free && at >= from) { painter.put(at, row, text, Style(.dim)) }
    }
  }
}
