import SuperPod
import XDeepServe

/// A scenario's model, and whether an option chose it over the one that the scenario was written for.
struct ChosenModel {
  var model: ServedModel
  var byOption: Bool
  /// What it runs on.
  var chip = ChipRating.ascend910C

  /// Zero for a key that asks for something the model does not have.
  ///
  /// A file that contradicts itself is refused. Where an option replaces the model, what the file says for its own model
  /// gives way, and a note says so.
  func zero(
    instead value: Int, in field: Field, without what: String, notes: inout [String]
  ) throws(DocumentProblem) -> Int {
    guard value > 0 else { return 0 }
    guard byOption, case .file = field.node.place else {
      throw field.problem("must be 0, as \(model.title) has \(what), not \(value)")
    }
    notes.append("\(field.name) is taken as 0 instead of \(value): \(model.title) has \(what)")
    return 0
  }
}
