/// How long outputs are, as an operator can know it: of requests that ended and of those that still run.
///
/// Those that ended within some minutes are the short ones; the mean of them alone says too little. So for each length
/// it counts how many requests were seen to pass it and how many of them ended there (Kaplan and Meier's estimate, over
/// the tokens made within the window): who runs says that he is longer than what he has made.
struct OutputLengths: Hashable, Sendable {
  /// Minutes that are kept, the present one among them.
  static let windows = 5
  /// Ends without which nothing is said (assumption).
  static let least = 32
  /// Steps up to 64 tokens in fours, then sixteen an octave.
  static let steps = 16 + 15 * 16

  /// By window and step: tokens made there, and requests that ended there.
  private var exposure = [Int64](repeating: 0, count: windows * steps)
  /// How many requests more, at each step of the present window, passed the whole of it than of the step before: who
  /// passes many steps is taken down at the first and the last alone.
  private var whole = [Int64](repeating: 0, count: steps + 1)
  private var ends = [Int32](repeating: 0, count: windows * steps)
  private var window = 0

  /// The step of a length, tokens above zero.
  private static func step(_ tokens: Int32) -> Int {
    guard tokens >= 64 else { return Int(max(tokens, 0)) / 4 }
    let octave = 31 - tokens.leadingZeroBitCount
    return min(steps - 1, 16 + (octave - 6) * 16 + (Int(tokens) >> (octave - 4)) & 15)
  }

  /// The first length of a step.
  private static func begin(_ step: Int) -> Int32 {
    guard step >= 16 else { return Int32(step * 4) }
    let (octave, part) = ((step - 16) / 16 + 6, (step - 16) % 16)
    return Int32((16 + part) << (octave - 4))
  }

  /// A request made its tokens from one length to another in this minute.
  mutating func passed(from: Int32, to: Int32) {
    guard to > from else { return }
    let (first, last) = (Self.step(from), Self.step(to))
    let base = window * Self.steps
    guard first < last else {
      exposure[base + first] += Int64(to - from)
      return
    }
    exposure[base + first] += Int64(Self.begin(first + 1) - from)
    exposure[base + last] += Int64(to - Self.begin(last))
    whole[first + 1] += 1
    whole[last] -= 1
  }

  /// Tokens that were passed in the present window by those who passed a whole step, step by step.
  private func passedWhole() -> [Int64] {
    var requests: Int64 = 0
    return (0..<Self.steps).map { step in
      requests += whole[step]
      return requests == 0 ? 0 : requests * Int64(Self.begin(step + 1) - Self.begin(step))
    }
  }

  /// A request ended with so many tokens.
  mutating func ended(at tokens: Int32) { ends[window * Self.steps + Self.step(tokens - 1)] += 1 }

  /// The next minute begins; the oldest is forgotten.
  mutating func turn() {
    for (step, tokens) in passedWhole().enumerated() { exposure[window * Self.steps + step] += tokens }
    for step in whole.indices { whole[step] = 0 }
    window = (window + 1) % Self.windows
    for place in (window * Self.steps)..<((window + 1) * Self.steps) {
      exposure[place] = 0
      ends[place] = 0
    }
  }

  /// A distribution that goes with what was seen: its counts are no better known than chance lets them be.
  ///
  /// - Returns: Nil where too few have ended.
  func drawn(_ stream: inout RandomStream) -> Survival? {
    var passed = [Double](repeating: 0, count: Self.steps)
    var ended = passed
    for (step, tokens) in passedWhole().enumerated() { passed[step] += Double(tokens) }
    for window in 0..<Self.windows {
      for step in 0..<Self.steps {
        passed[step] += Double(exposure[window * Self.steps + step])
        ended[step] += Double(ends[window * Self.steps + step])
      }
    }
    guard ended.reduce(0, +) >= Double(Self.least), let last = passed.lastIndex(where: { $0 > 0 }) else { return nil }
    var cumulative = [0.0]
    var tail = 0.0
    var seen = 0.0
    for step in 0...last {
      let width = Double(Self.begin(min(step + 1, Self.steps - 1)) - Self.begin(step))
      let count = Self.gamma(ended[step], &stream)
      // Whoever comes into the step passes half of it if he ends there.
      let entered = passed[step] / max(width, 1) + ended[step] / 2
      let share = entered > 0 ? min(1, count / entered) : 0
      let survives = step == last && share > 0.5 ? 0 : 1 - share
      cumulative.append(cumulative[step] + (survives > 1e-9 ? -PortableMath.ln(survives) : 30))
      // The rate of ends among the longest, for what nobody has passed yet.
      if passed[step] > 0 {
        tail = tail * 0.8 + count
        seen = seen * 0.8 + passed[step]
      }
    }
    return Survival(cumulative: cumulative, tail: max(tail / max(seen, 1), 1e-5))
  }

  /// A count that a Poisson process may have meant, by Wilson and Hilferty's approximation of the gamma distribution.
  static func gamma(_ count: Double, _ stream: inout RandomStream) -> Double {
    let normal = stream.normal()
    guard count > 0 else { return 0 }
    let root = 1 - 1 / (9 * count) + normal / (3 * count.squareRoot())
    return count * max(0, root * root * root)
  }

  /// How long outputs go on.
  struct Survival: Hashable, Sendable {
    /// Sum of the rates of ends before each step; beyond the last one, the rate a token.
    fileprivate let cumulative: [Double]
    fileprivate let tail: Double

    /// A whole length beyond what was made already.
    func draw(beyond made: Int32, _ stream: inout RandomStream) -> Int32 {
      let first = OutputLengths.step(made)
      let begin = Double(OutputLengths.begin(first))
      let last = cumulative.count - 1
      var left = stream.exponential()
      var position = Double(made)
      guard first < last else { return made + 1 + Int32(min(left / tail, 1e6)) }
      var step = first
      var from = begin
      while step < last {
        let to = Double(OutputLengths.begin(step + 1))
        let rate = (cumulative[step + 1] - cumulative[step]) / (to - from)
        let rest = (to - position) * rate
        if left < rest { return max(made + 1, Int32((position + left / rate).rounded(.up))) }
        left -= rest
        position = to
        step += 1
        from = to
      }
      return max(made + 1, Int32(min(position + left / tail, 1e6)))
    }
  }
}
