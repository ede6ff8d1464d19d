/// Which blocks of prompts an engine still has the KV of: the least recently used one leaves first.
///
/// A value in contiguous arrays: an open-addressing table finds a block's place, two columns of neighbours keep the
/// order of use. The blocks of a prompt are used from its end to its begin, so that a prompt's tail leaves before its
/// head: what is found is always a beginning.
struct PrefixCache: Hashable, Sendable {
  /// Blocks held.
  private(set) var count = 0
  /// Blocks that may be held now.
  private(set) var limit: Int
  /// Blocks that may ever be held.
  let capacity: Int

  private var names: [Int32]
  private var newer: [Int32]
  private var older: [Int32]
  /// Place of a block by its hash, -1 free.
  private var table: [Int32]
  private var newest: Int32 = -1
  private var oldest: Int32 = -1
  /// Places without a block, linked through `older`.
  private var free: Int32

  /// An empty cache.
  init(capacity: Int) {
    let capacity = max(0, min(capacity, Int(Int32.max / 4)))
    self.capacity = capacity
    limit = capacity
    var width = 4
    while width < 2 * capacity { width *= 2 }
    names = Array(repeating: 0, count: capacity)
    newer = Array(repeating: -1, count: capacity)
    older = (0..<Int32(capacity)).map { $0 + 1 < Int32(capacity) ? $0 + 1 : -1 }
    table = Array(repeating: -1, count: width)
    free = capacity > 0 ? 0 : -1
  }

  /// How many of a prompt's first blocks are held, in a row from the begin.
  func leading(_ prompt: PromptBlocks, of column: [Int32]) -> Int {
    guard count > 0 else { return 0 }
    for index in 0..<Int(prompt.count) where find(column[Int(prompt.first) + index] &+ prompt.shift) < 0 {
      return index
    }
    return Int(prompt.count)
  }

  /// A prompt is used: its blocks are held and the most recent ones, its begin before its end.
  ///
  /// - Parameter most: No more than so many of its first blocks.
  mutating func use(_ prompt: PromptBlocks, of column: [Int32], most: Int = Int.max) {
    for index in stride(from: min(Int(prompt.count), limit, most) - 1, through: 0, by: -1) {
      use(column[Int(prompt.first) + index] &+ prompt.shift)
    }
  }

  /// Sets how many blocks may be held from now on; the least recently used ones leave if there are more.
  mutating func restrict(to blocks: Int) {
    limit = max(0, min(blocks, capacity))
    while count > limit { evict() }
  }

  /// Blocks from the most to the least recently used one.
  var contents: [Int32] {
    var result: [Int32] = []
    var place = newest
    while place >= 0 {
      result.append(names[Int(place)])
      place = older[Int(place)]
    }
    return result
  }

  private mutating func use(_ name: Int32) {
    let bucket = find(name)
    let place: Int32
    if bucket >= 0 {
      place = table[bucket]
      guard place != newest else { return }
      unlink(place)
    } else {
      guard limit > 0 else { return }
      if count >= limit { evict() }
      place = free
      free = older[Int(place)]
      names[Int(place)] = name
      var slot = home(name)
      while table[slot] >= 0 { slot = (slot + 1) & (table.count - 1) }
      table[slot] = place
      count += 1
    }
    older[Int(place)] = newest
    newer[Int(place)] = -1
    if newest >= 0 { newer[Int(newest)] = place } else { oldest = place }
    newest = place
  }

  private mutating func evict() {
    let place = oldest
    guard place >= 0 else { return }
    unlink(place)
    remove(bucket: find(names[Int(place)]))
    older[Int(place)] = free
    free = place
    count -= 1
  }

  private mutating func unlink(_ place: Int32) {
    let (before, after) = (newer[Int(place)], older[Int(place)])
    if before >= 0 { older[Int(before)] = after } else { newest = after }
    if after >= 0 { newer[Int(after)] = before } else { oldest = before }
  }

  /// Closes the gap that a removed block leaves, so that searches need no marks of the dead.
  private mutating func remove(bucket: Int) {
    let mask = table.count - 1
    var hole = bucket
    var slot = (hole + 1) & mask
    while table[slot] >= 0 {
      let wanted = home(names[Int(table[slot])])
      // Whether the hole lies on the way from where the block wants to be to where it is.
      if (slot - wanted) & mask >= (slot - hole) & mask {
        table[hole] = table[slot]
        hole = slot
      }
      slot = (slot + 1) & mask
    }
    table[hole] = -1
  }

  private func home(_ name: Int32) -> Int {
    let mixed = UInt64(UInt32(bitPattern: name)) &* 0x9e37_79b9_7f4a_7c15
    return Int(truncatingIfNeeded: mixed >> 32) & (table.count - 1)
  }

  private func find(_ name: Int32) -> Int {
    var slot = home(name)
    while table[slot] >= 0 {
      if names[Int(table[slot])] == name { return slot }
      slot = (slot + 1) & (table.count - 1)
    }
    return -1
  }

  func encode(into digest: inout StateDigest) {
    digest.add(limit)
    digest.add(count)
    var place = newest
    while place >= 0 {
      digest.add(Int(names[Int(place)]))
      place = older[Int(place)]
    }
  }
}
