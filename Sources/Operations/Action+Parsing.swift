public import SuperPod
import Words

extension Action {
  /// Reads an action; words and ids ignore case, units do not.
  ///
  /// - Throws: A sentence with the column, what is wrong, and what is accepted.
  public init(parsing text: String) throws(ActionProblem) { try self.init(parsing: text, firstColumn: 1) }

  /// Reads an action that stands behind something else.
  init(parsing text: String, firstColumn: Int) throws(ActionProblem) {
    var words = ActionWords(text, firstColumn: firstColumn)
    self = try words.action()
  }
}

extension ActionWords {
  /// Largest count of servers, dies, requests that makes sense anywhere.
  private static let largest = 1_000_000

  /// Reads one action to the end.
  mutating func action() throws(ActionProblem) -> Action {
    let name = try choice(ActionName.allCases, what: "action")
    let action = try rest(of: name)
    try finish(after: name.syntax)
    return action
  }

  private mutating func rest(of name: ActionName) throws(ActionProblem) -> Action {
    switch name {
    case .pd: return .pd(try serverShift())
    case .reshard: return .reshard(try reshard())
    case .eplb:
      let form = try choice(BalancingWord.allCases, what: "switch")
      let state: BalancingSwitch =
        switch form {
        case .on: .on
        case .off: .off
        case .every: .every(try duration())
        }
      return .eplb(state, of: try decodeExecutorIfAny())
    case .scale:
      let executor = try decodeExecutor()
      _ = try choice([Keyword.ep], what: "size")
      return .scale(executor, expertParallel: try integer("a number of expert ranks", in: 1...Self.largest))
    case .drain: return .drain(try place(of: PlaceKind.drained, for: "drain"))
    case .undrain: return .undrain(try place(of: PlaceKind.drained, for: "undrain"))
    case .restart: return .restart(try place(of: PlaceKind.restarted, for: "restart"))
    case .balance:
      let choice = try choice(GroupChoice.allCases, what: "choice of DP groups")
      return .balance(choice, of: try decodeExecutorIfAny())
    case .batch:
      let limit = try integer("a number of requests", in: 1...Self.largest)
      return .batch(limit, of: try decodeExecutorIfAny())
    case .mtp:
      let layers = try integer("a number of draft layers", in: 0...2)
      return .mtp(layers, of: try decodeExecutorIfAny())
    case .jitter:
      let measure = try choice(JitterMeasure.allCases, what: "jitter measure")
      return .jitter(measure, on: try choice([Keyword.on, .off], what: "switch") == .on)
    case .recovery:
      return .recovery(RecoveryStage(rawValue: try integer("a recovery stage", in: 1...3)) ?? .restartAll)
    case .admit:
      guard !take(if: "off") else { return .admit(nil) }
      let word = try take("\(RateAmount.accepted), or off")
      guard let rate = RateAmount(word.text), rate.perSecond > 0 else {
        throw word.problem("\(word.quoted) is neither off nor \(RateAmount.accepted), above 0")
      }
      return .admit(rate)
    case .isolate:
      guard try choice([Keyword.long, .off], what: "part of isolate") == .long else { return .isolate(nil) }
      let word = try take(TokenAmount.accepted)
      guard let length = TokenAmount(word.text), length.tokens > 0 else {
        throw word.problem("\(word.quoted) is not \(TokenAmount.accepted), above 0")
      }
      return .isolate(length)
    case .undo: return .undo(next == nil ? nil : try integer("a number of an audit entry", in: 1...Int.max))
    case .traffic: return try traffic()
    case .inject: return .inject(try injection())
    case .clear:
      let fault = try choice(Fault.allCases, what: "fault")
      return .clear(fault, at: take(if: "at") ? try place(of: fault) : nil)
    }
  }

  private enum BalancingWord: String, CaseIterable { case on, off, every }
  private enum Keyword: String, CaseIterable {
    case from, to, layers, budget, policy, ep, on, off, long, at, by, `for`
  }

  /// Takes the next of some parts that may come in any order, each once; nil at the end.
  private mutating func part(_ left: inout [Keyword], of name: ActionName) throws(ActionProblem) -> Keyword? {
    guard let word = next else { return nil }
    guard let keyword = left.first(where: { $0.rawValue == word.lowered }) else {
      if Keyword(rawValue: word.lowered) != nil {
        throw word.problem("\(word.quoted) is no part here, or stands here already: each part once at most")
      }
      guard !left.isEmpty else { return nil }
      throw Self.unknown(word, "part of \(name.rawValue)", left.map(\.rawValue))
    }
    _ = try take("")
    left.removeAll { $0 == keyword }
    return keyword
  }

  private mutating func serverShift() throws(ActionProblem) -> ServerShift {
    let accepted = "servers as prefill:decode, such as 16:30, or as more for one side, such as +2d or +1p"
    let word = try take(accepted)
    var shift = ServerShift(.more(1, prefill: false))
    let text = word.lowered
    let halves = text.split(separator: ":", omittingEmptySubsequences: false)
    if halves.count == 2, let prefill = Self.integer(halves[0]), let decode = Self.integer(halves[1]),
      prefill <= Self.largest, decode <= Self.largest
    {
      shift.aim = .ratio(prefill: prefill, decode: decode)
    } else if text.hasPrefix("+"), let side = text.last, side == "p" || side == "d",
      let servers = Self.integer(text.dropFirst().dropLast()), (1...Self.largest).contains(servers)
    {
      shift.aim = .more(servers, prefill: side == "p")
    } else {
      throw word.problem("\(word.quoted) is not \(accepted)")
    }
    var left = [Keyword.from, .to]
    while let part = try part(&left, of: .pd) {
      let word = next
      let end = try end()
      if part == .from { shift.from = end } else { shift.to = end }
      guard case .more(_, let prefill) = shift.aim, case .executor(let executor) = end, let word else { continue }
      guard executor.prefills == (prefill == (part == .to)) else {
        let side = executor.prefills ? "decode" : "prefill"
        throw word.problem(
          "\(word.quoted) is on the wrong side: `\(part.rawValue)` here takes a \(side) TE or spare")
      }
    }
    if let from = shift.from, from == shift.to {
      throw word.problem("giver and taker are both \(from); accepted: two that differ")
    }
    return shift
  }

  private mutating func end() throws(ActionProblem) -> ServerShift.End {
    let accepted = "a TE such as P7 or D1, or spare"
    let word = try take(accepted)
    switch try unfleeted(word) {
    case .executor(let executor): return .executor(executor)
    case .spare: return .spare
    default: throw word.problem("\(word.quoted) is not \(accepted)")
    }
  }

  private mutating func reshard() throws(ActionProblem) -> Reshard {
    var reshard = Reshard()
    var left = [Keyword.layers, .budget, .policy]
    if let word = next, Self.looksLikeExecutor(word) { reshard.executor = try decodeExecutor() }
    while let part = try part(&left, of: .reshard) {
      switch part {
      case .layers: reshard.layers = try layers()
      case .budget: reshard.budget = try integer("a number of expert slots", in: 0...Self.largest)
      default: reshard.policy = try choice(Reshard.Policy.allCases, what: "policy")
      }
    }
    return reshard
  }

  private mutating func layers() throws(ActionProblem) -> ClosedRange<Int> {
    let accepted = "layers, such as 3-60"
    let word = try take(accepted)
    let ends = word.text.split(separator: "-", omittingEmptySubsequences: false).map { Self.integer($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last <= Self.largest else {
      throw word.problem("\(word.quoted) is not \(accepted)")
    }
    return first...last
  }

  private mutating func traffic() throws(ActionProblem) -> Action {
    let accepted = "a factor from x0 to x1000, such as x2 or x0.5"
    let word = try take(accepted)
    guard word.lowered.hasPrefix("x"), let factor = DecimalNumber.double(String(word.lowered.dropFirst())),
      (0...1000).contains(factor)
    else { throw word.problem("\(word.quoted) is not \(accepted)") }
    var left = [Keyword.for]
    return .traffic(factor: factor, lasting: try part(&left, of: .traffic) == nil ? nil : try duration())
  }

  private mutating func injection() throws(ActionProblem) -> Injection {
    var injection = Injection(try choice(Fault.allCases, what: "fault"))
    let fault = injection.fault
    let facts = fault.facts
    var left = [Keyword.at, .by, .for]
    while let part = try part(&left, of: .inject) {
      switch part {
      case .at: injection.place = try place(of: fault)
      case .by: injection.strength = try strength(of: fault)
      default: injection.lasting = try duration()
      }
    }
    guard injection.place != nil || facts.places.isEmpty else {
      throw missing("`\(fault)` needs `at` and where: \(facts.accepted)")
    }
    return injection
  }

  private mutating func strength(of fault: Fault) throws(ActionProblem) -> Double {
    guard let strength = fault.facts.strength else {
      throw missing("`\(fault)` takes no `by`: it has no strength")
    }
    let range = strength.range
    let accepted =
      "a factor of \(strength.what) from \(DecimalNumber.text(range.lowerBound)) to "
      + DecimalNumber.text(range.upperBound)
    let word = try take(accepted)
    guard let value = DecimalNumber.double(word.text), range.contains(value) else {
      throw word.problem("\(word.quoted) is not \(accepted)")
    }
    return value
  }

  private mutating func place(of fault: Fault) throws(ActionProblem) -> Place {
    let facts = fault.facts
    guard !facts.places.isEmpty else {
      throw missing("`\(fault)` takes no place: it strikes the workload")
    }
    return try place(of: facts.places, for: fault.rawValue)
  }

  /// Takes a place of some kinds.
  private mutating func place(of kinds: [PlaceKind], for what: String) throws(ActionProblem) -> Place {
    let accepted = kinds.map { "\($0.rawValue) (such as \($0.example))" }.asAlternatives
    let word = try take(accepted)
    let place = try place(word)
    guard kinds.contains(place.kind) else {
      throw word.problem("\(word.quoted) is a place of the kind \(place.kind.rawValue); \(what) takes: \(accepted)")
    }
    return place
  }

  private func place(_ word: Word) throws(ActionProblem) -> Place {
    do throws(PlaceProblem) {
      return try Place(word.text)
    } catch {
      throw word.problem(error.message)
    }
  }

  /// A place of this pod: servers and TEs of two pods are never in one action.
  private func unfleeted(_ word: Word) throws(ActionProblem) -> Place.Part {
    let place = try place(word)
    guard place.pod == nil else { throw word.problem("\(word.quoted) names a pod; a TE stands without one here") }
    return place.part
  }

  private static func looksLikeExecutor(_ word: Word) -> Bool {
    guard let first = word.lowered.first, "pd".contains(first) else { return false }
    return word.text.dropFirst().utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
  }

  private mutating func decodeExecutorIfAny() throws(ActionProblem) -> Place.Executor? {
    next == nil ? nil : try decodeExecutor()
  }

  private mutating func decodeExecutor() throws(ActionProblem) -> Place.Executor {
    let accepted = "a decode TE, such as D0"
    let word = try take(accepted)
    guard case .executor(let executor) = try unfleeted(word), !executor.prefills else {
      throw word.problem("\(word.quoted) is not \(accepted)")
    }
    return executor
  }
}

extension PlaceKind {
  /// What can be taken out of service: dies, NPUs, nodes, links, sub-planes, switches.
  public static let drained: [PlaceKind] = [.die, .npu, .node, .dieLink, .uplink, .roce, .vpc, .subPlane, .l1, .l2]
  /// What can be started anew: a die, an executor by its DP group or expert rank, a TE.
  public static let restarted: [PlaceKind] = [.die, .group, .expertRank, .prefillExecutor, .decodeExecutor]
}
