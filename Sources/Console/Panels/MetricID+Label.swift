import Telemetry

extension MetricID {
  /// The metric in one or two words, as cards and headings say it.
  var label: String {
    switch self {
    case .dieBusy: "busy"
    case .dieStall: "stall"
    case .dieBatch: "batch"
    case .dieKV: "KV cache"
    case .dieHBMUsed: "HBM used"
    case .dieHBMBandwidth: "HBM bw"
    case .dieExpertLoad: "experts"
    case .dieTemperature: "HBM temp"
    case .diePower: "power"
    default: metric.name
    }
  }

  /// The metric in five letters, for cards that have no room for more.
  var shortLabel: String {
    switch self {
    case .dieKV: "KV"
    case .dieHBMUsed: "HBM"
    case .dieHBMBandwidth: "bw"
    case .dieExpertLoad: "exp"
    case .dieTemperature: "temp"
    default: label
    }
  }

  /// Whether the pod field shows a digit after the point.
  var hasDecimal: Bool { metric.range.upperBound < 10 }

  /// How far the numbers of the pod field may be off: two per cent of the scale, at least one unit of the last digit.
  ///
  /// What is nearer looks the same in a field; the selected die tells its values to the last digit.
  var heldWithin: Float {
    hasDecimal ? 0.1 : max(1, (0.02 * (metric.range.upperBound - metric.range.lowerBound)).rounded())
  }

  /// What a value is multiplied by for the pod field's numbers, which have room for two digits, and in which unit they
  /// are then.
  var fieldScale: (factor: Float, unit: String) {
    self == .dieExpertLoad ? (0.1, "tenths") : (1, metric.unit)
  }

  /// What the numbers of the pod field mean.
  var explanation: String {
    switch self {
    case .dieBusy: "busy, % of time"
    case .dieStall: "stall, % of time waiting for others"
    case .dieBatch: "batch, requests a die"
    case .dieKV: "KV cache in use, %"
    case .dieHBMUsed: "HBM used, GB of 64"
    case .dieHBMBandwidth: "HBM bandwidth, TB/s of 1.6"
    case .dieExpertLoad: "expert load, % of the mean die"
    case .dieTemperature: "HBM temperature, °C"
    case .diePower: "power, W"
    default: metric.name
    }
  }
}
