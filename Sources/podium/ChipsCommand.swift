import ArgumentParser
import Documents
import SuperPod

/// `podium chips`: a chip as text.
struct ChipsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chips", abstract: "Print the built-in chip, or one from a file, as YAML.",
    discussion: """
      What is printed is a start for a file of your own. A scenario takes it as `pod: {npus: 384, chip: FILE}`, or as \
      part of a machine's file: `pod: {machine: FILE}`.
      """)

  @Argument(help: "`910c`, or the path of a chip's .yaml file.")
  var name = "910c"

  func run() throws {
    print(ChipText(try ChipRating.reading(name, option: "chips")).description, terminator: "")
  }
}
