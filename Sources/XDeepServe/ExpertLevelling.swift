/// A layer whose hottest dies are cooled by small changes of what redundant slots hold.
///
/// What is lowered is the sum over dies of the squared load above a limit: a change may warm dies that have room.
struct ExpertLevelling {
  /// Times the mean below which a layer counts as level (assumption: of the published goals, 1.1 at EP32 to 1.3 in a
  /// split engine, what slots with a home beside them still reach).
  static let levelled: Float = 1.15
  /// Hottest dies that a step tries before it gives up (assumption: bounds the work of a layer that cannot be level).
  private static let tried = 4

  private(set) var slots: [Int16]
  private(set) var replicas: [UInt16]
  /// Load of one instance of each expert.
  private(set) var instance: [Float]
  private var load: [Float]
  private let limit: Float
  private let experts: Int
  private let dies: Int
  private let slotsPerDie: Int
  /// The first slot of each die that is no home, and whether its redundant slots stay empty.
  private let firstMovable: [Int]
  private let closed: [Bool]
  /// Dies that hold each expert.
  private var holders: [[Int32]]

  /// A layer as it was laid out.
  ///
  /// - Parameter limit: Load of a die below which it needs no cooling.
  init(_ layout: ExpertPlacement.LayerLayout, limit: Float) {
    self.limit = limit
    slots = layout.slots
    replicas = layout.replicas
    instance = layout.instance
    experts = layout.experts
    dies = layout.dies
    slotsPerDie = layout.slotsPerDie
    closed = layout.closed
    firstMovable = layout.homes().enumerated().map { $0.offset * layout.slotsPerDie + ($0.element ? 1 : 0) }
    load = (0..<layout.dies).map { layout.heat($0, layout.slots) }
    holders = Array(repeating: [], count: experts)
    for slot in slots.indices where slots[slot] >= 0 && Int(slots[slot]) < experts {
      holders[Int(slots[slot])].append(Int32(slot / slotsPerDie))
    }
  }

  private enum Change {
    case swap(Int, Int)
    /// A slot takes another expert.
    case put(Int16, at: Int)
  }

  /// Changes one slot or exchanges two, so that the excess falls most; false where nothing helps.
  mutating func step() -> Bool {
    var hot = (0..<dies).filter { load[$0] > limit }
    hot.sort { load[$0] != load[$1] ? load[$0] > load[$1] : $0 < $1 }
    for die in hot.prefix(Self.tried) {
      if let change = cooling(die) {
        apply(change)
        return true
      }
    }
    return false
  }

  /// Changes slots to what a target has in them, those first that lower the excess most, until nothing helps.
  ///
  /// - Parameter budget: The most slots that take in another expert.
  mutating func approach(_ target: [Int16], budget: Int) {
    for _ in 0..<budget {
      var best = -1
      var least: Float = 0
      for slot in slots.indices where target[slot] >= 0 && target[slot] != slots[slot] {
        guard let gain = gain(ofPutting: target[slot], at: slot), gain < least else { continue }
        (least, best) = (gain, slot)
      }
      guard best >= 0 else { return }
      apply(.put(target[best], at: best))
    }
  }

  /// Load of each instance of an expert if it had so many.
  private func weight(_ expert: Int, _ count: Int) -> Float {
    instance[expert] * Float(replicas[expert]) / Float(count)
  }

  /// How much the excess rises where a die's load does.
  private func cost(_ die: Int, plus change: Float) -> Float {
    let before = max(0, load[die] - limit)
    let after = max(0, load[die] + change - limit)
    return after * after - before * before
  }

  private func cost(of holders: [Int32], but left: Int, plus change: Float) -> Float {
    var sum: Float = 0
    for die in holders where Int(die) != left { sum += cost(Int(die), plus: change) }
    return sum
  }

  private func holds(_ die: Int, _ expert: Int16) -> Bool {
    for slot in (die * slotsPerDie)..<((die + 1) * slotsPerDie) where slots[slot] == expert { return true }
    return false
  }

  /// What the excess rises by if a slot takes another expert; nil where it cannot.
  private func gain(ofPutting expert: Int16, at slot: Int) -> Float? {
    let die = slot / slotsPerDie
    guard Int(expert) < experts, !holds(die, expert) else { return nil }
    let into = Int(expert)
    let comes = weight(into, Int(replicas[into]) + 1)
    var gain = cost(of: holders[into], but: die, plus: comes - instance[into])
    var change = comes
    if slots[slot] >= 0 {
      let out = Int(slots[slot])
      guard out < experts, replicas[out] > 1 else { return nil }
      let rise = weight(out, Int(replicas[out]) - 1) - instance[out]
      // Who holds both keeps one of them: close enough to choose by.
      gain += cost(of: holders[out], but: die, plus: rise)
      change -= instance[out]
    }
    return gain + cost(die, plus: change)
  }

  /// The change that helps a hot die most.
  private func cooling(_ hottest: Int) -> Change? {
    var best: Change?
    // Less than a thousandth of its excess is not worth a change.
    var least = cost(hottest, plus: -load[hottest]) * 1e-3
    for from in firstMovable[hottest]..<((hottest + 1) * slotsPerDie) where slots[from] >= 0 {
      exchange(from, &least, &best)
      makeRoom(at: from, &least, &best)
    }
    for slot in (hottest * slotsPerDie)..<((hottest + 1) * slotsPerDie)
    where slots[slot] >= 0 && Int(slots[slot]) < experts {
      replicate(slots[slot], of: hottest, &least, &best)
    }
    return best
  }

  /// What a hot die's slot holds changes places with something lighter.
  private func exchange(_ from: Int, _ least: inout Float, _ best: inout Change?) {
    let (hottest, out) = (from / slotsPerDie, slots[from])
    for die in 0..<dies where load[die] < load[hottest] && !closed[die] {
      for to in firstMovable[die]..<((die + 1) * slotsPerDie) where slots[to] >= 0 {
        let change = instance[Int(out)] - instance[Int(slots[to])]
        guard change > 0 else { continue }
        let gain = cost(hottest, plus: -change) + cost(die, plus: change)
        guard gain < least, !holds(die, out), !holds(hottest, slots[to]) else { continue }
        (least, best) = (gain, .swap(from, to))
      }
    }
  }

  /// A hot die's slot takes another expert.
  private func makeRoom(at from: Int, _ least: inout Float, _ best: inout Change?) {
    let (hottest, out) = (from / slotsPerDie, Int(slots[from]))
    guard replicas[out] > 1 else { return }
    let rise = weight(out, Int(replicas[out]) - 1) - instance[out]
    let lost = cost(of: holders[out], but: hottest, plus: rise)
    for into in 0..<experts where into != out {
      let comes = weight(into, Int(replicas[into]) + 1)
      let gain =
        lost + cost(of: holders[into], but: hottest, plus: comes - instance[into])
        + cost(hottest, plus: comes - instance[out])
      guard gain < least, !holds(hottest, Int16(into)) else { continue }
      (least, best) = (gain, .put(Int16(into), at: from))
    }
  }

  /// An expert of a hot die gets another replica elsewhere.
  private func replicate(_ expert: Int16, of hottest: Int, _ least: inout Float, _ best: inout Change?) {
    let into = Int(expert)
    let fewer = weight(into, Int(replicas[into]) + 1)
    let own = cost(of: holders[into], but: -1, plus: fewer - instance[into])
    guard own < least else { return }
    for die in 0..<dies where !closed[die] && !holds(die, expert) {
      for to in firstMovable[die]..<((die + 1) * slotsPerDie) where slots[to] >= 0 {
        let out = Int(slots[to])
        guard replicas[out] > 1, !holds(hottest, slots[to]) else { continue }
        let rise = weight(out, Int(replicas[out]) - 1) - instance[out]
        let gain =
          own + cost(die, plus: fewer - instance[out]) + cost(of: holders[out], but: die, plus: rise)
        guard gain < least else { continue }
        (least, best) = (gain, .put(expert, at: to))
      }
    }
  }

  private mutating func apply(_ change: Change) {
    switch change {
    case .swap(let from, let to):
      let (out, into) = (slots[from], slots[to])
      let change = instance[Int(out)] - instance[Int(into)]
      load[from / slotsPerDie] -= change
      load[to / slotsPerDie] += change
      move(Int(out), from: from / slotsPerDie, to: to / slotsPerDie)
      move(Int(into), from: to / slotsPerDie, to: from / slotsPerDie)
      slots.swapAt(from, to)
    case .put(let expert, let slot):
      let die = slot / slotsPerDie
      if slots[slot] >= 0 {
        let out = Int(slots[slot])
        load[die] -= instance[out]
        holders[out].removeAll { $0 == Int32(die) }
        resize(out, to: Int(replicas[out]) - 1)
      }
      slots[slot] = expert
      resize(Int(expert), to: Int(replicas[Int(expert)]) + 1)
      load[die] += instance[Int(expert)]
      holders[Int(expert)].append(Int32(die))
    }
  }

  private mutating func move(_ expert: Int, from: Int, to: Int) {
    for place in holders[expert].indices where holders[expert][place] == Int32(from) {
      holders[expert][place] = Int32(to)
      return
    }
  }

  /// Another number of replicas: the load of all holders follows.
  private mutating func resize(_ expert: Int, to count: Int) {
    let new = weight(expert, count)
    for die in holders[expert] { load[Int(die)] += new - instance[expert] }
    instance[expert] = new
    replicas[expert] = UInt16(count)
  }
}

extension ExpertPlacement.LayerLayout {
  /// Cools the hottest dies further than laying out by descending load does, where they lie above what counts as level.
  ///
  /// - Complexity: O(dies × (dies × slots + experts)) steps at most, none where the layer is level.
  mutating func level() {
    let heats = (0..<dies).map { heat($0, slots) }
    let limit = heats.reduce(0, +) / Float(dies) * ExpertLevelling.levelled
    guard heats.contains(where: { $0 > limit }) else { return }
    var levelling = ExpertLevelling(self, limit: limit)
    for _ in 0..<(2 * dies) { guard levelling.step() else { break } }
    take(levelling)
  }

  /// Takes what lies in slots now a part of the way to what was laid out.
  ///
  /// - Parameter budget: The most slots that take in another expert.
  mutating func spend(_ budget: Int, from present: ArraySlice<Int16>) {
    let target = slots
    let limit = (0..<dies).reduce(0) { max($0, heat($1, slots)) }
    guard zip(target, present).count(where: { $0 >= 0 && $0 != $1 }) > budget else { return }
    var load = [Float](repeating: 0, count: experts)
    for expert in 0..<experts {
      load[expert] = instance[expert] * Float(replicas[expert])
      replicas[expert] = 0
    }
    slots = Array(present)
    for slot in slots where slot >= 0 && Int(slot) < experts { replicas[Int(slot)] += 1 }
    for expert in 0..<experts { instance[expert] = load[expert] / Float(replicas[expert]) }
    var levelling = ExpertLevelling(self, limit: limit)
    levelling.approach(target, budget: budget)
    take(levelling)
  }

  private mutating func take(_ levelling: ExpertLevelling) {
    slots = levelling.slots
    replicas = levelling.replicas
    instance = levelling.instance
  }
}
