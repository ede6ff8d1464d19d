extension Place: CustomStringConvertible {
  /// The id, as people and files spell it.
  public var description: String { (pod.map { "pod\($0)/" } ?? "") + part.description }
}

extension Place.Executor: CustomStringConvertible {
  /// The id: `P0`, `D1`.
  public var description: String { "\(prefills ? "P" : "D")\(number)" }
}

extension Place.Part: CustomStringConvertible {
  /// The id without its pod.
  public var description: String {
    switch self {
    case .node(let node): "n\(node)"
    case .npu(let node, let npu): "n\(node).c\(npu)"
    case .die(let node, let npu, let die): "n\(node).c\(npu).d\(die)"
    case .cpu(let node, let cpu): "n\(node).cpu\(cpu)"
    case .l1(let node, let subPlane): "n\(node).sp\(subPlane)"
    case .subPlane(let subPlane): "sp\(subPlane)"
    case .l2(let subPlane, let number): "sp\(subPlane).sw\(number)"
    case .dieLink(let node, let npu, let die, let subPlane, let direction):
      "n\(node).c\(npu).d\(die).sp\(subPlane)\(suffix(direction))"
    case .uplink(let subPlane, let node, let number, let direction):
      "sp\(subPlane).n\(node).sw\(number)\(suffix(direction))"
    case .roce(let node, let npu, let die, let direction): "n\(node).c\(npu).d\(die).roce\(suffix(direction))"
    case .vpc(let node, let direction): "n\(node).vpc\(suffix(direction))"
    case .rack(let rack): "rack\(rack)"
    case .spare: "spare"
    case .executor(let executor): "\(executor)"
    case .group(let executor, let group): "\(executor).dp\(group)"
    case .expertRank(let executor, let rank): "\(executor).ep\(rank)"
    case .expertSlot(let executor, let rank, let slot): "\(executor).ep\(rank).s\(slot)"
    case .domain(let executor, let domain): "\(executor).m\(domain)"
    case .shell(let executor): "\(executor).shell"
    case .expert(let layer, let expert): "L\(layer).e\(expert)"
    case .request(let request): "r\(request)"
    case .jobExecutor(let number): "JE\(number)"
    }
  }

  private func suffix(_ direction: Direction?) -> String {
    switch direction {
    case nil: ""
    case .up: ":up"
    case .down: ":down"
    }
  }
}
