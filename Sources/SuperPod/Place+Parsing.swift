extension Place {
  /// Reads an id; case and padding do not matter.
  ///
  /// - Parameter topology: The pod whose parts are meant; nil checks the spelling alone. Executors, groups, experts and
  ///   requests are in no topology and are not looked up.
  /// - Throws: A sentence that names what is accepted.
  public init(_ text: some StringProtocol, in topology: Topology? = nil) throws(PlaceProblem) {
    let spelled = PlaceSpelling(text)
    self = try spelled.place()
    if let topology { try topology.check(self) }
  }
}

/// An id taken apart: `pod2/n17.c3:up` is a pod, pieces of letters and a number, and a direction.
private struct PlaceSpelling {
  struct Piece {
    var letters: String
    var number: Int?
    /// As it was written, made safe for a sentence.
    var text: String
  }

  /// The shapes of ids; each is its pieces' letters.
  private static let shapes: [[String]] = [
    ["n"], ["n", "c"], ["n", "c", "d"], ["n", "cpu"], ["n", "sp"], ["sp"], ["sp", "sw"], ["n", "c", "d", "sp"],
    ["sp", "n", "sw"], ["n", "c", "d", "roce"], ["n", "vpc"], ["rack"], ["spare"], ["p"], ["p", "dp"], ["p", "ep"],
    ["p", "ep", "s"], ["p", "shell"], ["d"], ["d", "dp"], ["d", "ep"], ["d", "ep", "s"], ["d", "m"], ["d", "shell"],
    ["l", "e"], ["r"], ["je"],
  ]
  private static let bare: Set<String> = ["roce", "vpc", "spare", "shell"]
  private static let examples = "n17, n17.c3.d1, sp4.sw9, rack5, P0, D0.dp17, L12.e201, r123, JE0, spare"

  let text: String
  let pod: String?
  let direction: String?
  let pieces: [Piece]

  init(_ text: some StringProtocol) {
    self.text = Self.safe(text.utf8)
    // Bytes, since Swift's characters join what an id must keep apart.
    var rest = Array(text.utf8.prefix(256))[...]
    if let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      pod = Self.safe(rest[..<slash])
      rest = rest[(slash + 1)...]
    } else {
      pod = nil
    }
    if let colon = rest.lastIndex(of: UInt8(ascii: ":")) {
      direction = Self.safe(rest[(colon + 1)...])
      rest = rest[..<colon]
    } else {
      direction = nil
    }
    pieces = rest.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map(Self.piece)
  }

  func place() throws(PlaceProblem) -> Place {
    guard !text.isEmpty else { throw PlaceProblem(message: "no place is given; places are \(Self.examples)") }
    var fleet: Int?
    if let pod {
      let piece = Self.piece(Array(pod.utf8)[...])
      guard piece.letters == "pod", let number = piece.number else {
        throw PlaceProblem(message: "`\(pod)/` in `\(text)` is no pod; a pod of a fleet is pod0/, pod1/ and so on")
      }
      fleet = number
    }
    let letters = pieces.map(\.letters)
    guard Self.shapes.contains(letters) else { throw unknown(letters) }
    for piece in pieces {
      if Self.bare.contains(piece.letters) {
        guard piece.number == nil else {
          throw PlaceProblem(message: "`\(piece.letters)` in `\(text)` takes no number")
        }
      } else if piece.number == nil {
        throw PlaceProblem(message: "`\(piece.text)` in `\(text)` needs a number, such as \(piece.letters)0")
      }
    }
    return Place(try part(letters, pieces.map { $0.number ?? 0 }), pod: fleet)
  }

  private func part(_ letters: [String], _ number: [Int]) throws(PlaceProblem) -> Place.Part {
    let way = try readDirection(
      isLink: [["n", "c", "d", "sp"], ["sp", "n", "sw"]].contains(letters)
        || letters.last == "roce" || letters.last == "vpc")
    let executor = Place.Executor(prefills: letters[0] == "p", number: number[0])
    switch letters.joined(separator: ".") {
    case "n": return .node(number[0])
    case "n.c": return .npu(node: number[0], npu: number[1])
    case "n.c.d": return .die(node: number[0], npu: number[1], die: number[2])
    case "n.cpu": return .cpu(node: number[0], cpu: number[1])
    case "n.sp": return .l1(node: number[0], subPlane: number[1])
    case "sp": return .subPlane(number[0])
    case "sp.sw": return .l2(subPlane: number[0], number: number[1])
    case "n.c.d.sp": return .dieLink(node: number[0], npu: number[1], die: number[2], subPlane: number[3], way)
    case "sp.n.sw": return .uplink(subPlane: number[0], node: number[1], number: number[2], way)
    case "n.c.d.roce": return .roce(node: number[0], npu: number[1], die: number[2], way)
    case "n.vpc": return .vpc(node: number[0], way)
    case "rack": return .rack(number[0])
    case "spare": return .spare
    case "p", "d": return .executor(executor)
    case "p.dp", "d.dp": return .group(executor, number[1])
    case "p.ep", "d.ep": return .expertRank(executor, number[1])
    case "p.ep.s", "d.ep.s": return .expertSlot(executor, rank: number[1], slot: number[2])
    case "d.m": return .domain(executor, number[1])
    case "p.shell", "d.shell": return .shell(executor)
    case "l.e": return .expert(layer: number[0], expert: number[1])
    case "r": return .request(number[0])
    case "je": return .jobExecutor(number[0])
    default: throw unknown(letters)
    }
  }

  private func readDirection(isLink: Bool) throws(PlaceProblem) -> Direction? {
    guard let direction else { return nil }
    guard isLink else {
      throw PlaceProblem(
        message: "`:\(direction)` in `\(text)` follows a link only, such as n17.c3.d1.sp4:up or sp4.n30.sw9:down")
    }
    switch direction.lowercased() {
    case "up": return .up
    case "down": return .down
    default: throw PlaceProblem(message: "`:\(direction)` in `\(text)` is no direction; accepted are :up and :down")
    }
  }

  /// Says how far the id makes sense and what may follow there.
  private func unknown(_ letters: [String]) -> PlaceProblem {
    var known = 0
    while known < letters.count, Self.shapes.contains(where: { $0.starts(with: letters.prefix(known + 1)) }) {
      known += 1
    }
    guard known > 0 else { return PlaceProblem(message: "`\(text)` is no place; places are \(Self.examples)") }
    var following: [String] = []
    for shape in Self.shapes where shape.starts(with: letters.prefix(known)) && shape.count > known {
      let next = Self.bare.contains(shape[known]) ? shape[known] : "\(shape[known])0"
      if !following.contains(next) { following.append(next) }
    }
    let head = pieces.prefix(known).map(\.text).joined(separator: ".")
    guard known < pieces.count else {
      return PlaceProblem(message: "`\(head)` alone is no place; it goes on with \(Self.list(following))")
    }
    let odd = pieces[known].text
    guard !following.isEmpty else {
      return PlaceProblem(message: "nothing may follow `\(head)`, but `.\(odd)` does in `\(text)`")
    }
    return PlaceProblem(message: "`\(odd)` in `\(text)` is unknown; after `\(head)` comes \(Self.list(following))")
  }

  private static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }

  private static func piece(_ bytes: ArraySlice<UInt8>) -> Piece {
    let lower = bytes.map { $0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0 }
    let letters = lower.prefix { $0 >= 0x61 && $0 <= 0x7A }
    let digits = lower.dropFirst(letters.count)
    let text = safe(bytes)
    guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return Piece(letters: text, number: nil, text: text) }
    var number: Int?
    if !digits.isEmpty {
      let significant = digits.drop { $0 == 0x30 }
      // Longer numbers name nothing that exists, and must not overflow.
      guard significant.count <= 18 else { return Piece(letters: text, number: nil, text: text) }
      number = significant.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
    return Piece(letters: safe(letters), number: number, text: text)
  }

  /// Text for a sentence: printable ASCII, and not too much of it.
  private static func safe(_ bytes: some Collection<UInt8>) -> String {
    let shown = bytes.prefix(40).map { $0 > 0x20 && $0 < 0x7F ? Character(UnicodeScalar($0)) : "?" }
    return String(shown) + (bytes.count > 40 ? "…" : "")
  }
}
