/// Numbers in sentences, with a fixed count of digits after the point and without Foundation.
enum DecimalText {
  static func of(_ value: Float, _ decimals: Int) -> String {
    guard value.isFinite else { return "·" }
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (Double(value) * Double(scale)).rounded()
    guard abs(scaled) < 1e15 else { return "\(value)" }
    let units = Int(abs(scaled))
    let sign = scaled < 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(units)" }
    let fraction = "\(units % scale)"
    return "\(sign)\(units / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
