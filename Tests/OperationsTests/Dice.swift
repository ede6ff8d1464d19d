import Operations
import SuperPod
import Words

/// Random actions, the same for the same seed.
struct Dice: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func count(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func flag() -> Bool { Bool.random(using: &self) }
  mutating func maybe<T>(_ value: (inout Dice) -> T) -> T? { flag() ? value(&self) : nil }
  mutating func one<C: Collection>(of values: C) -> C.Element {
    values[values.index(values.startIndex, offsetBy: count(0...values.count - 1))]
  }

  mutating func duration() -> DurationAmount {
    DurationAmount(nanoseconds: Int64(count(1...1_000_000)) * one(of: [1, 1_000_000, 1_000_000_000, 60_000_000_000]))
  }

  mutating func executor(prefills: Bool = false) -> Place.Executor {
    Place.Executor(prefills: prefills, number: count(0...20))
  }

  mutating func place(_ kind: PlaceKind) -> Place {
    let way: Direction? = one(of: [nil, .up, .down])
    let (node, npu, die, plane) = (count(0...47), count(0...7), count(0...1), count(0...6))
    let pod = maybe { $0.count(0...3) }
    let place: Place.Part =
      switch kind {
      case .node: .node(node)
      case .npu: .npu(node: node, npu: npu)
      case .die: .die(node: node, npu: npu, die: die)
      case .l1: .l1(node: node, subPlane: plane)
      case .subPlane: .subPlane(plane)
      case .l2: .l2(subPlane: plane, number: count(0...15))
      case .dieLink: .dieLink(node: node, npu: npu, die: die, subPlane: plane, way)
      case .uplink: .uplink(subPlane: plane, node: node, number: count(0...15), way)
      case .roce: .roce(node: node, npu: npu, die: die, way)
      case .vpc: .vpc(node: node, way)
      case .prefillExecutor: .executor(executor(prefills: true))
      case .decodeExecutor: .executor(executor())
      case .group: .group(executor(prefills: flag()), count(0...287))
      case .expertRank: .expertRank(executor(), count(0...287))
      case .shell: .shell(executor())
      case .jobExecutor: .jobExecutor(count(0...3))
      default: .spare
      }
    return Place(place, pod: pod)
  }

  mutating func shift() -> ServerShift {
    let towards = flag()
    let aim: ServerShift.Aim =
      flag() ? .ratio(prefill: count(0...60), decode: count(0...60)) : .more(count(1...9), prefill: towards)
    let giver = executor(prefills: !towards)
    let taker = executor(prefills: towards)
    let from: ServerShift.End? = one(of: [nil, .spare, .executor(giver)])
    let to: ServerShift.End? = from == .spare ? .executor(taker) : one(of: [nil, .spare, .executor(taker)])
    return ServerShift(aim, from: from, to: to)
  }

  mutating func injection() -> Injection {
    let fault = one(of: Fault.allCases)
    let kinds = fault.facts.places
    return Injection(
      fault, at: kinds.isEmpty ? nil : place(one(of: kinds)),
      by: fault.facts.strength.flatMap { strength in maybe { Double.random(in: strength.range, using: &$0) } },
      lasting: maybe { $0.duration() })
  }

  mutating func action(_ name: ActionName) -> Action {
    let executor = maybe { $0.executor() }
    let drained: [PlaceKind] = [.die, .npu, .node, .dieLink, .uplink, .roce, .vpc, .subPlane, .l1, .l2]
    switch name {
    case .pd: return .pd(shift())
    case .reshard:
      return .reshard(
        Reshard(
          executor: executor, layers: maybe { $0.count(0...3)...$0.count(3...60) }, budget: maybe { $0.count(0...999) },
          policy: maybe { $0.one(of: Reshard.Policy.allCases) }))
    case .eplb: return .eplb(one(of: [.on, .off, .every(duration())]), of: executor)
    case .scale: return .scale(self.executor(), expertParallel: count(1...999))
    case .drain: return .drain(place(one(of: drained)))
    case .undrain: return .undrain(place(one(of: drained)))
    case .restart:
      return .restart(place(one(of: [.die, .group, .expertRank, .prefillExecutor, .decodeExecutor])))
    case .balance: return .balance(one(of: GroupChoice.allCases), of: executor)
    case .batch: return .batch(count(1...999), of: executor)
    case .mtp: return .mtp(count(0...2), of: executor)
    case .jitter: return .jitter(one(of: JitterMeasure.allCases), on: flag())
    case .recovery: return .recovery(one(of: RecoveryStage.allCases))
    case .admit: return .admit(maybe { RateAmount(perSecond: Double.random(in: 0.001...500, using: &$0)) })
    case .isolate: return .isolate(maybe { TokenAmount(tokens: Int64($0.count(1...100_000))) })
    case .undo: return .undo(maybe { $0.count(1...999) })
    case .traffic:
      return .traffic(factor: Double.random(in: 0...10, using: &self), lasting: maybe { $0.duration() })
    case .inject: return .inject(injection())
    case .clear:
      let fault = one(of: Fault.allCases)
      return .clear(fault, at: fault.facts.places.isEmpty ? nil : maybe { $0.place($0.one(of: fault.facts.places)) })
    }
  }
}
