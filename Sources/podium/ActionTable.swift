import Operations
import SuperPod
import Words

/// The tables of actions and faults, as text and as docs/actions.md.
struct ActionTable {
  private static let actionHead = ["action", "what it does", "risk", "phases", "undone by"]
  private static let faultHead = ["fault", "what happens", "where", "by", "lasts", "source"]

  /// Aligned columns of what fits a terminal: form and sentence.
  var text: String {
    let actions = ActionName.allCases.map { ($0.syntax, $0.help + ($0.isSimulationOnly ? " Simulation only." : "")) }
    let faults = Fault.allCases.map { ($0.rawValue, $0.facts.about) }
    return "actions\n" + Self.columns(actions) + "\nfaults\n" + Self.columns(faults)
  }

  /// The document.
  var markdown: String {
    """
    # Actions and faults

    Printed by `podium actions --markdown`; a test holds this file to it. One grammar serves the command line, scripts \
    (`60s pd +2d`), the `events` of scenarios, audit lines and recordings: what prints, parses. Words and ids ignore \
    case, units do not. A decode TE left out means every decode TE.

    ## Actions

    \(Self.table(Self.actionHead, ActionName.allCases.map(Self.row)))
    Risk is the worst that an action does to requests. Without phases it is done at once. Where an end of `pd` is not \
    named, the giver is the TE of the other kind with most headroom against its SLO (the next one when it has no server \
    left), the taker the one with least, ties to the lower id. `drain` and `undrain` take \
    \(Self.kinds(PlaceKind.drained)); `restart` takes \(Self.kinds(PlaceKind.restarted)).

    `reshard` goes by what was counted over the last balancing interval. `layers` names those that may change, by their \
    number in the model (the draft's then stays as it is); `budget` is the most slots of each layer that take in another \
    expert, spent on those that cool the hottest dies most; `policy` is the algorithm for this once: `podium` keeps \
    homes and changes redundant slots, `eplb` is the open one and may change all. Without them every layer with \
    experts is balanced, in as many slots as it takes, by the engine's own algorithm. What would gain less than 2 % \
    (busiest rank over the mean, of the layers named) is left alone. A preview says how many bytes move.

    ## Faults

    \(Self.table(Self.faultHead, Fault.allCases.map(Self.row)))
    `inject FAULT [at PLACE] [by X] [for T]` starts one, `clear FAULT [at PLACE]` ends it. [CM], [XDS] and [MC] are \
    the papers on CloudMatrix384 (arXiv 2506.12708) and xDeepServe (2508.02520) and the \
    fault tables of Ascend mind-cluster; what is assumed is called so.

    """
  }

  private static func row(_ name: ActionName) -> [String] {
    let undone =
      switch name {
      case _ where !name.canBeUndone: "—"
      case .drain: "`undrain`"
      case .undrain: "`drain`"
      case .inject: "`clear`"
      default: "the value before"
      }
    return [
      "`\(name.syntax)`", name.help + (name.isSimulationOnly ? " Simulation only." : ""),
      name == .undo ? "that of what it does" : name.risk.words,
      name.phases.isEmpty ? "—" : name.phases.joined(separator: ", "), undone,
    ]
  }

  private static func row(_ fault: Fault) -> [String] {
    let facts = fault.facts
    let strength = facts.strength.map { strength in
      let range = strength.range
      return "\(DecimalNumber.text(strength.usual)) (\(DecimalNumber.text(range.lowerBound))–"
        + "\(DecimalNumber.text(range.upperBound))) times \(strength.what)"
    }
    return [
      "`\(fault)`", facts.about, facts.places.isEmpty ? "the workload; takes no place" : kinds(facts.places),
      strength ?? "—", facts.duration?.description ?? "until cleared", facts.source,
    ]
  }

  private static func kinds(_ kinds: [PlaceKind]) -> String {
    kinds.map { "\($0.rawValue) `\($0.example)`" }.joined(separator: ", ")
  }

  private static func table(_ head: [String], _ rows: [[String]]) -> String {
    ([head, head.map { _ in "---" }] + rows).map { cells in
      "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
  }

  private static func columns(_ rows: [(String, String)]) -> String {
    let width = (rows.map(\.0.count).max() ?? 0) + 2
    return rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count) + $0.1 + "\n" }.joined()
  }
}
