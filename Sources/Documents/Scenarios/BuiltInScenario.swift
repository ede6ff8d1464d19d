/// A scenario that is compiled into the program.
public struct BuiltInScenario: Hashable, Sendable {
  /// What `--scenario` takes.
  public let name: String
  /// Its text.
  let bytes: [UInt8]

  /// Its name in messages.
  var file: String { "\(name).yaml" }

  /// All of them, in the order in which to list them.
  public static let all = [
    BuiltInScenario(name: "default", bytes: PackageResources.default_yaml),
    BuiltInScenario(name: "peak-decode", bytes: PackageResources.peak_decode_yaml),
  ]

  /// Names of the language that come with the mechanisms they need.
  static let later: Set<String> = [
    "split-decode", "cm-infer", "cm-prefill", "production", "expert-hotspot", "prefill-surge", "decode-starved",
    "peer-pd", "peer-dp", "peer-mooncake", "cm192", "cm256", "cm288", "cm352", "atlas950", "atlas960",
  ]

  /// The one of that name.
  public static func named(_ name: String) -> BuiltInScenario? { all.first { $0.name == name } }
}
