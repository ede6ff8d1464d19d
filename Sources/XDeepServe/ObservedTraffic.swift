/// What an operator saw of the load: arrivals of the last five minutes, and lengths of recent requests.
struct ObservedTraffic: Hashable, Sendable {
  /// Seconds of arrivals that are kept ([issue of foresight]: what the last five minutes showed).
  static let window = 300
  /// Lengths that are kept (assumption: a mean of them is good to about two per cent).
  static let kept = 2048
  /// Seconds after which arrivals say more than what was planned (assumption).
  static let trusted = 30

  /// Arrivals of each second, a ring.
  private var arrivals = [Int32](repeating: 0, count: window)
  private var seconds = 0
  /// Prompts as they came and outputs as they ended, rings.
  private var prompts: [Int32] = []
  private var outputs: [Int32] = []
  private var promptPlace = 0
  private var outputPlace = 0

  /// A second is over.
  mutating func turn(arrived: Int) {
    arrivals[seconds % Self.window] = Int32(clamping: arrived)
    seconds += 1
  }

  /// A request came.
  mutating func came(prompt: Int32) { Self.keep(prompt, in: &prompts, at: &promptPlace) }

  /// A request ended with its last token.
  mutating func ended(output: Int32) { Self.keep(output, in: &outputs, at: &outputPlace) }

  private static func keep(_ value: Int32, in ring: inout [Int32], at place: inout Int) {
    if ring.count < kept { ring.append(value) } else { ring[place] = value }
    place = (place + 1) % kept
  }

  /// Requests a second over the window, nil before enough of it has passed; over its last seconds where these differ by
  /// more than chance (three standard deviations, assumption).
  var rate: Double? {
    guard seconds >= Self.trusted else { return nil }
    let long = mean(min(seconds, Self.window))
    let short = mean(Self.trusted)
    let chance = (max(long, 0.1) / Double(Self.trusted)).squareRoot()
    return abs(short - long) > 3 * chance ? short : long
  }

  private func mean(_ count: Int) -> Double {
    var sum = 0
    for index in 0..<count { sum += Int(arrivals[(seconds - 1 - index) % Self.window]) }
    return Double(sum) / Double(count)
  }

  /// Arrivals on which the rate rests.
  var arrivalsSeen: Int { Int((rate ?? 0) * Double(min(seconds, Self.window))) }
  /// Outputs on which lengths rest.
  var outputsSeen: Int { outputs.count }

  /// A prompt such as came, nil where none did.
  func prompt(_ stream: inout RandomStream) -> Int32? {
    prompts.isEmpty ? nil : prompts[stream.index(below: prompts.count)]
  }

  /// An output such as ended, longer than what was made already; nil where too few ended.
  func output(beyond made: Int32, _ stream: inout RandomStream) -> Int32? {
    guard outputs.count >= 32 else { return nil }
    for _ in 0..<16 {
      let value = outputs[stream.index(below: outputs.count)]
      if value > made { return value }
    }
    return made + 1 + Int32(stream.index(below: Int(max(1, made / 2))))
  }
}
