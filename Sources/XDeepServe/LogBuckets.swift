import Telemetry

/// The buckets of `LogHistogram` as kernels fill them.
enum LogBuckets {
  static let count = LogHistogram.bucketCount
  static let shift: UInt32 = 23 - LogHistogram.subBits
  static let offset: UInt32 = UInt32(127) << LogHistogram.subBits
}
