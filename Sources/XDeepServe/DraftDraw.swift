/// Decides which drafts are kept, four requests at a time, and takes their tokens off what they still have to make.
///
/// Each lane has a generator of its own (xorshift), whose halves decide for two vectors. Comparisons are sign bits, -1
/// for true, so that the loop is plain integer arithmetic.
struct DraftDraw {
  /// State of the generators.
  var lanes: SIMD4<UInt32>
  private let first: SIMD4<Int32>
  private let second: SIMD4<Int32>
  private let drafts: Bool
  private let secondDrafts: Bool

  /// A draw where the first draft is kept `first` times in 65,536 and the second `second` times.
  init(lanes: SIMD4<UInt32>, first: Int32, second: Int32) {
    self.lanes = lanes
    self.first = SIMD4(repeating: first)
    self.second = SIMD4(repeating: second)
    drafts = first > 0
    secondDrafts = second > 0
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
    precondition(start >= 0 && start &+ Int((taken &+ 3) / 4) <= slots.count)
    var tally = Tally()
    let whole = start &+ Int(taken / 4)
    var place = start
    if secondDrafts {
      while place < whole {
        turn()
        take(kept(low, first) &+ kept(low, second), &slots, place, &tally)
        place &+= 1
      }
    } else if drafts {
      while place &+ 1 < whole {
        turn()
        take(kept(low, first), &slots, place, &tally)
        take(kept(high, first), &slots, place &+ 1, &tally)
        place &+= 2
      }
      if place < whole {
        turn()
        take(kept(low, first), &slots, place, &tally)
      }
    } else {
      while place < whole {
        take(SIMD4(), &slots, place, &tally)
        place &+= 1
      }
    }
    if taken % 4 > 0 {
      turn()
      let active = (SIMD4<Int32>(0, 1, 2, 3) &- taken % 4) &>> 31
      let extra = (kept(low, first) &+ (secondDrafts ? kept(low, second) : SIMD4())) & active
      let after = unsafe slots[unchecked: whole] &+ extra &+ active
      unsafe slots[unchecked: whole] = after
      tally.kept &+= extra
      tally.left |= (after &- 1) & active
    }
    return (taken &- tally.kept.wrappedSum(), any(tally.left .< 0))
  }

  /// Drafts kept, as negative counts, and a negative number where a request has nothing left to make.
  private struct Tally {
    var kept = SIMD4<Int32>()
    var left = SIMD4<Int32>()
  }

  private var low: SIMD4<Int32> { SIMD4(truncatingIfNeeded: lanes & 0xffff) }
  private var high: SIMD4<Int32> { SIMD4(truncatingIfNeeded: lanes &>> 16) }

  @inline(__always)
  private mutating func turn() {
    lanes ^= lanes &<< 13
    lanes ^= lanes &>> 17
    lanes ^= lanes &<< 5
  }

  /// -1 where a draw lies below a limit.
  @inline(__always)
  private func kept(_ draw: SIMD4<Int32>, _ limit: SIMD4<Int32>) -> SIMD4<Int32> { (draw &- limit) &>> 31 }

  @inline(__always)
  private func take(
    _ extra: SIMD4<Int32>, _ slots: inout MutableSpan<SIMD4<Int32>>, _ place: Int, _ tally: inout Tally
  ) {
    let after = unsafe slots[unchecked: place] &+ extra &+ SIMD4(repeating: -1)
    unsafe slots[unchecked: place] = after
    tally.kept &+= extra
    tally.left |= after &+ SIMD4(repeating: -1)
  }
}
