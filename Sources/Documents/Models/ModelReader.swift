import Words
import XDeepServe

/// Turns what is written about a served model into its value: a built-in name, the path of a file, or the keys in place.
struct ModelReader {
  /// The scenario's folder for paths written in it.
  let path: (String, DocumentProblem.Place) -> String

  private static let keys = [
    "id", "title", "layers", "dense_layers", "hidden", "attention", "experts", "dense_inner", "vocabulary",
    "mtp_layers",
  ]

  /// What `model:` and `--model` accept.
  static var accepted: String {
    ServedModel.all.map { "`\($0.id)`" }.joined(separator: ", ") + " or the path of a model's .yaml file"
  }

  /// The model that a field names or describes.
  func read(_ field: Field) throws(DocumentProblem) -> ServedModel {
    if case .mapping = field.node.content {
      return try read(try Fields(field, known: Self.keys), fallback: "model")
    }
    let name = try field.text(accepted: Self.accepted)
    if let model = ServedModel.named(name) { return model }
    guard name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") else {
      let nearest = NearestWord(known: ServedModel.all.map(\.id))(to: name).map { "; the nearest is `\($0)`" } ?? ""
      throw field.problem("must be \(Self.accepted), not \(field.node.kind)\(nearest)")
    }
    return try Self.read(file: path(name, field.node.place))
  }

  /// The model that a file describes.
  static func read(file: String) throws(DocumentProblem) -> ServedModel {
    let root = try DocumentNode.parse(try FileBytes.read(file, limit: FileBytes.yamlLimit), file: file)
    let fields = try Fields(Field(name: "", node: root), known: ["podium"] + keys)
    try SchemaVersion.check(fields)
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let reader = ModelReader { name, _ in name }
    return try reader.read(fields, fallback: last.split(separator: ".").first.map(String.init) ?? last)
  }

  private func read(_ fields: Fields, fallback: String) throws(DocumentProblem) -> ServedModel {
    let id = try fields["id"].map { (field) throws(DocumentProblem) in try field.text(accepted: "a name") } ?? fallback
    let title = try fields["title"].map { (field) throws(DocumentProblem) in try field.text(accepted: "a name") } ?? id
    let layers = try integer(fields, "layers", "the number of layers", 1...1000)
    let dense =
      try fields["dense_layers"].map { (field) throws(DocumentProblem) in try field.integer(in: 0...(layers - 1)) } ?? 0
    let hidden = try integer(fields, "hidden", "the width of the residual stream", 64...65_536)
    let attention = try readAttention(try fields.required("attention", "`mla: {…}` or `gqa: {…}`"))
    let experts = try Fields(
      try fields.required("experts", "such as `{routed: 256, top_k: 8, shared: 1, inner: 2048}`"),
      known: ["routed", "top_k", "shared", "inner"])
    let routed = try integer(experts, "routed", "the number of routed experts", 2...2048)
    let taken = try integer(experts, "top_k", "the number of experts a token takes", 1...min(64, routed))
    let shared = try experts["shared"].map { (field) throws(DocumentProblem) in try field.integer(in: 0...1) } ?? 0
    let inner = try integer(experts, "inner", "the inner width of an expert", 64...65_536)
    var denseInner = 0
    if dense > 0 {
      denseInner = try integer(fields, "dense_inner", "the inner width of a dense layer", 64...262_144)
    } else if let field = fields["dense_inner"] {
      denseInner = try field.integer(in: 0...262_144)
    }
    let vocabulary = try integer(fields, "vocabulary", "the number of tokens in the vocabulary", 2...4_000_000)
    let drafts = try fields["mtp_layers"].map { (field) throws(DocumentProblem) in try field.integer(in: 0...8) } ?? 0
    return ServedModel(
      id: id.printable(limit: 40), title: title.printable(limit: 40), layers: layers, denseLayers: dense,
      hidden: hidden,
      attention: attention, experts: routed, topK: taken, sharedExperts: shared, expertInner: inner,
      denseInner: denseInner, vocabulary: vocabulary, mtpLayers: drafts)
  }

  private func readAttention(_ field: Field) throws(DocumentProblem) -> AttentionKind {
    let kinds = try Fields(field, known: ["mla", "gqa"])
    switch (kinds["mla"], kinds["gqa"]) {
    case (let mla?, nil):
      let fields = try Fields(mla, known: ["heads", "q_rank", "kv_rank", "rope", "head"])
      return .mla(
        heads: try integer(fields, "heads", "the number of heads", 1...1024),
        queryRank: try integer(fields, "q_rank", "the rank of the query compression", 1...65_536),
        latentRank: try integer(fields, "kv_rank", "the rank of the latent KV", 1...65_536),
        ropeDimensions: try integer(fields, "rope", "the rotary dimensions of a head", 0...4096),
        headDimensions: try integer(fields, "head", "the other dimensions of a head", 1...4096))
    case (nil, let gqa?):
      let fields = try Fields(gqa, known: ["heads", "kv_heads", "head"])
      let heads = try integer(fields, "heads", "the number of query heads", 1...1024)
      let groups = try fields.required("kv_heads", "the number of heads of keys and values")
      let shared = try groups.integer(in: 1...heads)
      guard heads % shared == 0 else {
        throw groups.problem("must divide the \(heads) query heads in equal groups, and \(shared) does not")
      }
      return .gqa(
        heads: heads, keyValueHeads: shared,
        headDimensions: try integer(fields, "head", "the dimensions of a head", 1...4096))
    default:
      throw field.problem("must have exactly one of `mla` and `gqa`")
    }
  }

  private func integer(
    _ fields: Fields, _ key: String, _ what: String, _ range: ClosedRange<Int>
  ) throws(DocumentProblem) -> Int {
    try fields.required(key, what).integer(in: range)
  }
}

extension ServedModel {
  /// The built-in model of a name, or what the file of that path describes; `option` is where it was asked for.
  public static func reading(_ name: String, option: String) throws(DocumentProblem) -> ServedModel {
    let field = Field(name: "", node: .scalar(name, at: .option(option)))
    return try ModelReader { name, _ in name }.read(field)
  }
}
