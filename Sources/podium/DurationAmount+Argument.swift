import ArgumentParser
import Documents
import Words

extension DurationAmount {
  /// Reads an option's value, with a sentence where it is none.
  static func argument(_ text: String) throws -> DurationAmount {
    guard let duration = DurationAmount(text) else {
      throw ValidationError("`\(text.printable(limit: 40))` is not \(accepted).")
    }
    return duration
  }
}
