import Operations
import SuperPod
import Words

extension Configuration {
  /// What differs in another configuration, a few words each: `D0 batch 60 → 12`.
  func differences(_ after: Configuration) -> [String] {
    var words: [String] = []
    for (old, new) in zip(executors, after.executors) {
      let name = "\(old.executor)"
      func tell<T: Equatable>(_ what: String, _ before: T, _ after: T) {
        if before != after { words.append("\(name) \(what) \(before) → \(after)") }
      }
      tell("servers", old.servers, new.servers)
      if !old.executor.prefills {
        tell("EP", old.expertParallel, new.expertParallel)
        tell("batch", old.batch, new.batch)
        tell("draft layers", old.draftLayers, new.draftLayers)
        tell("groups by", old.choice.rawValue, new.choice.rawValue)
        tell("balancing", old.balances ? "on" : "off", new.balances ? "on" : "off")
        tell("balancing every", "\(old.interval)", "\(new.interval)")
      }
    }
    if spare != after.spare { words.append("spare \(spare) → \(after.spare)") }
    for measure in JitterMeasure.allCases
    where jitterMeasures.contains(measure) != after.jitterMeasures.contains(measure) {
      words.append("\(measure.rawValue) \(after.jitterMeasures.contains(measure) ? "off → on" : "on → off")")
    }
    if recovery != after.recovery { words.append("recovery \(recovery.rawValue) → \(after.recovery.rawValue)") }
    func optional<T: CustomStringConvertible>(_ value: T?) -> String { value?.description ?? "off" }
    if admit != after.admit { words.append("admitted \(optional(admit)) → \(optional(after.admit))") }
    if isolate != after.isolate { words.append("isolated \(optional(isolate)) → \(optional(after.isolate))") }
    if traffic != after.traffic {
      words.append("load ×\(DecimalNumber.text(traffic)) → ×\(DecimalNumber.text(after.traffic))")
    }
    let places =
      after.drained.subtracting(drained).map { "\($0) out of service" }
      + drained.subtracting(after.drained).map { "\($0) back in service" }
    return words + places.sorted()
  }
}
