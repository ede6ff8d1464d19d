public import SuperPod
import Words

/// A chip as YAML that reads back to the same value.
public struct ChipText: Sendable, CustomStringConvertible {
  private var pairs: [(key: String, value: String)]

  /// A file of its own, a newline at its end.
  public var description: String {
    (["podium: \(SchemaVersion.current)"] + pairs.map { "\($0.key): \($0.value)" }).joined(separator: "\n") + "\n"
  }

  /// One line, to stand behind `chip:` in a scenario.
  var inline: String { "{\(pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}" }

  /// Writes a chip.
  public init(_ chip: ChipRating) {
    pairs = [
      ("title", ScenarioText.quoted(chip.name)),
      ("bf16_tflops", DecimalNumber.text(chip.bf16PerSecond / 1e12)),
      ("int8_tops", DecimalNumber.text(chip.int8PerSecond / 1e12)),
      ("hbm_gb", DecimalNumber.text(chip.hbmBytes / 1e9)),
      ("hbm_tb_per_s", DecimalNumber.text(chip.hbmBytesPerSecond / 1e12)),
      ("vector_cores", "\(chip.vectorCores)"),
    ]
  }
}
