public import XDeepServe

/// A model as YAML that reads back to the same value, but for whether it was measured.
public struct ModelText: Sendable, CustomStringConvertible {
  private var pairs: [(key: String, value: String)]

  /// A file of its own, a newline at its end.
  public var description: String {
    (["podium: \(SchemaVersion.current)"] + pairs.map { "\($0.key): \($0.value)" }).joined(separator: "\n") + "\n"
  }

  /// One line, to stand behind `model:` in a scenario.
  var inline: String { "{\(pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}" }

  /// Writes a model.
  public init(_ model: ServedModel) {
    let attention =
      switch model.attention {
      case .mla(let heads, let query, let latent, let rope, let head):
        "{mla: {heads: \(heads), q_rank: \(query), kv_rank: \(latent), rope: \(rope), head: \(head)}}"
      case .gqa(let heads, let keyValueHeads, let head):
        "{gqa: {heads: \(heads), kv_heads: \(keyValueHeads), head: \(head)}}"
      }
    pairs = [
      ("id", ScenarioText.quoted(model.id)), ("title", ScenarioText.quoted(model.title)),
      ("layers", "\(model.layers)"), ("dense_layers", "\(model.denseLayers)"), ("hidden", "\(model.hidden)"),
      ("attention", attention),
      (
        "experts",
        "{routed: \(model.experts), top_k: \(model.topK), shared: \(model.sharedExperts), inner: \(model.expertInner)}"
      ),
      ("dense_inner", "\(model.denseInner)"), ("vocabulary", "\(model.vocabulary)"),
      ("mtp_layers", "\(model.mtpLayers)"),
    ]
  }
}
