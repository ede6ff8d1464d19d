import Words

/// The words of an action's text, read from left to right; every refusal says where.
struct ActionWords {
  /// A word and the column, from one, where it begins.
  struct Word {
    var text: String
    var column: Int

    /// As it may stand in a sentence.
    var quoted: String { "`\(text.printable(limit: 40))`" }
    /// Without case, for words of the language.
    var lowered: String { text.lowercased() }

    func problem(_ message: String) -> ActionProblem { ActionProblem(column: column, message: message) }
  }

  private let words: [Word]
  private var position = 0
  private let end: Int

  init(_ text: String, firstColumn: Int = 1) {
    var words: [Word] = []
    var column = firstColumn
    var word = Word(text: "", column: column)
    for character in text {
      if character == " " || character == "\t" {
        if !word.text.isEmpty { words.append(word) }
        word = Word(text: "", column: column + 1)
      } else {
        word.text.append(character)
      }
      column += 1
    }
    if !word.text.isEmpty { words.append(word) }
    self.words = words
    end = column
  }

  /// The next word, without taking it.
  var next: Word? { position < words.count ? words[position] : nil }

  /// Takes the next word, which must be there.
  mutating func take(_ accepted: String) throws(ActionProblem) -> Word {
    guard let word = next else {
      throw ActionProblem(column: end, message: "something is missing; accepted here: \(accepted)")
    }
    position += 1
    return word
  }

  /// A sentence about the next word, or about the end.
  func missing(_ message: String) -> ActionProblem { ActionProblem(column: next?.column ?? end, message: message) }

  /// Takes the next word if it is that keyword.
  mutating func take(if keyword: String) -> Bool {
    guard next?.lowered == keyword else { return false }
    position += 1
    return true
  }

  /// Takes one of some words.
  mutating func choice<C: RawRepresentable<String>>(_ all: [C], what: String) throws(ActionProblem) -> C {
    let known = all.map(\.rawValue)
    let word = try take("\(what): \(known.asAlternatives)")
    if let value = all.first(where: { $0.rawValue == word.lowered }) { return value }
    throw Self.unknown(word, what, known)
  }

  /// Says that a word is none of those known, and which is nearest.
  static func unknown(_ word: Word, _ what: String, _ known: [String]) -> ActionProblem {
    let nearest = NearestWord(known: known)(to: word.text).map { "; the nearest is `\($0)`" } ?? ""
    return word.problem("\(word.quoted) is no \(what)\(nearest); accepted: \(known.joined(separator: ", "))")
  }

  /// Takes a quantity with its unit.
  mutating func amount<A: Amount>(_ kind: A.Type) throws(ActionProblem) -> A {
    let word = try take(A.accepted)
    guard let value = A(word.text) else { throw word.problem("\(word.quoted) is not \(A.accepted)") }
    return value
  }

  /// Takes a duration above zero.
  mutating func duration() throws(ActionProblem) -> DurationAmount {
    let column = next?.column ?? end
    let value = try amount(DurationAmount.self)
    guard value.nanoseconds > 0 else {
      throw ActionProblem(column: column, message: "the duration must be above 0; accepted: \(DurationAmount.accepted)")
    }
    return value
  }

  /// Takes a whole number within bounds.
  mutating func integer(_ what: String, in range: ClosedRange<Int>) throws(ActionProblem) -> Int {
    let accepted = "\(what) from \(range.lowerBound) to \(range.upperBound)"
    let word = try take(accepted)
    guard let value = Self.integer(word.text), range.contains(value) else {
      throw word.problem("\(word.quoted) is not \(accepted)")
    }
    return value
  }

  /// A whole number of plain digits; nil for everything else.
  static func integer(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Makes sure that nothing follows.
  func finish(after action: String) throws(ActionProblem) {
    guard let word = next else { return }
    throw word.problem("\(word.quoted) is too much; the form is `\(action)`")
  }
}
