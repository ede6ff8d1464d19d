/// Expert loads as a file gives them: a JSON (or YAML) list of layers, each a list of one number an expert.
public struct WeightMatrix: Hashable, Sendable {
  /// Numbers that a file may hold: 1,000 layers of 1,000 experts.
  private static let most = 1_001_000

  /// Loads, layers × experts.
  public let weights: [[Double]]

  /// Reads a file; `named` stands for it in messages.
  public init(path: String) throws(DocumentProblem) {
    try self.init(try FileBytes.read(path, limit: 64 << 20), file: path)
  }

  /// Reads a text.
  public init(_ bytes: [UInt8], file: String) throws(DocumentProblem) {
    let root = Field(name: "", node: try DocumentNode.parse(bytes, file: file, most: Self.most))
    var weights: [[Double]] = []
    for row in try root.list(of: "layers") {
      var numbers: [Double] = []
      for item in try row.list(of: "loads") { numbers.append(try item.number(in: 0...1e18)) }
      guard numbers.count == weights.first?.count ?? numbers.count, !numbers.isEmpty else {
        throw row.problem(
          "has \(numbers.count) loads; accepted are as many as in the first layer, \(weights.first?.count ?? 1) or more"
        )
      }
      weights.append(numbers)
    }
    guard !weights.isEmpty else { throw root.problem("holds no layer; accepted is a list of lists of numbers") }
    self.weights = weights
  }
}
