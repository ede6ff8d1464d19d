public import SuperPod

/// What may stand next in an action that is being typed.
public struct ActionCompletion: Hashable, Sendable {
  /// Words that may follow, those that begin with what is begun already.
  public var words: [String]
  /// Kinds of place that may follow; who knows the pod completes them.
  public var places: [PlaceKind]

  /// What may follow.
  ///
  /// - Parameters:
  ///   - text: What stands left of the cursor; what comes after its last blank is the word begun.
  ///   - configuration: Names TEs, what is drained and what goes on; nil offers the grammar's words alone.
  public init(of text: String, in configuration: Configuration? = nil) {
    var whole = text.split(separator: " ", omittingEmptySubsequences: true).map { $0.lowercased() }
    let begun = text.hasSuffix(" ") || whole.isEmpty ? "" : whole.removeLast()
    var next = Following(configuration: configuration)
    next.after(whole)
    words = next.words.filter { $0.lowercased().hasPrefix(begun) && $0.lowercased() != begun }
    places = next.places
  }
}

/// Finds what follows the words that are complete.
private struct Following {
  let configuration: Configuration?
  var words: [String] = []
  var places: [PlaceKind] = []

  init(configuration: Configuration?) { self.configuration = configuration }

  mutating func after(_ whole: [String]) {
    guard let first = whole.first else {
      words = ActionName.allCases.map(\.rawValue)
      return
    }
    guard let name = ActionName(rawValue: first) else { return }
    let arguments = Array(whole.dropFirst())
    let last = arguments.last
    switch name {
    case .pd: shift(arguments)
    case .reshard:
      switch last {
      case "policy": words = Reshard.Policy.allCases.map(\.rawValue)
      case "layers":
        words =
          configuration?.executors.first { !$0.executor.prefills }.map {
            ["\($0.expertLayers.lowerBound)-\($0.expertLayers.upperBound)"]
          } ?? []
      case "budget": break
      default:
        words =
          (arguments.isEmpty ? executors(prefill: false) : [])
          + ["layers", "budget", "policy"].filter { !arguments.contains($0) }
      }
    case .eplb: setting(["on", "off", "every"], arguments, valued: last == "every")
    case .scale:
      switch arguments.count {
      case 0: words = executors(prefill: false)
      case 1: words = ["ep"]
      case 2:
        words =
          configuration?.executors.first { "\($0.executor)".lowercased() == arguments[0] }?.sizes.map(String.init) ?? []
      default: break
      }
    case .drain where arguments.isEmpty: places = PlaceKind.drained
    case .undrain where arguments.isEmpty:
      words = configuration?.drained.map(\.description).sorted() ?? []
      if configuration == nil { places = PlaceKind.drained }
    case .restart where arguments.isEmpty: places = PlaceKind.restarted
    case .balance: setting(GroupChoice.allCases.map(\.rawValue), arguments)
    case .batch: setting([], arguments)
    case .mtp: setting(["0", "1", "2"], arguments)
    case .jitter:
      words = arguments.isEmpty ? JitterMeasure.allCases.map(\.rawValue) : arguments.count == 1 ? ["on", "off"] : []
    case .recovery where arguments.isEmpty: words = RecoveryStage.allCases.map { "\($0.rawValue)" }
    case .admit where arguments.isEmpty: words = ["off"]
    case .isolate where arguments.isEmpty: words = ["long", "off"]
    case .traffic where arguments.count == 1: words = ["for"]
    case .inject: fault(arguments, parts: ["at", "by", "for"], of: Fault.allCases)
    case .clear:
      let going = Set(configuration?.faults.map(\.fault) ?? Fault.allCases)
      fault(arguments, parts: ["at"], of: Fault.allCases.filter { going.contains($0) })
    default: break
    }
  }

  private func executors(prefill: Bool?) -> [String] {
    (configuration?.executors ?? []).filter { prefill == nil || $0.executor.prefills == prefill }
      .map { $0.executor.description }
  }

  private mutating func shift(_ arguments: [String]) {
    guard let aim = arguments.first else {
      words =
        (configuration.map { ["\($0.servers(prefill: true)):\($0.servers(prefill: false))"] } ?? []) + ["+1d", "+1p"]
      return
    }
    // One side's gain is given by the other side.
    let takesPrefill = aim.hasSuffix("p") ? true : aim.hasSuffix("d") ? false : nil
    switch arguments.last {
    case "from": words = executors(prefill: takesPrefill.map { !$0 }) + ["spare"]
    case "to": words = executors(prefill: takesPrefill) + (takesPrefill == nil ? ["spare"] : [])
    default: words = ["from", "to"].filter { !arguments.contains($0) }
    }
  }

  /// A value, then a decode TE.
  private mutating func setting(_ values: [String], _ arguments: [String], valued: Bool = false) {
    let count = arguments.first == "every" ? 2 : 1
    if arguments.isEmpty { words = values }
    if arguments.count == count, !valued { words = executors(prefill: false) }
  }

  private mutating func fault(_ arguments: [String], parts: [String], of faults: [Fault]) {
    guard let word = arguments.first, let fault = Fault(rawValue: word) else {
      words = arguments.isEmpty ? faults.map(\.rawValue) : []
      return
    }
    let facts = fault.facts
    switch arguments.last {
    case "at": places = facts.places
    case "by", "for": break
    default:
      words = parts.filter {
        !arguments.contains($0) && ($0 != "at" || !facts.places.isEmpty) && ($0 != "by" || facts.strength != nil)
      }
    }
  }
}
