/// How much of a side a part of it takes.
public enum Share: Hashable, Sendable {
  /// So many columns or rows, fewer only where the side is shorter.
  case fixed(Int)
  /// A part of what the fixed ones leave, by weight, at least `minimum` while there is room.
  case flexible(Int, minimum: Int = 0)
}

extension Rectangle {
  /// Splits into columns from left to right, `gap` columns between them.
  ///
  /// The parts never overlap, never leave the rectangle, and together with the gaps fill it when one is flexible. Where
  /// room lacks, later parts become empty first.
  public func columns(_ shares: [Share], gap: Int = 0) -> [Rectangle] {
    var place = column
    return Self.lengths(of: width, shares, gap: gap).map { length in
      let part = Rectangle(
        column: min(place, right), row: row, width: min(length, max(0, right - place)), height: height)
      place += length + gap
      return part
    }
  }

  /// Splits into rows from top to bottom, `gap` rows between them; see `columns`.
  public func rows(_ shares: [Share], gap: Int = 0) -> [Rectangle] {
    var place = row
    return Self.lengths(of: height, shares, gap: gap).map { length in
      let part = Rectangle(
        column: column, row: min(place, bottom), width: width, height: min(length, max(0, bottom - place)))
      place += length + gap
      return part
    }
  }

  /// The first `count` rows and the rest.
  public func cutTop(_ count: Int) -> (top: Rectangle, rest: Rectangle) {
    let size = max(0, min(count, height))
    return (
      Rectangle(column: column, row: row, width: width, height: size),
      Rectangle(column: column, row: row + size, width: width, height: height - size)
    )
  }

  /// The first `count` columns and the rest.
  public func cutLeft(_ count: Int) -> (left: Rectangle, rest: Rectangle) {
    let size = max(0, min(count, width))
    return (
      Rectangle(column: column, row: row, width: size, height: height),
      Rectangle(column: column + size, row: row, width: width - size, height: height)
    )
  }

  /// A rectangle of a size in the middle of this one, cut to it.
  public func centred(width wanted: Int, height wantedHeight: Int) -> Rectangle {
    let size = max(0, min(wanted, width))
    let tall = max(0, min(wantedHeight, height))
    return Rectangle(column: column + (width - size) / 2, row: row + (height - tall) / 2, width: size, height: tall)
  }

  private static func lengths(of side: Int, _ shares: [Share], gap: Int) -> [Int] {
    let room = max(0, side - gap * max(0, shares.count - 1))
    var lengths = Array(repeating: 0, count: shares.count)
    var left = room
    for (index, share) in shares.enumerated() {
      let wanted: Int
      switch share {
      case .fixed(let count): wanted = count
      case .flexible(_, let minimum): wanted = minimum
      }
      lengths[index] = max(0, min(wanted, left))
      left -= lengths[index]
    }
    // What is left goes out by weight, the rounding to the first ones; minima already given count against a share.
    var open = shares.indices.filter { if case .flexible(let weight, _) = shares[$0] { weight > 0 } else { false } }
    func weight(_ index: Int) -> Int { if case .flexible(let weight, _) = shares[index] { weight } else { 0 } }
    while !open.isEmpty {
      let total = open.reduce(0) { $0 + weight($1) }
      let pool = left + open.reduce(0) { $0 + lengths[$1] }
      let over = open.filter { lengths[$0] * total > pool * weight($0) }
      if over.isEmpty {
        var spent = 0
        for index in open {
          lengths[index] = pool * weight(index) / total
          spent += lengths[index]
        }
        for index in open.prefix(pool - spent) { lengths[index] += 1 }
        break
      }
      open.removeAll { over.contains($0) }
    }
    return lengths
  }
}
