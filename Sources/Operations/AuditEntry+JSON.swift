import Words

extension AuditEntry {
  /// The entry as a line of the log, without its newline; keys always in this order.
  public var line: String {
    JSONValue.object([
      .init("entry", JSONValue(number)),
      .init("time", .string(time.description)),
      .init("who", .string(who)),
      .init("action", .string(action.description)),
      .init("plan", plan.map { .string(Self.digits($0)) } ?? .null),
      .init("prediction", .list(prediction.map(\.json))),
      .init("result", .string(outcome.rawValue)),
      .init("note", .string(note)),
      .init("undoes", undoes.map { JSONValue($0) } ?? .null),
    ]).line
  }

  /// Reads a line of the log; nil if it is none, as the last line of a log that was cut off.
  ///
  /// Keys that it does not know are passed over, for logs of later versions.
  public init?(line: String) {
    guard let json = JSONValue(parsing: line), let number = json["entry"]?.whole, number > 0,
      let time = json["time"]?.string.flatMap({ DurationAmount($0) }), let who = json["who"]?.string,
      let action = json["action"]?.string.flatMap({ try? Action(parsing: $0) }),
      let outcome = json["result"]?.string.flatMap({ Outcome(rawValue: $0) }),
      case .list(let items)? = json["prediction"]
    else { return nil }
    let prediction = items.compactMap { Forecast($0) }
    let plan = json["plan"]?.string.flatMap { UInt64($0, radix: 16) }
    guard prediction.count == items.count, plan != nil || json["plan"] == .null else { return nil }
    self.init(
      number: number, time: time, who: who, action: action, plan: plan, prediction: prediction, outcome: outcome,
      note: json["note"]?.string ?? "", undoes: json["undoes"]?.whole)
  }

  private static func digits(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension AuditEntry.Forecast {
  fileprivate var json: JSONValue {
    .object([
      .init("metric", .string(metric)), .init("before", JSONValue(before)), .init("after", JSONValue(after)),
      .init("low", JSONValue(low)), .init("high", JSONValue(high)), .init("real", JSONValue(real)),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let metric = json["metric"]?.string else { return nil }
    self.init(
      metric: metric, before: json["before"]?.double, after: json["after"]?.double, low: json["low"]?.double,
      high: json["high"]?.double, real: json["real"]?.double)
  }
}

extension JSONValue {
  fileprivate var string: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var whole: Int? { if case .integer(let digits) = self { Int(digits) } else { nil } }

  fileprivate var double: Double? {
    switch self {
    case .number(let value): value
    case .integer(let digits): Double(digits)
    default: nil
    }
  }
}
