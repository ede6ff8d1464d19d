import ArgumentParser
import Documents
import XDeepServe

/// `podium models`: what is built in, or one of them as text.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "List the built-in models, or print one of them.")

  @Argument(help: "A model to print, as a start for a file of your own.")
  var name: String?

  func run() throws {
    if let name {
      print(ModelText(try ServedModel.reading(name, option: "models")).description, terminator: "")
      return
    }
    let width = ServedModel.all.map(\.id.count).max() ?? 0
    for model in ServedModel.all {
      let pad = String(repeating: " ", count: width + 2 - model.id.count)
      let total = Decimals.text(model.parameters / 1e9, 0)
      let active = Decimals.text(model.activeParameters / 1e9, 0)
      let source = model.measured ? "measured on this system" : "prediction from its architecture"
      print("\(model.id)\(pad)\(model.title): \(total)B, \(active)B active, \(model.experts) experts; \(source)")
    }
  }
}
