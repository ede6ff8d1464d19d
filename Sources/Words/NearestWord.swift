/// The known word that somebody probably meant.
public struct NearestWord: Sendable {
  /// Words that are accepted, in the order in which they are listed.
  public var known: [String]

  /// A search among words.
  public init(known: [String]) { self.known = known }

  /// The known word with the fewest edits (insert, delete, replace, swap of neighbours), the first at equal distance;
  /// nil only if nothing is known.
  public func callAsFunction(to word: String) -> String? {
    let wanted = Array(word.lowercased().unicodeScalars.prefix(64))
    return known.min { Self.distance(wanted, $0) < Self.distance(wanted, $1) }
  }

  /// Optimal string alignment distance.
  static func distance(_ left: [Unicode.Scalar], _ word: String) -> Int {
    let right = Array(word.lowercased().unicodeScalars)
    guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
    var before = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var row = last
    for i in 1...left.count {
      row[0] = i
      for j in 1...right.count {
        let same = left[i - 1] == right[j - 1]
        row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
        guard i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] else { continue }
        row[j] = min(row[j], before[j - 2] + 1)
      }
      before = last
      last = row
    }
    return last[right.count]
  }
}

extension [String] {
  /// `a, b or c`.
  public var asAlternatives: String {
    guard let last, count > 1 else { return first ?? "nothing" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}
