import Glibc
import Words

/// The whole content of a file that somebody named.
struct FileBytes {
  /// Largest document in YAML; the built-in ones have 5 KB.
  static let yamlLimit = 256 << 10
  /// Largest trace; the published ones have 3 MB and less.
  static let traceLimit = 1 << 30

  /// Reads a file to its end; anything that cannot be read is a sentence.
  static func read(_ path: String, limit: Int) throws(DocumentProblem) -> [UInt8] {
    let place = DocumentProblem.Place.file(path, line: nil, column: nil)
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw DocumentProblem(place, "cannot be opened: \(reason(errno))") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      let count = unsafe part.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw DocumentProblem(place, "cannot be read: \(reason(errno))") }
      if count == 0 { return bytes }
      bytes.append(contentsOf: part[..<count])
      guard bytes.count <= limit else {
        throw DocumentProblem(place, "is too large: at most \(ByteAmount(bytes: Int64(limit))) are read")
      }
    }
  }

  /// Whether there is a file of that name.
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  /// Names of the files in a folder, in no order; none if it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // The name is a tuple of 256 characters that ends with a zero.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(name)
    }
    return names
  }

  private static func reason(_ number: Int32) -> String {
    switch number {
    case ENOENT: "no such file"
    case EISDIR: "it is a folder"
    case EACCES: "permission denied"
    default: unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
    }
  }
}
