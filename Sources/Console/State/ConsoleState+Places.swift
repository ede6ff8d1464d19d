import SuperPod
import Telemetry
import Terminal

extension ConsoleState {
  /// The first die of a place in the language of ids, nil where there is no such place.
  func die(at place: String) -> Int? {
    guard let layout = frame?.layout else { return nil }
    let topology = layout.topology
    let parts = place.lowercased().split(separator: ".")
    guard let first = parts.first else { return nil }
    func number(_ part: Substring, _ prefix: String) -> Int? {
      part.hasPrefix(prefix) ? Int(part.dropFirst(prefix.count)) : nil
    }
    if first == "spare" { return parts.count == 1 ? layout.roles.firstIndex(of: .spare) : nil }
    if let engine = layout.engines.first(where: { $0.id.lowercased() == first }) {
      guard parts.count > 1 else { return engine.dies.first }
      guard parts.count == 2, let group = number(parts[1], "dp"), group < engine.groups.count, group >= 0 else {
        return nil
      }
      return engine.dies[group * engine.dies.count / engine.groups.count]
    }
    guard let node = number(first, "n"), (0..<topology.nodes).contains(node), parts.count <= 3 else { return nil }
    var die = node * topology.diesPerNode
    if parts.count > 1 {
      guard let npu = number(parts[1], "c"), (0..<topology.npusPerNode).contains(npu) else { return nil }
      die += npu * topology.diesPerNPU
    }
    if parts.count > 2 {
      guard let within = number(parts[2], "d"), (0..<topology.diesPerNPU).contains(within) else { return nil }
      die += within
    }
    return die
  }

  /// Places that a beginning may become: engines and nodes, then the chips of a node, then the dies of a chip.
  func places(_ begun: String) -> [String] {
    guard let layout = frame?.layout else { return [] }
    let topology = layout.topology
    let parts = begun.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 2 where parts[0].hasPrefix("n"): return (0..<topology.npusPerNode).map { "\(parts[0]).c\($0)" }
    case 3...: return (0..<topology.diesPerNPU).map { "\(parts[0]).\(parts[1]).d\($0)" }
    default:
      return layout.engines.map(\.id) + ["spare"] + (0..<topology.nodes).map { "n\($0)" }
    }
  }

  /// A die in the language of ids.
  func name(ofDie die: Int) -> String {
    guard let topology = frame?.layout.topology else { return "" }
    let within = die % topology.diesPerNode
    return "n\(die / topology.diesPerNode).c\(within / topology.diesPerNPU).d\(within % topology.diesPerNPU)"
  }

  /// Moves the selection by an arrow or by `h j k l`; at an edge it goes on at the opposite one.
  mutating func move(_ key: Key) {
    guard let layout, let topology = frame?.layout.topology else { return }
    let perNode = topology.diesPerNode
    let sideBySide = layout.geometry.pitch == 2
    let node = selected / perNode
    let within = selected % perNode
    func at(_ node: Int, _ within: Int) -> Int {
      (node + topology.nodes) % topology.nodes * perNode + (within + perNode) % perNode
    }
    let group = layout.geometry.group(of: node)
    switch key {
    case .left, .character("h"):
      if sideBySide {
        let step = within % topology.diesPerNPU > 0
        selected = step ? selected - 1 : at(node - 1, within + topology.diesPerNPU - 1)
      } else {
        selected = at(group.lowerBound - 1, within)
      }
    case .right, .character("l"):
      if sideBySide {
        let step = within % topology.diesPerNPU < topology.diesPerNPU - 1
        selected = step ? selected + 1 : at(node + 1, within - (topology.diesPerNPU - 1))
      } else {
        selected = at(group.upperBound, within)
      }
    case .up, .character("k"): selected = at(node, within - (sideBySide ? topology.diesPerNPU : 1))
    case .down, .character("j"): selected = at(node, within + (sideBySide ? topology.diesPerNPU : 1))
    default: break
    }
  }

  /// The die that is drawn at a cell of the screen, nil where there is none.
  func die(column: Int, row: Int) -> Int? {
    guard let layout, let topology = frame?.layout.topology, let field = layout[.pod],
      field.contains(column: column, row: row), let node = layout.geometry.node(at: column)
    else { return nil }
    let first = node * topology.diesPerNode
    let line = row - field.row
    switch layout.geometry.pitch {
    case 1: return first + line * topology.npusPerNode / max(1, layout.chipRows) * topology.diesPerNPU
    case 2: return first + line * topology.diesPerNPU + min(topology.diesPerNPU - 1, column - layout.geometry.x(node))
    default: return first + line
    }
  }
}
