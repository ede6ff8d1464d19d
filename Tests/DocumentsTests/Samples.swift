import Foundation

/// Files that tests read: made ones of this repository, real ones beside it where they are at hand.
enum Samples {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// 240 requests in Mooncake's format.
  static let mooncake = root.appending(path: "traces/made-mooncake.jsonl").path
  /// 60 requests in Azure's format, lines ended by CR LF, the last one by nothing.
  static let azure = root.appending(path: "traces/made-azure.csv").path

  /// A real trace outside the repository, nil where it is missing.
  static func shared(_ name: String) -> String? {
    let path = root.deletingLastPathComponent().appending(path: "shared/traces/\(name)").path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
