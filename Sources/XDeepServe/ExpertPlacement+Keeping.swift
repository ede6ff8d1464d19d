extension ExpertPlacement.LayerLayout {
  /// Takes over as much of what the slots hold now as leaves the layer's hottest die no hotter: what stays need not be
  /// fetched.
  ///
  /// - Complexity: O(dies × slots) for what stays, O(dies × slots²) for each exchange.
  mutating func keep(_ present: ArraySlice<Int16>) {
    let present = Array(present)
    if isOpen {
      renumberDies(present)
    } else {
      keepReplicas(present)
    }
    align(present)
  }

  /// Whether a die's first slot is no redundant one: it holds the shared expert, or an expert's home.
  func homes() -> [Bool] {
    var left = min(experts, dies - sharedCopies)
    return (0..<dies).map { die in
      if holdsShared(die) { return true }
      left -= 1
      return left >= 0
    }
  }

  /// Load of a die.
  func heat(_ die: Int, _ slots: [Int16]) -> Float {
    var sum: Float = 0
    for slot in (die * slotsPerDie)..<((die + 1) * slotsPerDie) where slots[slot] >= 0 {
      sum += instance[Int(slots[slot])]
    }
    return sum
  }

  /// The same replicas, laid out around those that are there already.
  ///
  /// These stay, the rest goes by descending load to the least loaded die, then the hottest die exchanges replicas until
  /// it is no hotter than it was to be. Where that fails the new layout stands as it is.
  private mutating func keepReplicas(_ present: [Int16]) {
    let homes = homes()
    var kept = Kept(slots: slots, slotsPerDie: slotsPerDie)
    var wanted = [Int](repeating: 0, count: experts)
    var limit: Float = 0
    for die in 0..<dies {
      limit = max(limit, heat(die, slots))
      kept.room[die] = closed[die] ? 0 : free[die]
      for slot in ((die * slotsPerDie) + (homes[die] ? 1 : 0))..<((die + 1) * slotsPerDie) where slots[slot] >= 0 {
        kept.room[die] += 1
        wanted[Int(slots[slot])] += 1
        kept.slots[slot] = -1
      }
      kept.load[die] = heat(die, kept.slots)
    }
    for die in 0..<dies where kept.room[die] > 0 {
      for slot in ((die * slotsPerDie) + (homes[die] ? 1 : 0))..<((die + 1) * slotsPerDie) where kept.room[die] > 0 {
        let expert = Int(present[slot])
        guard expert >= 0, expert < experts, wanted[expert] > 0, kept.slots[slot] < 0, !kept.holds(die, present[slot])
        else { continue }
        wanted[expert] -= 1
        kept.put(present[slot], at: slot, weight: instance[expert])
      }
    }
    var rest: [Int16] = []
    for expert in 0..<experts { for _ in 0..<wanted[expert] { rest.append(Int16(expert)) } }
    rest.sort { instance[Int($0)] != instance[Int($1)] ? instance[Int($0)] > instance[Int($1)] : $0 < $1 }
    for expert in rest {
      guard let slot = kept.coolestSlot(for: expert, homes: homes) else { return }
      kept.put(expert, at: slot, weight: instance[Int(expert)])
    }
    // A rounding apart is not hotter.
    guard cool(&kept, to: limit * 1.0001, homes: homes, present: present) else { return }
    slots = kept.slots
  }

  /// Exchanges replicas of the hottest die until it lies below a limit; false where that cannot be done.
  private func cool(_ kept: inout Kept, to limit: Float, homes: [Bool], present: [Int16]) -> Bool {
    for _ in 0..<(2 * dies) {
      var hottest = 0
      for die in 0..<dies where kept.load[die] > kept.load[hottest] { hottest = die }
      guard kept.load[hottest] > limit else { return true }
      guard let (from, to) = exchange(kept, hottest, limit: limit, homes: homes, present: present) else {
        return false
      }
      kept.swap(from, to, instance: instance)
    }
    return false
  }

  /// An exchange that leaves two dies below the limit and brings few bytes; else the one that cools most.
  private func exchange(
    _ kept: Kept, _ hottest: Int, limit: Float, homes: [Bool], present: [Int16]
  ) -> (from: Int, to: Int)? {
    coolingExchange(kept, hottest, limit: limit, homes: homes, present: present)
      ?? easingExchange(kept, hottest, homes: homes)
  }

  /// Slots of a die whose expert may move.
  private func movable(_ die: Int, _ homes: [Bool]) -> Range<Int> {
    ((die * slotsPerDie) + (homes[die] ? 1 : 0))..<((die + 1) * slotsPerDie)
  }

  /// Whether an expert of the hottest die and what a slot holds can change places.
  private func fits(_ kept: Kept, _ out: Int16, _ into: Int16, die: Int, hottest: Int) -> Bool {
    !kept.holds(die, out) && (into < 0 ? kept.room[die] > 0 : !kept.holds(hottest, into))
  }

  /// An exchange that leaves both dies below the limit: the one that brings the fewest bytes, then the coolest.
  private func coolingExchange(
    _ kept: Kept, _ hottest: Int, limit: Float, homes: [Bool], present: [Int16]
  ) -> (from: Int, to: Int)? {
    var best: (from: Int, to: Int)?
    var least = (fetched: Int.max, heat: Float.infinity)
    let need = kept.load[hottest] - limit
    for from in movable(hottest, homes) {
      let out = kept.slots[from]
      guard out >= 0, instance[Int(out)] >= need else { continue }
      let weight = instance[Int(out)]
      for die in 0..<dies {
        // Cheap questions first: this is asked of every die for every exchange.
        let room = limit - kept.load[die]
        guard room >= need, die != hottest, !closed[die] else { continue }
        for to in movable(die, homes) {
          let into = kept.slots[to]
          let change = weight - (into < 0 ? 0 : instance[Int(into)])
          guard change >= need, change <= room, fits(kept, out, into, die: die, hottest: hottest) else { continue }
          let heat = max(kept.load[hottest] - change, kept.load[die] + change)
          let fetched =
            (present[from] == out ? 1 : 0) + (present[to] == into ? 1 : 0) - (present[to] == out ? 1 : 0)
          if (fetched, heat) < least {
            least = (fetched, heat)
            best = (from, to)
            // One more to fetch is as good as it gets but for luck: a rebalance must cost the host little.
            if fetched <= 1 { return best }
          }
        }
      }
    }
    return best
  }

  /// The exchange after which the hotter of the two dies is coolest.
  private func easingExchange(_ kept: Kept, _ hottest: Int, homes: [Bool]) -> (from: Int, to: Int)? {
    var best: (from: Int, to: Int)?
    var least = kept.load[hottest]
    for from in movable(hottest, homes) {
      let out = kept.slots[from]
      guard out >= 0 else { continue }
      for die in 0..<dies where kept.load[die] < least && die != hottest && !closed[die] {
        for to in movable(die, homes) {
          let into = kept.slots[to]
          let change = instance[Int(out)] - (into < 0 ? 0 : instance[Int(into)])
          let heat = max(kept.load[hottest] - change, kept.load[die] + change)
          guard change > 0, heat < least, fits(kept, out, into, die: die, hottest: hottest) else { continue }
          least = heat
          best = (from, to)
        }
      }
    }
    return best
  }

  /// Dies of the open algorithm are interchangeable: each set of experts goes where most of it lies already.
  private mutating func renumberDies(_ present: [Int16]) {
    var whereHeld = [[Int]](repeating: [], count: experts)
    for slot in present.indices where present[slot] >= 0 && Int(present[slot]) < experts {
      whereHeld[Int(present[slot])].append(slot / slotsPerDie)
    }
    let open = (0..<dies).filter { !holdsShared($0) }
    let sets = (0..<dies).map { die in
      (0..<slotsPerDie).map { slots[die * slotsPerDie + $0] }.filter { $0 >= 0 && Int($0) < experts }
    }
    var target = [Int](repeating: -1, count: dies)
    var taken = [Bool](repeating: false, count: dies)
    for common in stride(from: slotsPerDie, through: 1, by: -1) {
      for die in open where target[die] < 0 {
        for expert in sets[die] where target[die] < 0 {
          for candidate in whereHeld[Int(expert)] {
            guard !taken[candidate], !holdsShared(candidate), sets[candidate].count == sets[die].count else { continue }
            let held = present[(candidate * slotsPerDie)..<((candidate + 1) * slotsPerDie)]
            guard sets[die].count(where: { held.contains($0) }) >= common else { continue }
            target[die] = candidate
            taken[candidate] = true
            break
          }
        }
      }
    }
    for die in open where target[die] < 0 {
      guard let candidate = open.first(where: { !taken[$0] && sets[$0].count == sets[die].count }) else { return }
      target[die] = candidate
      taken[candidate] = true
    }
    for die in open {
      for slot in 0..<slotsPerDie {
        slots[target[die] * slotsPerDie + slot] = slot < sets[die].count ? sets[die][slot] : -1
      }
    }
  }

  /// Experts that a die keeps stay in their slots.
  private mutating func align(_ present: [Int16]) {
    for die in 0..<dies {
      for slot in (die * slotsPerDie)..<((die + 1) * slotsPerDie) {
        guard present[slot] >= 0, slots[slot] != present[slot] else { continue }
        for other in (die * slotsPerDie)..<((die + 1) * slotsPerDie)
        where slots[other] == present[slot] && present[other] != slots[other] {
          slots.swapAt(slot, other)
          break
        }
      }
    }
  }
}

/// A layout that grows out of an older one.
private struct Kept {
  var slots: [Int16]
  let slotsPerDie: Int
  /// Slots that each die may still fill.
  var room: [Int]
  var load: [Float]

  init(slots: [Int16], slotsPerDie: Int) {
    self.slots = slots
    self.slotsPerDie = slotsPerDie
    room = Array(repeating: 0, count: slots.count / slotsPerDie)
    load = Array(repeating: 0, count: room.count)
  }

  func holds(_ die: Int, _ expert: Int16) -> Bool {
    for slot in (die * slotsPerDie)..<((die + 1) * slotsPerDie) where slots[slot] == expert { return true }
    return false
  }

  mutating func put(_ expert: Int16, at slot: Int, weight: Float) {
    slots[slot] = expert
    room[slot / slotsPerDie] -= 1
    load[slot / slotsPerDie] += weight
  }

  /// A free slot of the least loaded die that has one and does not hold the expert.
  func coolestSlot(for expert: Int16, homes: [Bool]) -> Int? {
    var best = -1
    var least = Float.infinity
    for die in room.indices where load[die] < least && room[die] > 0 && !holds(die, expert) {
      best = die
      least = load[die]
    }
    guard best >= 0 else { return nil }
    return ((best * slotsPerDie) + (homes[best] ? 1 : 0)..<((best + 1) * slotsPerDie)).first { slots[$0] < 0 }
  }

  mutating func swap(_ from: Int, _ to: Int, instance: [Float]) {
    let (out, into) = (slots[from], slots[to])
    let change = instance[Int(out)] - (into < 0 ? 0 : instance[Int(into)])
    load[from / slotsPerDie] -= change
    load[to / slotsPerDie] += change
    if into < 0 {
      room[from / slotsPerDie] += 1
      room[to / slotsPerDie] -= 1
    }
    slots.swapAt(from, to)
  }
}
