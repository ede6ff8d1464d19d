/// Guesses what was meant.
enum Spelling {
  /// The known word with the fewest letters to change, nil without words.
  static func nearest(to word: String, in known: [String]) -> String? {
    known.min { distance(word, $0) < distance(word, $1) }
  }

  /// Letters to insert, delete or replace.
  static func distance(_ left: String, _ right: String) -> Int {
    let other = Array(right.unicodeScalars)
    var row = Array(0...other.count)
    for (index, scalar) in left.unicodeScalars.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let change = diagonal + (other[column] == scalar ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(change, row[column] + 1, diagonal + 1)
      }
    }
    return row[other.count]
  }
}
