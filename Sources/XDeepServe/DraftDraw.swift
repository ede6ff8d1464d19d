/// Decides which drafts are kept, four requests at a time, and takes their tokens off what they still have to make.
///
/// Each lane has a generator of its own (xorshift); its upper half decides. Comparisons are sign bits, -1 for true, so
/// that the loop is plain integer arithmetic.
struct DraftDraw {
  /// State of the generators.
  var lanes: SIMD4<UInt32>
  private let first: SIMD4<Int32>
  private let second: SIMD4<Int32>

  /// A draw where the first draft is kept `first` times in 65,536 and the second `second` times.
  init(lanes: SIMD4<UInt32>, first: Int32, second: Int32) {
    self.lanes = lanes
    self.first = SIMD4(repeating: first)
    self.second = SIMD4(repeating: second)
  }

  /// One iteration of a group.
  ///
  /// - Parameters:
  ///   - slots: Tokens that requests still have to make.
  ///   - start: The group's first vector.
  ///   - taken: How many of its slots hold a request; they are the first ones.
  /// - Returns: Tokens made, and whether a request came to its end.
  @inline(__always)
  mutating func emit(
    _ slots: inout MutableSpan<SIMD4<Int32>>, from start: Int, taken: Int32
  ) -> (made: Int32, ended: Bool) {
    let index = SIMD4<Int32>(0, 1, 2, 3)
    var random = lanes
    var made = SIMD4<Int32>()
    var ended = SIMD4<Int32>()
    var left = taken
    var place = start
    precondition(start >= 0 && start &+ Int((taken &+ 3) / 4) <= slots.count)
    while left > 0 {
      random ^= random &<< 13
      random ^= random &>> 17
      random ^= random &<< 5
      let high = SIMD4<Int32>(truncatingIfNeeded: random &>> 16)
      let active = (index &- left) &>> 31
      let tokens = (1 &- ((high &- first) &>> 31) &- ((high &- second) &>> 31)) & active
      let after = unsafe slots[unchecked: place] &- tokens
      unsafe slots[unchecked: place] = after
      made &+= tokens
      ended |= ((after &- 1) &>> 31) & active
      left &-= 4
      place &+= 1
    }
    lanes = random
    return (made.wrappedSum(), ended != SIMD4<Int32>())
  }
}
