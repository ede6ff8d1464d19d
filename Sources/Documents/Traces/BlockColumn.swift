import XDeepServe

/// The blocks of all prompts of a trace, one row after another; names of the file become numbers from zero.
struct BlockColumn {
  private(set) var names: [Int32] = []
  private var known: [Int64: Int32] = [:]

  /// Adds a block to the prompt at the end.
  mutating func append(_ name: Int64) {
    let next = Int32(truncatingIfNeeded: known.count)
    let number = known[name] ?? next
    if number == next { known[name] = next }
    names.append(number)
  }

  /// The blocks added since the column had so many.
  func prompt(from first: Int) -> PromptBlocks {
    PromptBlocks(first: Int32(clamping: first), count: Int32(clamping: names.count - first))
  }

  /// Takes the blocks of a bad line away.
  mutating func truncate(to count: Int) { names.removeLast(names.count - count) }

  /// How many blocks have names of their own.
  var distinct: Int { known.count }
}
