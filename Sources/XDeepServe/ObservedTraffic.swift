/// What an operator saw of the load: arrivals of the last five minutes, and lengths of recent requests.
struct ObservedTraffic: Hashable, Sendable {
  /// Seconds of arrivals that are kept.
  static let window = 300
  /// Prompts that are kept (assumption: a mean of them is good to about two per cent).
  static let kept = 2048
  /// Seconds after which arrivals say more than what was planned (assumption).
  static let trusted = 30

  /// Arrivals of each second, a ring.
  private var arrivals = [Int32](repeating: 0, count: window)
  private var seconds = 0
  /// Prompts as they came, a ring.
  private var prompts: [Int32] = []
  private var promptPlace = 0
  /// Outputs of those that ended and of those that run.
  var outputs = OutputLengths()

  /// A second is over.
  mutating func turn(arrived: Int) {
    arrivals[seconds % Self.window] = Int32(clamping: arrived)
    seconds += 1
  }

  /// A request came.
  mutating func came(prompt: Int32) {
    if prompts.count < Self.kept { prompts.append(prompt) } else { prompts[promptPlace] = prompt }
    promptPlace = (promptPlace + 1) % Self.kept
  }

  /// What goes on is what was seen, known no better than a sample of its size: one possible load.
  func drawn(_ stream: inout RandomStream) -> ForeseenTraffic {
    var traffic = ForeseenTraffic()
    if let (count, length) = trustedWindow {
      traffic.rate = OutputLengths.gamma(Double(count) + 0.5, &stream) / Double(length)
    }
    traffic.prompts = prompts.indices.map { _ in prompts[stream.index(below: prompts.count)] }
    traffic.outputs = outputs.drawn(&stream)
    return traffic
  }

  /// Arrivals and seconds of the longest window whose rate is that of the last 30 s but for chance; nil at first.
  ///
  /// A load that has just changed is the new one: three standard deviations tell (assumption).
  private var trustedWindow: (count: Int, length: Int)? {
    guard seconds >= Self.trusted else { return nil }
    let late = sum(Self.trusted)
    var best = (late, Self.trusted)
    for wanted in [60, 120, Self.window] {
      let length = min(wanted, seconds)
      guard length > best.1 else { break }
      let count = sum(length)
      let expected = Double(count) * Double(Self.trusted) / Double(length)
      // The late part is in both: what it may differ by is less.
      let chance = (max(expected, 1) * (1 - Double(Self.trusted) / Double(length))).squareRoot()
      guard abs(Double(late) - expected) <= 3 * chance else { break }
      best = (count, length)
    }
    return best
  }

  private func sum(_ count: Int) -> Int {
    var sum = 0
    for index in 0..<count { sum += Int(arrivals[(seconds - 1 - index) % Self.window]) }
    return sum
  }
}

/// A load that may come, from what was seen.
struct ForeseenTraffic: Hashable, Sendable {
  /// Requests a second; nil where too little was seen.
  var rate: Double?
  /// Prompts such as came.
  var prompts: [Int32] = []
  /// How long outputs go on; nil where too few have ended.
  var outputs: OutputLengths.Survival?
}
