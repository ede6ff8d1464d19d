import ArgumentParser
import Documents
import Glibc
import Terminal
import Words

/// `podium themes`: what can be chosen, or one of them as text.
struct ThemesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "themes", abstract: "List the themes, or print one of them.")

  @Argument(help: "A built-in theme to print, as a start for a file of your own.")
  var name: String?

  func run() throws {
    let library = ThemeLibrary.forThisUser
    if let name {
      print(try library.builtInText(named: name), terminator: "")
      return
    }
    for name in library.names {
      let about: String
      do throws(DocumentProblem) {
        about = try library.theme(named: name).about
      } catch {
        about = "cannot be used: \(error)"
      }
      print(name.printable(limit: 40) + String(repeating: " ", count: max(2, 12 - name.count)) + about)
    }
  }
}

extension ThemeLibrary {
  /// The library with the themes of whoever runs the program.
  static var forThisUser: ThemeLibrary {
    var environment: [String: String] = [:]
    for key in ["HOME", "XDG_CONFIG_HOME"] {
      environment[key] = unsafe getenv(key).map { unsafe String(cString: $0) }
    }
    return ThemeLibrary(environment: environment)
  }
}
