import Glibc
import Terminal

/// Screens kept as files beside the tests and compared letter by letter.
///
/// A missing file fails, so that a new screen is looked at; `PODIUM_RECORD_GOLDENS=1` writes what is drawn now.
public enum Golden {
  /// Compares a screen with `NAME.txt` (glyphs) and `NAME.style` (styles); nil where both agree, else what differs.
  public static func difference(_ canvas: Canvas, name: String, folder: String) -> String? {
    let problems = [
      difference(canvas.text, file: "\(folder)/\(name).txt"),
      difference(canvas.styleText, file: "\(folder)/\(name).style"),
    ].compactMap { $0 }
    return problems.isEmpty ? nil : problems.joined(separator: "\n")
  }

  /// Compares a text with a file; nil where they agree, else the first line that differs.
  public static func difference(_ text: String, file: String) -> String? {
    if isRecording { return write(text, file) }
    guard let kept = read(file) else {
      return "\(file) is missing; look at the screen, then record it with PODIUM_RECORD_GOLDENS=1.\n\(text)"
    }
    if kept == text { return nil }
    let wanted = kept.split(separator: "\n", omittingEmptySubsequences: false)
    let got = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in 0..<max(wanted.count, got.count) {
      let left = index < wanted.count ? String(wanted[index]) : "(no line)"
      let right = index < got.count ? String(got[index]) : "(no line)"
      if left != right { return "\(file):\(index + 1) is\n  \(left)\nbut is drawn as\n  \(right)" }
    }
    return "\(file) differs."
  }

  /// Whether this run writes goldens instead of comparing.
  public static var isRecording: Bool {
    guard let value = unsafe getenv("PODIUM_RECORD_GOLDENS") else { return false }
    return unsafe String(cString: value) == "1"
  }

  /// The folder `Goldens` beside a test's source file (pass `#filePath`).
  public static func folder(beside file: String) -> String {
    file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/Goldens"
  }

  private static func read(_ file: String) -> String? {
    let descriptor = unsafe open(file, O_RDONLY)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe Glibc.read(descriptor, &part, part.count)
      guard count > 0 else { break }
      bytes += part[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func write(_ text: String, _ file: String) -> String? {
    let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    unsafe mkdir(folder, 0o777)
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    guard descriptor >= 0 else { return "\(file) cannot be written." }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes[done...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return "\(file) cannot be written." }
      done += count
    }
    return nil
  }
}
