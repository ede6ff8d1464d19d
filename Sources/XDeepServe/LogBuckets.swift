import Telemetry

/// The buckets of `LogHistogram` as kernels fill them: four tables side by side, so that two equal buckets in a row do
/// not wait for each other's increment.
enum LogBuckets {
  /// Buckets that `LogHistogram` knows.
  static let count = LogHistogram.bucketCount
  /// Entries of a table, a power of two.
  static let stride = 2048
  /// Keeps an index inside a table.
  static let mask: UInt32 = 2047
  /// Entries of all four tables.
  static let places = 4 * stride
  static let shift: UInt32 = 23 - LogHistogram.subBits
  static let offset: UInt32 = UInt32(127) << LogHistogram.subBits
}
