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
    BuiltInScenario(name: "prefill-surge", bytes: PackageResources.prefill_surge_yaml),
    BuiltInScenario(name: "decode-starved", bytes: PackageResources.decode_starved_yaml),
    BuiltInScenario(name: "cm192", bytes: PackageResources.cm192_yaml),
    BuiltInScenario(name: "cm256", bytes: PackageResources.cm256_yaml),
    BuiltInScenario(name: "cm288", bytes: PackageResources.cm288_yaml),
    BuiltInScenario(name: "cm352", bytes: PackageResources.cm352_yaml),
    BuiltInScenario(name: "atlas950", bytes: PackageResources.atlas950_yaml),
    BuiltInScenario(name: "atlas960", bytes: PackageResources.atlas960_yaml),
    BuiltInScenario(name: "peer-pd", bytes: PackageResources.peer_pd_yaml),
    BuiltInScenario(name: "peer-dp", bytes: PackageResources.peer_dp_yaml),
    BuiltInScenario(name: "peer-mooncake", bytes: PackageResources.peer_mooncake_yaml),
  ]

  /// The one of that name.
  public static func named(_ name: String) -> BuiltInScenario? { all.first { $0.name == name } }

  /// The one of that name, else a sentence that names the nearest; `orElse` is what a caller accepts beside them.
  public static func required(_ name: String, orElse: String = "") throws(DocumentProblem) -> BuiltInScenario {
    if let scenario = named(name) { return scenario }
    let names = all.map(\.name)
    let problem = "is no built-in scenario\(orElse)"
    let nearest = NearestWord(known: names)(to: name).map { "; the nearest is `\($0)`" } ?? ""
    throw DocumentProblem(
      .option("--scenario"), "`\(name.printable())` \(problem)\(nearest); built in: \(names.joined(separator: ", "))")
  }
}
