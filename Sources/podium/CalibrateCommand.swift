import ArgumentParser
import Documents
import Words
import XDeepServe

/// `podium calibrate`: the published rows beside what the model gives.
struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Compare the model with the published calibration table; exit code 1 if a row fails.")

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Print the table as it stands in docs/model.md.")
  var markdown = false

  mutating func validate() throws {
    guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other.") }
  }

  func run() throws {
    var rows: [CalibrationRow] = []
    for part in Calibration.Part.allCases {
      do {
        rows += try Calibration.rows(of: part)
      } catch {
        // A set-up of the table is part of the program: it fits unless the model is broken.
        StandardError.write("podium: \(error.key): \(error.message)\n")
        throw ExitCode(1)
      }
    }
    let table = CalibrationTable(rows, later: Calibration.later)
    print(json ? table.json.text : markdown ? table.markdown : table.text)
    guard rows.allSatisfy(\.passes) else { throw ExitCode(1) }
  }
}
