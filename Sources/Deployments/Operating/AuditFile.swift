import Glibc
public import Operations

/// The audit log on disk: JSON Lines that are only ever appended to.
///
/// A later line of the same number tells how an action ended. A last line that was cut off, or any other that is none, is
/// passed over and stays as it is.
public struct AuditFile: Sendable {
  /// Where it is.
  public let path: String

  /// A log at a path; nothing is read or made yet.
  public init(path: String) { self.path = path }

  /// What stands there, oldest first, the last line of every number; empty where there is no file.
  ///
  /// - Parameter limit: At most so many of the newest.
  public func entries(limit: Int = 1000) -> [AuditEntry] {
    let lines = Self.bytes(of: path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
    var entries: [AuditEntry] = []
    var places: [Int: Int] = [:]
    for line in lines {
      guard let entry = AuditEntry(line: String(decoding: line, as: UTF8.self)) else { continue }
      if let place = places[entry.number] {
        entries[place] = entry
      } else {
        places[entry.number] = entries.count
        entries.append(entry)
      }
    }
    return Array(entries.suffix(limit))
  }

  /// Appends an entry in one write; a sentence where that cannot be done, nil where it was.
  public func append(_ entry: AuditEntry) -> String? {
    makeFolder()
    let descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return Self.problem(path) }
    defer { close(descriptor) }
    // Behind a line that was cut off a new one begins.
    var last: UInt8 = 0x0A
    let size = lseek(descriptor, 0, SEEK_END)
    if size > 0 { _ = unsafe pread(descriptor, &last, 1, size - 1) }
    let bytes = Array(((last == 0x0A ? "" : "\n") + entry.line + "\n").utf8)
    let written = unsafe write(descriptor, bytes, bytes.count)
    return written == bytes.count ? nil : written < 0 ? Self.problem(path) : "\(path) was written in part: disk full?"
  }

  private func makeFolder() {
    var folder = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/").dropLast() {
      folder += "/" + part
      unsafe mkdir(folder, 0o700)
    }
  }

  private static func problem(_ path: String) -> String {
    "\(path) cannot be written: \(unsafe String(cString: strerror(errno)))"
  }

  private static func bytes(of path: String) -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe read(descriptor, &part, part.count)
      guard count > 0 else { return bytes }
      bytes += part[..<count]
    }
  }
}
