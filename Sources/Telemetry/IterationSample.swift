/// What a span of an iteration is spent on.
public enum Phase: UInt8, CaseIterable, Sendable {
  case attention, dispatch, moe, combine, a2e, e2a, dense, mtp, sampling, gap
}

/// One phase of one layer as the whole engine lived it: from the first die that could begin to the last that ended.
public struct PhaseSpan: Hashable, Sendable {
  /// What was done.
  public var phase: Phase
  /// Layer of the model; the MTP layer comes after the last one.
  public var layer: Int16
  /// DP domain, zero where the layout has none.
  public var domain: UInt8
  /// Micro-batch, zero where there is one.
  public var microBatch: UInt8
  /// Begin, microseconds after the iteration's.
  public var start: Float
  /// End for the slowest die, microseconds after the iteration's begin.
  public var end: Float
  /// Mean over dies of what they waited for others in this phase, microseconds.
  public var wait: Float
  /// The die that came last, as an index of the topology; -1 where nobody did.
  public var slowestDie: Int32
  /// How far the slowest came behind the mean, microseconds.
  public var lag: Float

  /// A span; see the properties.
  public init(
    phase: Phase, layer: Int16, domain: UInt8 = 0, microBatch: UInt8 = 0, start: Float, end: Float, wait: Float = 0,
    slowestDie: Int32 = -1, lag: Float = 0
  ) {
    self.phase = phase
    self.layer = layer
    self.domain = domain
    self.microBatch = microBatch
    self.start = start
    self.end = end
    self.wait = wait
    self.slowestDie = slowestDie
    self.lag = lag
  }
}

/// Which of a second's iterations a sample is.
public enum SampleKind: UInt8, Sendable {
  case median, p99
}

/// One whole decode iteration of one engine.
public struct IterationSample: Hashable, Sendable {
  /// Index in `PodLayout.engines`.
  public var engine: Int
  /// Median or p99 of its second.
  public var kind: SampleKind
  /// Nanoseconds since the scenario's start.
  public var start: Int64
  /// Length without the gap, microseconds.
  public var duration: Float
  /// Pause before the next iteration, microseconds.
  public var gap: Float
  /// Spans in order of their start.
  public var spans: [PhaseSpan]

  /// A sample; see the properties.
  public init(engine: Int, kind: SampleKind, start: Int64, duration: Float, gap: Float, spans: [PhaseSpan]) {
    self.engine = engine
    self.kind = kind
    self.start = start
    self.duration = duration
    self.gap = gap
    self.spans = spans
  }
}
