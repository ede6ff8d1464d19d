/// The version of the documents that this program reads and writes, the first key of each.
enum SchemaVersion {
  static let current = 1

  /// Checks the key `podium`.
  static func check(_ fields: Fields) throws(DocumentProblem) {
    let field = try fields.required("podium", "the version of its schema, `podium: \(current)`")
    guard try field.text(accepted: "\(current)") == "\(current)" else {
      throw field.problem("must be \(current), the one version that this program reads, not \(field.node.kind)")
    }
  }
}
