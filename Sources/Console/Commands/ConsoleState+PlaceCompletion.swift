import SuperPod
import Telemetry

extension ConsoleState {
  /// What a beginning may become among places of some kinds, a piece at a time: nodes, then the chips of a node.
  ///
  /// What is selected comes first.
  func places(of kinds: [PlaceKind], begun: String) -> [String] {
    guard let layout = frame?.layout, !kinds.isEmpty else { return [] }
    let pieces = begun.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }
    let depth = max(0, pieces.count - 1)
    let head = begun.lastIndex(of: ".").map { String(begun[...$0]) } ?? ""
    var found: [String] = []
    for kind in kinds {
      let shape = Self.shape(of: kind, in: layout)
      guard shape.count > depth, zip(shape, pieces).prefix(depth).allSatisfy({ $0.holds($1) }) else { continue }
      found += shape[depth].options(in: layout, after: pieces.first ?? "").map { head + $0 }
    }
    var seen: Set<String> = []
    let chosen = depth == 0 ? selectedPlaces(of: kinds) : []
    return (chosen + found).filter { seen.insert($0).inserted }
  }

  private func selectedPlaces(of kinds: [PlaceKind]) -> [String] {
    let parts = name(ofDie: selected).split(separator: ".")
    return [(PlaceKind.npu, 2), (.die, 3), (.node, 1)].filter { kinds.contains($0.0) }
      .map { parts.prefix($0.1).joined(separator: ".") }
  }

  /// A piece of an id: letters and a number, or a word.
  private enum Piece {
    case counted(String, Int)
    case word(String)
    case engine(prefills: Bool)
    case rank(String)

    func holds(_ text: String) -> Bool {
      switch self {
      case .counted(let letters, _), .rank(let letters):
        text.hasPrefix(letters) && Int(text.dropFirst(letters.count)) != nil
      case .word(let word): text == word
      case .engine(let prefills): text.hasPrefix(prefills ? "p" : "d") && Int(text.dropFirst()) != nil
      }
    }

    func options(in layout: PodLayout, after first: String) -> [String] {
      switch self {
      case .counted(let letters, let count): return (0..<count).map { "\(letters)\($0)" }
      case .word(let word): return [word]
      case .engine(let prefills):
        return layout.engines.filter { ($0.kind == .prefill) == prefills }.map(\.id)
      case .rank(let letters):
        guard let engine = layout.engines.first(where: { $0.id.lowercased() == first }) else { return [] }
        return (0..<(letters == "dp" ? engine.groups.count : engine.expertParallel)).map { "\(letters)\($0)" }
      }
    }
  }

  private static func shape(of kind: PlaceKind, in layout: PodLayout) -> [Piece] {
    let topology = layout.topology
    let node = Piece.counted("n", topology.nodes)
    let npu = Piece.counted("c", topology.npusPerNode)
    let die = Piece.counted("d", topology.diesPerNPU)
    let plane = Piece.counted("sp", topology.subPlanes)
    let l2 = Piece.counted("sw", topology.l2PerSubPlane)
    switch kind {
    case .node: return [node]
    case .npu: return [node, npu]
    case .die: return [node, npu, die]
    case .dieLink: return [node, npu, die, plane]
    case .roce: return [node, npu, die, .word("roce")]
    case .vpc: return [node, .word("vpc")]
    case .l1: return [node, plane]
    case .subPlane: return [plane]
    case .l2: return [plane, l2]
    case .uplink: return [plane, node, l2]
    case .prefillExecutor: return [.engine(prefills: true)]
    case .decodeExecutor: return [.engine(prefills: false)]
    case .group: return [.engine(prefills: false), .rank("dp")]
    case .expertRank: return [.engine(prefills: false), .rank("ep")]
    case .shell: return [.engine(prefills: false), .word("shell")]
    case .jobExecutor: return [.word("JE0")]
    default: return []
    }
  }
}
