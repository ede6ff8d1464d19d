/// The one table of metrics, in the order of `MetricID`.
///
/// Columns, tooltips, sort keys, headers, recording quanta and exposition names all come from here. A range is the fixed
/// scale of ramps and gauges, no limit on values; a quantum is the step to which history and recordings round, chosen
/// below what a screen can show and above what noise makes of a value.
public enum MetricCatalogue {
  /// A row for each `MetricID`.
  public static let rows: [Metric] = pod + node + die + links + engines + groups + primitives

  /// The metric of a name as people and files spell it, nil where no metric has it.
  public static func id(named name: String) -> MetricID? {
    MetricID.allCases.first { $0.metric.name == name }
  }

  private static let pod: [Metric] = [
    Metric(
      name: "ttft_p50", unit: "ms", element: .pod, range: 0...4000, quantum: 1, decimals: 0,
      help: "Median time from arrival to first token, of requests that got it in the last 30 s.",
      prometheusName: "podium_ttft_p50_seconds"),
    Metric(
      name: "ttft_p99", unit: "ms", element: .pod, range: 0...4000, quantum: 1, decimals: 0,
      help: "Time from arrival to first token that 99 of 100 requests of the last 30 s stayed below.",
      prometheusName: "podium_ttft_p99_seconds"),
    Metric(
      name: "tpot_p50", unit: "ms", element: .pod, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Median time per output token over the decode steps of the last 10 s.",
      prometheusName: "podium_tpot_p50_seconds"),
    Metric(
      name: "tpot_p99", unit: "ms", element: .pod, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Time per output token that 99 of 100 decode steps of the last 10 s stayed below.",
      prometheusName: "podium_tpot_p99_seconds"),
    Metric(
      name: "output_tokens", unit: "tok/s", element: .pod, range: 0...500_000, quantum: 100, decimals: 0,
      help: "Tokens that all decode engines gave out in the last second.",
      prometheusName: "podium_output_tokens_per_second"),
    Metric(
      name: "input_tokens", unit: "tok/s", element: .pod, range: 0...1_000_000, quantum: 100, decimals: 0,
      help: "Prompt tokens prefilled in the last second, cached ones too.",
      prometheusName: "podium_input_tokens_per_second"),
    Metric(
      name: "goodput", unit: "req/s", element: .pod, range: 0...500, quantum: 1, decimals: 0,
      help: "Requests finished in the last second that met both halves of the target.",
      prometheusName: "podium_goodput_requests_per_second"),
    Metric(
      name: "slo_share", unit: "%", element: .pod, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Share of the requests finished in the last 30 s that met both halves of the target.",
      prometheusName: "podium_slo_met_ratio"),
    Metric(
      name: "arrivals", unit: "req/s", element: .pod, range: 0...500, quantum: 1, decimals: 0,
      help: "Requests that arrived in the last second.", prometheusName: "podium_arrived_requests_per_second"),
    Metric(
      name: "finished", unit: "req/s", element: .pod, range: 0...500, quantum: 1, decimals: 0,
      help: "Requests that finished in the last second.", prometheusName: "podium_finished_requests_per_second"),
    Metric(
      name: "waiting", unit: "requests", element: .pod, range: 0...10_000, quantum: 1, decimals: 0,
      help: "Requests that have arrived and are not decoding yet: queued, in prefill or in transfer.",
      prometheusName: "podium_waiting_requests"),
    Metric(
      name: "running", unit: "requests", element: .pod, range: 0...50_000, quantum: 1, decimals: 0,
      help: "Requests that are decoding.", prometheusName: "podium_running_requests"),
    Metric(
      name: "pod_kv", unit: "%", element: .pod, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Share of the decode engines' KV cache in use.", prometheusName: "podium_kv_cache_usage_ratio"),
    Metric(
      name: "tokens_per_step", unit: "tok", element: .pod, range: 1...3, quantum: 0.01, decimals: 2,
      help: "Tokens that a request gained in a decode step, mean of the last second; above one by accepted drafts.",
      prometheusName: "podium_tokens_per_step"),
    Metric(
      name: "acceptance", unit: "%", element: .pod, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Share of drafted tokens that the main model accepted in the last second.",
      prometheusName: "podium_draft_acceptance_ratio"),
  ]

  private static let node: [Metric] = [
    Metric(
      name: "node_expert_load", unit: "%", element: .node, range: 0...300, quantum: 1, decimals: 0,
      help: "Expert tokens of the node's fullest die in its fullest layer over the engine's mean die; 100 is the mean.",
      prometheusName: "podium_node_expert_load_ratio"),
    // Four CPUs of 160 GB/s.
    Metric(
      name: "node_cpu_up", unit: "GB/s", element: .node, range: 0...640, quantum: 0.1, decimals: 1,
      help: "Bytes that the node's CPUs sent over the fabric: KV from the pool of prompts, and KV put out of the way.",
      prometheusName: "podium_node_cpu_sent_bytes_per_second"),
    Metric(
      name: "node_cpu_down", unit: "GB/s", element: .node, range: 0...640, quantum: 0.1, decimals: 1,
      help: "Bytes that the node's CPUs received over the fabric: KV for the pool of prompts.",
      prometheusName: "podium_node_cpu_received_bytes_per_second"),
  ]

  private static let die: [Metric] = [
    Metric(
      name: "die_busy", unit: "%", element: .die, range: 0...100, quantum: 1, decimals: 0,
      help: "Share of the last second that the die computed or moved bytes, without waiting for others.",
      prometheusName: "podium_die_busy_ratio"),
    Metric(
      name: "die_stall", unit: "%", element: .die, range: 0...100, quantum: 1, decimals: 0,
      help: "Share of the last second that the die waited for others in dispatch and combine.",
      prometheusName: "podium_die_stall_ratio"),
    Metric(
      name: "die_batch", unit: "requests", element: .die, range: 0...96, quantum: 1, decimals: 0,
      help: "Requests that the die decodes or prefills.", prometheusName: "podium_die_batch_requests"),
    Metric(
      name: "die_kv", unit: "%", element: .die, range: 0...100, quantum: 0.5, decimals: 0,
      help: "Share of the die's KV cache in use.", prometheusName: "podium_die_kv_cache_usage_ratio"),
    Metric(
      name: "die_hbm_used", unit: "GB", element: .die, range: 0...64, quantum: 0.1, decimals: 1,
      help: "HBM in use of the die's 64 GB: weights, KV cache, workspace.",
      prometheusName: "podium_die_hbm_used_bytes"),
    Metric(
      name: "die_hbm_bandwidth", unit: "TB/s", element: .die, range: 0...1.6, quantum: 0.02, decimals: 2,
      help: "Bytes that the die read from and wrote to HBM in the last second, of 1.6 TB/s.",
      prometheusName: "podium_die_hbm_bytes_per_second"),
    Metric(
      name: "die_expert_load", unit: "%", element: .die, range: 0...200, quantum: 1, decimals: 0,
      help: "Expert tokens that the die took in the last second over the mean die of its engine; 100 is the mean.",
      prometheusName: "podium_die_expert_load_ratio"),
    Metric(
      name: "die_power", unit: "W", element: .die, range: 0...350, quantum: 1, decimals: 0,
      help: "Power that the die draws, half of its package's.", prometheusName: "podium_die_power_watts"),
    Metric(
      name: "die_temperature", unit: "°C", element: .die, range: 20...100, quantum: 0.5, decimals: 0,
      help: "Temperature of the die's HBM.", prometheusName: "podium_die_temperature_celsius"),
    Metric(
      name: "die_health", unit: "", element: .die, range: 0...4, quantum: 1, decimals: 0,
      help: "State of the die, its NPU and its node: 0 healthy, 1 slowed, 2 drained, 3 set apart, 4 down.",
      prometheusName: "podium_die_health"),
  ]

  // The line rate of a die–L1 and of an L1–L2 link is 28 GB/s each way ([CM], `Topology`).
  private static let links: [Metric] = [
    Metric(
      name: "die_link_up", unit: "GB/s", element: .dieLink, range: 0...28, quantum: 0.1, decimals: 1,
      help: "Bytes of the last second from the die to its L1 switch.",
      prometheusName: "podium_die_link_transmit_bytes_per_second"),
    Metric(
      name: "die_link_down", unit: "GB/s", element: .dieLink, range: 0...28, quantum: 0.1, decimals: 1,
      help: "Bytes of the last second from the L1 switch to the die.",
      prometheusName: "podium_die_link_receive_bytes_per_second"),
    Metric(
      name: "uplink_up", unit: "GB/s", element: .uplink, range: 0...28, quantum: 0.1, decimals: 1,
      help: "Bytes of the last second from the node's L1 switch to an L2 switch.",
      prometheusName: "podium_uplink_transmit_bytes_per_second"),
    Metric(
      name: "uplink_down", unit: "GB/s", element: .uplink, range: 0...28, quantum: 0.1, decimals: 1,
      help: "Bytes of the last second from an L2 switch to the node's L1 switch.",
      prometheusName: "podium_uplink_receive_bytes_per_second"),
  ]

  private static let engines: [Metric] = [
    Metric(
      name: "engine_queue", unit: "requests", element: .engine, range: 0...1000, quantum: 1, decimals: 0,
      help: "Requests that wait for the engine: prompts in prefill's queue, transfers held back by decode.",
      prometheusName: "podium_engine_queued_requests"),
    Metric(
      name: "engine_running", unit: "requests", element: .engine, range: 0...20_000, quantum: 1, decimals: 0,
      help: "Requests that the engine works on.", prometheusName: "podium_engine_running_requests"),
    Metric(
      name: "engine_kv", unit: "%", element: .engine, range: 0...100, quantum: 0.1, decimals: 1,
      help: "Share of the engine's KV cache in use.", prometheusName: "podium_engine_kv_cache_usage_ratio"),
    Metric(
      name: "engine_iteration", unit: "ms", element: .engine, range: 0...150, quantum: 0.1, decimals: 1,
      help: "Mean length of the engine's iterations of the last second, without the gap between them.",
      prometheusName: "podium_engine_iteration_seconds"),
    Metric(
      name: "engine_busy", unit: "%", element: .engine, range: 0...100, quantum: 0.1, decimals: 0,
      help: "Share of the last second that the engine had an iteration or a prompt under way.",
      prometheusName: "podium_engine_busy_ratio"),
    Metric(
      name: "engine_expert_imbalance", unit: "×", element: .engine, range: 1...3, quantum: 0.01, decimals: 2,
      help: "Expert tokens of the engine's fullest die over the mean die, mean over layers of the last second.",
      prometheusName: "podium_engine_expert_imbalance_ratio"),
  ]

  private static let groups: [Metric] = [
    Metric(
      name: "group_batch", unit: "requests", element: .group, range: 0...96, quantum: 1, decimals: 0,
      help: "Requests that the DP group decodes or prefills.", prometheusName: "podium_group_batch_requests"),
    Metric(
      name: "group_kv", unit: "%", element: .group, range: 0...100, quantum: 0.5, decimals: 0,
      help: "Share of the DP group's KV cache in use.", prometheusName: "podium_group_kv_cache_usage_ratio"),
  ]

  private static let primitives: [Metric] = [
    Metric(
      name: "primitive_calls", unit: "calls/s", element: .primitive, range: 0...1_000_000, quantum: 10, decimals: 0,
      help: "Calls of the last second; one call is one die taking part in one operation.",
      prometheusName: "podium_primitive_calls_per_second"),
    Metric(
      name: "primitive_bytes", unit: "GB/s", element: .primitive, range: 0...150_000, quantum: 1, decimals: 0,
      help: "Bytes that the primitive moved in the last second, all dies together.",
      prometheusName: "podium_primitive_bytes_per_second"),
    Metric(
      name: "primitive_mean", unit: "µs", element: .primitive, range: 0...1000, quantum: 0.1, decimals: 0,
      help: "Mean time of a call, wire and wait together.", prometheusName: "podium_primitive_mean_seconds"),
    Metric(
      name: "primitive_min", unit: "µs", element: .primitive, range: 0...1000, quantum: 0.1, decimals: 0,
      help: "Shortest call of the last second.", prometheusName: "podium_primitive_min_seconds"),
    Metric(
      name: "primitive_p50", unit: "µs", element: .primitive, range: 0...1000, quantum: 0.1, decimals: 0,
      help: "Median call of the last second.", prometheusName: "podium_primitive_p50_seconds"),
    Metric(
      name: "primitive_p99", unit: "µs", element: .primitive, range: 0...3000, quantum: 1, decimals: 0,
      help: "Time that 99 of 100 calls of the last second stayed below.",
      prometheusName: "podium_primitive_p99_seconds"),
    Metric(
      name: "primitive_max", unit: "µs", element: .primitive, range: 0...3000, quantum: 1, decimals: 0,
      help: "Longest call of the last second.", prometheusName: "podium_primitive_max_seconds"),
    Metric(
      name: "primitive_wire", unit: "µs", element: .primitive, range: 0...1000, quantum: 0.1, decimals: 0,
      help: "Mean time of a call spent on moving bytes and announcing them.",
      prometheusName: "podium_primitive_wire_seconds"),
    Metric(
      name: "primitive_wait", unit: "µs", element: .primitive, range: 0...1000, quantum: 0.1, decimals: 0,
      help: "Mean time of a call spent on waiting for others.", prometheusName: "podium_primitive_wait_seconds"),
  ]
}
