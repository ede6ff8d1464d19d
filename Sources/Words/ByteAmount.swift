/// A number of bytes: `64MiB 1.5GB`; KiB counts in 1,024s, kB in 1,000s.
public struct ByteAmount: Amount {
  /// Not negative.
  public var bytes: Int64

  /// For error messages.
  public static let accepted = "bytes with their unit, such as 512B, 64MiB or 1.5GB"
  private static let binary: [(String, Int64)] = [
    ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10),
  ]
  private static let decimal: [(String, Int64)] = [
    ("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000), ("B", 1),
  ]

  /// So many bytes.
  ///
  /// - Precondition: not negative.
  public init(bytes: Int64) {
    precondition(bytes >= 0, "a size is not negative")
    self.bytes = bytes
  }

  /// Reads a word; nil if it is not one of this kind.
  public init?(_ text: String) {
    guard let (number, unit) = DecimalNumber.split(text),
      let factor = (Self.binary + Self.decimal).first(where: { $0.0 == unit })?.1, let value = number.times(factor)
    else { return nil }
    bytes = value
  }

  /// In the largest binary unit that divides it, else in the largest decimal unit not above it.
  public var description: String {
    for (unit, factor) in Self.binary where bytes > 0 && bytes % factor == 0 { return "\(bytes / factor)\(unit)" }
    let (unit, factor) = Self.decimal.first { bytes >= $0.1 } ?? ("B", 1)
    return DecimalNumber.text(bytes, perUnit: factor) + unit
  }
}
