import Glibc

/// Programs built beside the tests.
public enum BuiltProgram {
  /// The path of a product in the folder of the running test binary, or nil.
  public static func path(_ name: String) -> String? {
    // The runner may be a helper of the toolchain; the test bundle's own path stands among the mapped files.
    var candidates = CommandLine.arguments
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink("/proc/self/exe", &buffer, 4095)
    if length > 0 {
      candidates.append(String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
    for candidate in candidates {
      let parts = candidate.split(separator: "/", omittingEmptySubsequences: false)
      let path = (parts.dropLast() + [Substring(name)]).joined(separator: "/")
      if unsafe access(path, X_OK) == 0 { return path }
    }
    return nil
  }
}
