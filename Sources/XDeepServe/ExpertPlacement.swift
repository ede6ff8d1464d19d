import HeapModule

/// Which experts each die of a decode engine holds, layer by layer, and what share of the rows that brings it.
///
/// Every die but those with a copy of the shared expert has a first slot for a routed expert; redundant slots hold the
/// routed experts left over, then replicas. Where there are more dies than experts, the first redundant slots are the
/// first slots of those that no expert calls home. Replicas share their expert's rows evenly (they alternate by token
/// position, [XDS] 4.5).
struct ExpertPlacement: Hashable, Sendable {
  let layers: Int
  let experts: Int
  let dies: Int
  let sharedCopies: Int
  let redundant: Int
  /// Expert in each slot, layers × dies × slots, -1 empty, `experts` the shared one.
  private(set) var slots: [Int16]
  /// Slots a die.
  let slotsPerDie: Int
  /// Live replicas by layer and expert.
  private(set) var replicas: [UInt16]
  /// Who chooses and places replicas.
  private(set) var policy: Policy

  /// How experts are laid out.
  enum Policy: UInt8, Sendable {
    /// In their order, once each.
    case order
    /// Replicas for the hottest, placed by descending load ([XDS] 4.5).
    case greedy
    /// The open algorithm's global policy (`OpenExpertBalancer`) over the same slots.
    case open

    init(_ balancer: Scenario.Balancer) {
      switch balancer {
      case .none: self = .order
      case .eplb: self = .open
      case .podium, .static: self = .greedy
      }
    }
  }

  /// How much of a placement may change, and by whom.
  struct Wish: Hashable, Sendable {
    /// Layers, from zero; nil for all.
    var layers: Range<Int>?
    /// The most slots of each layer that take in another expert; nil for as many as there are.
    var budget: Int?
    /// Who balances this time; nil for who always does.
    var policy: Policy?
  }

  /// Chooses and places replicas on observed loads: greedy on the hottest, then by descending load on the least loaded
  /// die with a free redundant slot ([XDS] 4.5); where that leaves a layer uneven, small changes follow.
  ///
  /// - Parameter observed: Share of rows by layer and expert.
  /// - Parameter policy: Who balances.
  /// - Complexity: O(layers × redundant × (log experts + dies)), and see `ExpertLevelling`.
  init(
    layers: Int, experts: Int, dies: Int, sharedCopies: Int, redundant: Int, observed: [Float],
    sharedShare: Float, policy: Policy
  ) {
    self.policy = policy
    self.layers = layers
    self.experts = experts
    self.dies = dies
    self.sharedCopies = sharedCopies
    self.redundant = redundant
    slotsPerDie = 1 + (redundant + dies - 1) / dies
    slots = Array(repeating: -1, count: layers * dies * slotsPerDie)
    replicas = Array(repeating: 0, count: layers * experts)
    lay(observed: observed, sharedShare: sharedShare, policy: policy)
  }

  /// Lays layers out.
  ///
  /// - Parameter wish: What may change of what the slots hold; nil where they hold nothing yet.
  private mutating func lay(observed: [Float], sharedShare: Float, policy: Policy, wish: Wish? = nil) {
    var layout = LayerLayout(placement: self)
    for layer in wish?.layers ?? 0..<layers {
      let base = layer * dies * slotsPerDie
      layout.place(
        observed: observed[(layer * experts)..<((layer + 1) * experts)], sharedShare: sharedShare, policy: policy)
      if let wish {
        let present = slots[base..<(base + dies * slotsPerDie)]
        layout.keep(present)
        if let budget = wish.budget { layout.spend(budget, from: present) }
      }
      for index in layout.slots.indices { slots[base + index] = layout.slots[index] }
      for expert in 0..<experts { replicas[layer * experts + expert] = layout.replicas[expert] }
    }
  }

  /// The placement that the same engine would get on other loads: as much as possible of what its slots hold stays, to
  /// have little to fetch.
  func rebalanced(observed: [Float], topK: Int, wish: Wish = Wish()) -> ExpertPlacement {
    var result = self
    result.policy = policy == .open ? .open : .greedy
    result.lay(
      observed: observed, sharedShare: 1 / Float(topK), policy: wish.policy ?? result.policy, wish: wish)
    return result
  }

  /// Empties a slot, unless it holds its expert's last instance.
  mutating func empty(_ index: Int, layer: Int) {
    let replica = layer * experts + Int(slots[index])
    guard replicas[replica] > 1 else { return }
    replicas[replica] -= 1
    slots[index] = -1
  }

  /// Rows that a die serves in a layer, as a share of the engine's rows times copies; `shares` is the popularity now.
  ///
  /// - Parameter topK: Routed copies of a row; the shared expert adds one.
  /// - Complexity: O(layers × dies × slots).
  func rowsPerRow(shares: [Float], topK: Int, into result: inout [Float]) {
    precondition(shares.count >= layers * experts && result.count >= layers * dies)
    // What a slot brings, by what lies in it: nothing first, the routed experts, the shared one.
    var table = [Float](repeating: 0, count: experts + 2)
    var brings = table.mutableSpan
    brings[experts + 1] = sharedCopies > 0 ? 1 / Float(sharedCopies) : 0
    var rowsOfDies = result.mutableSpan
    let (slots, replicas, shares) = (slots.span, replicas.span, shares.span)
    let scale = Float(topK)
    for layer in 0..<layers {
      let first = layer * experts
      for expert in 0..<experts {
        let copies = replicas[first + expert]
        brings[expert + 1] = copies > 0 ? shares[first + expert] * scale / Float(copies) : 0
      }
      for die in (layer * dies)..<((layer + 1) * dies) {
        var rows: Float = 0
        for slot in (die * slotsPerDie)..<((die + 1) * slotsPerDie) { rows += brings[Int(slots[slot]) + 1] }
        rowsOfDies[die] = rows
      }
    }
  }

  /// Occupied slots of each layer and die.
  func occupied(into result: inout [Float]) {
    precondition(result.count >= layers * dies)
    var counts = result.mutableSpan
    let slots = slots.span
    for index in 0..<(layers * dies) {
      var count: Int32 = 0
      for slot in (index * slotsPerDie)..<((index + 1) * slotsPerDie) { count &+= slots[slot] >= 0 ? 1 : 0 }
      counts[index] = Float(count)
    }
  }

  func encode(into digest: inout StateDigest) {
    for slot in slots { digest.add(UInt64(bitPattern: Int64(slot))) }
  }
}

/// A load with whose it is; equal loads go by index, so that every machine orders them alike.
private struct Ranked: Comparable {
  var value: Float
  var index: Int32

  static func < (left: Ranked, right: Ranked) -> Bool {
    left.value != right.value ? left.value < right.value : left.index < right.index
  }
}

extension ExpertPlacement {
  /// One layer being laid out; its storage serves all layers.
  struct LayerLayout {
    let experts: Int
    let dies: Int
    let slotsPerDie: Int
    let sharedCopies: Int
    let redundant: Int
    var slots: [Int16]
    var replicas: [UInt16]
    private(set) var load: [Float]
    private(set) var free: [Int]
    /// Load of one instance of each expert, and whether a die's redundant slots stay empty.
    var instance: [Float]
    var closed: [Bool]
    var isOpen = false

    init(placement: ExpertPlacement) {
      experts = placement.experts
      dies = placement.dies
      slotsPerDie = placement.slotsPerDie
      sharedCopies = placement.sharedCopies
      redundant = placement.redundant
      slots = Array(repeating: -1, count: dies * slotsPerDie)
      replicas = Array(repeating: 0, count: experts)
      load = Array(repeating: 0, count: dies)
      free = Array(repeating: 0, count: dies)
      instance = Array(repeating: 0, count: experts + 1)
      closed = Array(repeating: false, count: dies)
    }

    mutating func place(observed: ArraySlice<Float>, sharedShare: Float, policy: Policy) {
      let replicate = policy != .order
      isOpen = policy == .open
      for index in slots.indices { slots[index] = -1 }
      let base = observed.startIndex
      let homed = min(experts, dies - sharedCopies)
      openSlots(sharedShare: sharedShare)
      for die in 0..<dies { closed[die] = free[die] == 0 }
      instance[experts] = sharedCopies > 0 ? sharedShare / Float(sharedCopies) : 0
      if isOpen {
        placeOpen(observed: observed, homed: homed)
        recount()
        for expert in 0..<experts { instance[expert] = observed[base + expert] / Float(replicas[expert]) }
        return
      }
      let budget = replicate ? free.reduce(0, +) - (experts - homed) : 0
      chooseReplicas(observed: observed, budget: max(0, budget))
      // One instance of each expert has a first slot, as far as they reach.
      var expert = 0
      for die in 0..<dies where slots[die * slotsPerDie] < 0 && expert < homed {
        slots[die * slotsPerDie] = Int16(expert)
        load[die] += observed[base + expert] / Float(replicas[expert])
        expert += 1
      }
      // The rest goes by descending load to the least loaded die with a free redundant slot.
      var items: [Ranked] = []
      items.reserveCapacity(dies * slotsPerDie)
      for expert in 0..<experts {
        let placed = expert < homed ? 1 : 0
        for _ in placed..<max(placed, Int(replicas[expert])) {
          items.append(Ranked(value: -observed[base + expert] / Float(replicas[expert]), index: Int32(expert)))
        }
      }
      if replicate {
        items.sort()
        for place in items.indices { items[place].value = -items[place].value }
        fillRedundantSlots(items)
      } else {
        deal(items)
      }
      recount()
      for expert in 0..<experts { instance[expert] = observed[base + expert] / Float(replicas[expert]) }
      if budget > 0 { level() }
    }

    /// The open algorithm's answer for the slots that are there; it may put two instances on one die.
    private mutating func placeOpen(observed: ArraySlice<Float>, homed: Int) {
      var rooms = free
      var homes = 0
      for die in 0..<dies where slots[die * slotsPerDie] < 0 && homes < homed {
        rooms[die] += 1
        homes += 1
      }
      let members = OpenExpertBalancer.experts(weights: observed.map(Double.init), rooms: rooms)
      for die in 0..<dies {
        var slot = die * slotsPerDie
        for expert in members[die] {
          while slots[slot] >= 0 { slot += 1 }
          slots[slot] = Int16(expert)
        }
      }
    }

    /// Spreads copies of the shared expert over the engine and opens the redundant slots.
    ///
    /// A die whose shared copy alone weighs nearly as much as the mean die keeps its redundant slot empty: a replica
    /// there would make it the slowest (design facts: filling every slot can be worse than leaving some empty).
    private mutating func openSlots(sharedShare: Float) {
      let mean = (1 + sharedShare) / Float(dies)
      spreadRedundantSlots()
      for die in 0..<dies { load[die] = 0 }
      for copy in 0..<sharedCopies {
        let die = copy * dies / sharedCopies
        slots[die * slotsPerDie] = Int16(experts)
        load[die] = sharedShare / Float(sharedCopies)
        if load[die] > 0.8 * mean { free[die] = 0 }
      }
      let homed = min(experts, dies - sharedCopies)
      // Experts without a first slot come first: if too few slots stayed open, the closed ones open again.
      if free.reduce(0, +) < experts - homed {
        spreadRedundantSlots()
      }
      for die in 0..<dies where free[die] == 0 { load[die] = .infinity }
    }

    /// Redundant slots go first to dies that no expert calls home, then evenly over all.
    private mutating func spreadRedundantSlots() {
      let homeless = max(0, dies - sharedCopies - experts)
      let first = min(homeless, redundant)
      let rest = redundant - first
      for die in 0..<dies { free[die] = (die + 1) * rest / dies - die * rest / dies }
      // Homes are given in order of the dies, so that the last ones without a shared copy have none.
      var left = first
      for die in stride(from: dies - 1, through: 0, by: -1) where left > 0 && !holdsShared(die) {
        free[die] += 1
        left -= 1
      }
    }

    /// Whether a die is one of those that copies of the shared expert are spread over.
    func holdsShared(_ die: Int) -> Bool {
      guard sharedCopies > 0 else { return false }
      let copy = (die * sharedCopies + dies - 1) / dies
      return copy < sharedCopies && copy * dies / sharedCopies == die
    }

    /// Replicas stand where they lower the hottest instance most, until the budget is spent.
    private mutating func chooseReplicas(observed: ArraySlice<Float>, budget: Int) {
      let base = observed.startIndex
      for expert in 0..<experts { replicas[expert] = 1 }
      var heap = Heap<Ranked>()
      for expert in 0..<experts { heap.insert(Ranked(value: observed[base + expert], index: Int32(-expert))) }
      for _ in 0..<budget {
        guard let hottest = heap.max else { return }
        let expert = Int(-hottest.index)
        replicas[expert] += 1
        // An expert needs no more instances than there are dies.
        let heat = Int(replicas[expert]) < dies ? observed[base + expert] / Float(replicas[expert]) : 0
        heap.replaceMax(with: Ranked(value: heat, index: hottest.index))
      }
    }

    /// Puts items, heaviest first, each on the least loaded die that has a free redundant slot and not the same expert.
    private mutating func fillRedundantSlots(_ items: [Ranked]) {
      var heap = Heap<Ranked>()
      for die in 0..<dies where load[die] < .infinity { heap.insert(Ranked(value: load[die], index: Int32(die))) }
      var skipped: [Ranked] = []
      for item in items {
        let expert = Int16(item.index)
        skipped.removeAll(keepingCapacity: true)
        while let least = heap.popMin() {
          let die = Int(least.index)
          let slots = (die * slotsPerDie)..<((die + 1) * slotsPerDie)
          var holds = false
          var place = -1
          for slot in slots {
            if self.slots[slot] == expert { holds = true }
            if place < 0 && self.slots[slot] < 0 { place = slot }
          }
          if holds || place < 0 {
            skipped.append(least)
            continue
          }
          self.slots[place] = expert
          free[die] -= 1
          if free[die] > 0 { heap.insert(Ranked(value: least.value + item.value, index: least.index)) }
          break
        }
        for die in skipped { heap.insert(die) }
      }
    }

    /// Who balances nothing deals experts out in their order, whatever their load.
    private mutating func deal(_ items: [Ranked]) {
      var next = 0
      for item in items {
        guard let die = nextFree(&next) else { continue }
        guard let slot = (0..<slotsPerDie).first(where: { slots[die * slotsPerDie + $0] < 0 }) else { continue }
        slots[die * slotsPerDie + slot] = Int16(item.index)
        free[die] -= 1
      }
    }

    /// The next die in their order that has a free slot.
    private func nextFree(_ next: inout Int) -> Int? {
      for _ in 0..<dies {
        let die = next
        next = (next + 1) % dies
        if free[die] > 0 { return die }
      }
      return nil
    }

    /// What was really placed counts, so that rows are never sent to a replica that found no slot.
    private mutating func recount() {
      for expert in 0..<experts { replicas[expert] = 0 }
      for slot in slots where slot >= 0 && Int(slot) < experts { replicas[Int(slot)] += 1 }
    }
  }
}
