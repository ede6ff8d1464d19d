import Telemetry

/// The buckets of `LogHistogram` as kernels fill them: four tables side by side, so that two equal buckets in a row do
/// not wait for each other's increment.
enum LogBuckets {
  /// Buckets that `LogHistogram` knows.
  static let count = LogHistogram.bucketCount
  /// Entries between two tables: 2,048 and a bit more, so that equal buckets of the tables do not share their address
  /// modulo 4,096, which processors take for the same one at first.
  static let stride = 2048 + 272
  /// Keeps an index inside a table.
  static let mask: UInt32 = 2047
  /// Entries of all four tables.
  static let places = 4 * stride
  static let shift: UInt32 = 23 - LogHistogram.subBits
  private static let offset = 127 << LogHistogram.subBits

  /// Where the first table keeps a bucket of `LogHistogram`: at the bits of the number itself, which spares a kernel
  /// the subtraction.
  static func place(_ bucket: Int) -> Int { (bucket + offset) & Int(mask) }
}
