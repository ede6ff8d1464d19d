import Words

/// A scenario that is compiled into the program.
public struct BuiltInScenario: Hashable, Sendable {
  /// What `--scenario` takes.
  public let name: String
  /// Its text.
  let bytes: [UInt8]

  /// Its text, to start a file of one's own from.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Its name in messages.
  var file: String { "\(name).yaml" }

  /// All of them, in the order in which to list them.
  public static let all = [
    BuiltInScenario(name: "default", bytes: PackageResources.default_yaml),
    BuiltInScenario(name: "peak-decode", bytes: PackageResources.peak_decode_yaml),
    BuiltInScenario(name: "split-decode", bytes: PackageResources.split_decode_yaml),
    BuiltInScenario(name: "cm-infer", bytes: PackageResources.cm_infer_yaml),
    BuiltInScenario(name: "cm-prefill", bytes: PackageResources.cm_prefill_yaml),
    BuiltInScenario(name: "production", bytes: PackageResources.production_yaml),
    BuiltInScenario(name: "expert-hotspot", bytes: PackageResources.expert_hotspot_yaml),
    BuiltInScenario(name: "peer-pd", bytes: PackageResources.peer_pd_yaml),
    BuiltInScenario(name: "peer-dp", bytes: PackageResources.peer_dp_yaml),
    BuiltInScenario(name: "peer-mooncake", bytes: PackageResources.peer_mooncake_yaml),
  ]

  /// Names of the language that come with the mechanisms they need.
  static let later: Set<String> = [
    "prefill-surge", "decode-starved",
    "cm192", "cm256", "cm288", "cm352", "atlas950", "atlas960",
  ]

  /// The one of that name.
  public static func named(_ name: String) -> BuiltInScenario? { all.first { $0.name == name } }

  /// The one of that name, else a sentence that names the nearest; `orElse` is what a caller accepts beside them.
  public static func required(_ name: String, orElse: String = "") throws(DocumentProblem) -> BuiltInScenario {
    if let scenario = named(name) { return scenario }
    let names = all.map(\.name)
    let problem = later.contains(name) ? "is not built yet" : "is no built-in scenario\(orElse)"
    let nearest = NearestWord(known: names)(to: name).map { "; the nearest is `\($0)`" } ?? ""
    throw DocumentProblem(
      .option("--scenario"), "`\(name.printable())` \(problem)\(nearest); built in: \(names.joined(separator: ", "))")
  }
}
