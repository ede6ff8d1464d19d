import DequeModule
import HeapModule
public import Operations
import SuperPod
public import Telemetry

/// A pod serving requests, as a value: a copy is a fork, `advance(to:)` is the only way time passes.
///
/// Same scenario and seed, same bytes, however the time is cut into steps and whoever looks on. State lies in
/// contiguous columns; the calendar holds one event an iteration, a prefill step, a transfer and an arrival, never one
/// a token.
public struct Simulation: Sendable {
  /// Nanoseconds in a second.
  static let second: Int64 = 1_000_000_000
  /// Seconds over which frames give time to first token, and time per output token.
  static let ttftWindow = 30
  static let stepWindow = 10

  /// What runs.
  public let scenario: Scenario
  /// Who does what on which dies.
  public internal(set) var layout: PodLayout
  /// Nanoseconds since the scenario's start.
  public internal(set) var now: Int64 = 0
  /// Everything that happened so far, in order.
  public internal(set) var events: [Event] = []
  /// Nanoseconds from which on the report counts; set it before advancing.
  public var measureFrom: Int64 {
    get { measurement.from }
    set { measurement.from = newValue }
  }

  var queue = Heap<QueuedEvent>()
  var scheduled: UInt64 = 0
  var requests = RequestPool()
  var totals = RequestTotals()
  var prefill: [PrefillEngine]
  var decode: [DecodeEngine]
  /// Blocks of prompts whose KV each prefilling engine still has; none where the workload has no hash blocks.
  var caches: [PrefixCache] = []
  /// The same for the pool in the CPUs' memory, that all prefill engines share; nil without hash blocks.
  var pool: PrefixCache?
  /// What routing has to know of prefill engines.
  var routes: [PrefillRoute]
  /// What the job executor knows of loads.
  var reports: LoadReports
  /// Prompts of so many tokens have prefill engines of their own; nil where they have not.
  public internal(set) var isolatedPrompt: Int32?
  /// Fresh prompt tokens that each mixed engine has before it, what routing looks at.
  var pendingPrompts: [Int]
  var popularity: ExpertPopularity
  /// Hottest expert of a layer over the mean, now.
  var hottestExpert: Float
  /// Loads summed over the drift's steps since the last balancing, and how many.
  var observedSum: [Float]
  /// What the balancer counted last, and its newest answer.
  var balanced: Balanced?
  var observedSteps = 0
  var observation: RandomStream
  var arrivals: RandomStream
  var lengths: RandomStream
  /// Who cancels where, and how long clients wait before they ask again.
  var clients: RandomStream
  /// Tokens made by requests that have not ended: what was made less what those that ended had.
  var tokensHeld = 0
  var promptSampler: LengthSampler?
  var outputSampler: LengthSampler?
  var nextTraceRequest = 0
  var finishes: [DecodeEngine.Finish] = []
  var dropped: [Int32] = []
  /// Next prompt of each die's queue while chunks are chosen, scratch.
  var promptCursors: [Int32]
  var current: SecondAccumulator
  var last: SecondAccumulator
  var ttftRing: [LogHistogram]
  var stepRing: [LogHistogram]
  var finishedRing: [Int]
  var goodRing: [Int]
  var measurement = RunMeasurement()
  /// Tokens that a request is expected to make, from those that ended.
  var expectedOutput = Simulation.firstOutputGuess
  /// State of every part of the machine, and what it means for bytes.
  var health: PodHealth
  var fabric: FabricHealth
  /// How much longer a die takes because it is hot, 1 where it is not; and which dies are badly cooled.
  var throttle: [Float]
  var badlyCooled: [Bool]
  var heat: DieHeat
  /// Every fault that was made to happen, in order.
  public internal(set) var incidents: [Incident] = []
  /// Faults that come by themselves; nil for none.
  var background: BackgroundFaults?
  /// Every change of servers, in order.
  public internal(set) var changes: [ServerChange] = []
  /// Every action that was carried out, in order.
  public internal(set) var performed: [PerformedAction] = []
  /// By layout engine: numbers of dies, or of expert ranks, that model and memory allow.
  var sizes: [[Int]] = []
  /// What operators took out of service, in order.
  var takenOut: [Place] = []
  /// How failures are recovered.
  public internal(set) var recovery = RecoveryStage.fineGrained
  /// By layout engine: shells that do not answer, and since when an engine stands.
  var blocked: [Int]
  var stoppedSince: [Int64]
  /// By die: faults that keep KV from getting into it or out of it; and what probes have found out.
  var stalled: [Int]
  var probes: LinkProbes
  /// By decode engine: what it is now, whether and how often its experts are balanced, and which calendar entry counts.
  var specs: [Scenario.DecodeEngine]
  var balancingInterval: [Double?]
  /// How often they are balanced where they are, seconds.
  var balancingPeriod: [Double]
  var balancing: [UInt64]
  /// Measures against jitter that are on.
  var jitter = JitterMeasures()
  var routersDown = 0
  var trafficFactor = 1.0
  var trafficSet: UInt64 = 0
  var admitLimit: Double?
  var nextAdmission: Int64 = 0
  /// What an operator saw of the load.
  var seen = ObservedTraffic()
  /// Whether this is a rehearsal's future, since when, and the load's factor when it began.
  var isForeseen = false
  var foreseenFrom: Int64 = 0
  var foreseenFactor = 1.0
  /// The load that this future has.
  var foreseen = ForeseenTraffic()
  /// Bytes that rebalances have moved.
  var rebalancedBytes = 0.0
  /// Requests that the job executor holds back.
  var held = Deque<Int32>()

  /// A pod at time zero: running, or empty, as the scenario says.
  ///
  /// - Throws: A problem that names the scenario's key, where something does not fit together.
  /// - Complexity: Some milliseconds: placing experts and, for a steady start, finding the load that is running.
  public init(_ scenario: Scenario) throws(ScenarioProblem) {
    try scenario.check()
    self.scenario = scenario
    layout = scenario.layout
    health = PodHealth(scenario.topology)
    fabric = FabricHealth(whole: scenario.topology)
    throttle = Array(repeating: 1, count: scenario.topology.dies)
    badlyCooled = Array(repeating: false, count: scenario.topology.dies)
    heat = DieHeat(topology: scenario.topology, seed: scenario.seed, settled: scenario.start == .steady)
    blocked = Array(repeating: 0, count: scenario.prefill.count + scenario.decode.count)
    stalled = Array(repeating: 0, count: scenario.topology.dies)
    probes = LinkProbes(
      dies: scenario.topology.dies, prefill: scenario.prefill.count, decode: scenario.decode.count)
    stoppedSince = Array(repeating: 0, count: blocked.count)
    specs = scenario.decode
    let balanced = scenario.experts.balancer == .podium || scenario.experts.balancer == .eplb
    balancingPeriod = scenario.decode.map { _ in scenario.experts.intervalSeconds }
    balancingInterval = balancingPeriod.map { balanced ? $0 : nil }
    balancing = Array(repeating: 0, count: scenario.decode.count)
    let model = scenario.model
    popularity = ExpertPopularity(
      layers: model.layers - model.denseLayers + 1, experts: model.experts, skew: scenario.experts.skew,
      driftSeconds: scenario.experts.driftSeconds, seed: scenario.seed)
    observation = RandomStream(seed: scenario.seed, name: "expert-observation")
    observedSum = Array(repeating: 0, count: popularity.shares.count)
    let observed = ExpertPopularity.observed(popularity.shares, &observation)
    // Statistics gathered over one balancing interval serve the next: on average they are an interval old.
    popularity.step(
      times: max(1, Int(min(1e6, scenario.experts.intervalSeconds / ExpertPopularity.stepSeconds).rounded())))
    hottestExpert = popularity.hottestOverMean
    var prefill: [PrefillEngine] = []
    var decode: [DecodeEngine] = []
    for (index, spec) in scenario.prefill.enumerated() {
      // Engines alike hold their experts alike.
      let twin = prefill.first { $0.spec == spec }?.experts
      let experts =
        twin
        ?? PrefillLayout(
          model: model, chip: scenario.chip, spec: spec, observed: observed, popularity: popularity,
          policy: ExpertPlacement.Policy(scenario.experts.balancer))
      prefill.append(
        PrefillEngine(
          index: index, id: "P\(index)", hosts: layout.engines[index].dies, spec: spec, model: model,
          chip: scenario.chip,
          stack: scenario.stack, experts: experts))
    }
    for (index, spec) in scenario.decode.enumerated() {
      let engine = layout.engines[scenario.prefill.count + index]
      let built = DecodeEngine(
        index: index, id: "D\(index)", hosts: engine.dies, spec: spec, model: model, chip: scenario.chip,
        stack: scenario.stack, observed: observed, popularity: popularity, balancer: scenario.experts.balancer,
        seed: scenario.seed, twin: scenario.decode[..<index].firstIndex(of: spec).map { decode[$0] })
      decode.append(built)
    }
    routes = Array(repeating: PrefillRoute(), count: prefill.count)
    self.prefill = prefill
    self.decode = decode
    promptCursors = Array(repeating: -1, count: decode.reduce(0) { max($0, $1.dies) })
    reports = LoadReports(prefill: prefill.count, decode: decode.count)
    pendingPrompts = Array(repeating: 0, count: decode.count)
    arrivals = RandomStream(seed: scenario.seed, name: "arrivals")
    lengths = RandomStream(seed: scenario.seed, name: "lengths")
    clients = RandomStream(seed: scenario.seed, name: "clients")
    current = SecondAccumulator(topology: scenario.topology, prefill: prefill.count, decode: decode)
    last = current
    ttftRing = Array(repeating: LogHistogram(), count: Self.ttftWindow)
    stepRing = Array(repeating: LogHistogram(), count: Self.stepWindow)
    finishedRing = Array(repeating: 0, count: Self.ttftWindow)
    goodRing = finishedRing
    switch scenario.workload {
    case .poisson(_, let prompt, let output), .daily(_, _, let prompt, let output), .closed(_, let prompt, let output):
      promptSampler = LengthSampler(prompt)
      outputSampler = LengthSampler(output)
      expectedOutput = outputSampler?.mean ?? expectedOutput
    case .trace:
      break
    }
    sizes = possibleSizes()
    if scenario.backgroundFaults > 0 {
      background = BackgroundFaults(
        npus: scenario.topology.npus, seed: scenario.seed, scale: scenario.backgroundFaults)
    }
    for index in self.prefill.indices { reroute(index) }
    buildCaches()
    begin()
  }

  /// Runs the pod up to a moment, which takes part; the same in one step or many.
  ///
  /// - Precondition: `time` does not lie before `now`.
  public mutating func advance(to time: Int64) {
    precondition(time >= now, "time does not run backwards")
    while let next = queue.min, next.time <= time {
      queue.removeMin()
      now = next.time
      handle(next)
    }
    now = time
  }

  /// When the last request of a trace comes, nil for endless workloads.
  public var lastArrival: Int64? {
    guard case .trace(let rows, _) = scenario.workload else { return nil }
    return rows.last?.arrival ?? 0
  }

  /// Whether a trace is over: every request came and ended.
  public var isDrained: Bool {
    guard case .trace(let rows, _) = scenario.workload else { return false }
    return nextTraceRequest == rows.count && requests.count(where: { state, _ in state != .abandoned }) == 0
  }

  /// Requests by what became of them up to now.
  public var requestTotals: RequestTotals {
    var result = totals
    result.waiting = requests.count { state, found in
      !found && (state == .queued || state == .deferred || state == .resting)
    }
    result.running = requests.count { state, found in
      !found && (state == .prefilling || state == .transferring || state == .joining || state == .decoding)
    }
    return result
  }

  mutating func schedule(_ kind: QueuedEvent.Kind, at time: Int64, subject: Int = 0, tag: UInt64 = 0) {
    queue.insert(QueuedEvent(time: time, sequence: scheduled, kind: kind, subject: Int32(subject), tag: tag))
    scheduled += 1
  }

  mutating func say(_ priority: Priority, _ place: String, _ text: String) {
    events.append(
      Event(sequence: UInt64(events.count), time: now, priority: priority, place: place, text: text))
  }

  private mutating func handle(_ event: QueuedEvent) {
    let subject = Int(event.subject)
    switch event.kind {
    case .arrival: arrive()
    case .prefillDone: if event.tag == prefill[subject].epoch { endPrefill(subject) }
    case .transferDone: if event.tag == requests.ticket[subject] { endTransfer(subject) }
    case .transferLost: if event.tag == requests.ticket[subject] { retryTransfer(subject) }
    case .probe: probe()
    case .background:
      if let component = BackgroundFaults.Component(rawValue: subject) { backgroundFault(component) }
    case .iterationStart: if event.tag == decode[subject].epoch { startIteration(subject) }
    case .iterationEnd: if event.tag == decode[subject].epoch { endIteration(subject) }
    case .drift: drift()
    case .second: turnSecond()
    case .balance:
      if subject >= decode.count { balancePrefill() } else if event.tag == balancing[subject] { balance(subject) }
    case .loadReport: reportLoads()
    case .balancePhase: continueBalance(subject)
    case .timeout: giveUp(subject, number: event.tag)
    case .retry: ask(subject)
    case .faultSeen: seeFault(subject)
    case .faultEnds: if !isForeseen || isEndKnown(subject) { endFault(subject) }
    case .faultStep: stepFault(subject, tag: event.tag)
    case .engineBack: if event.tag == decode[subject].epoch { engineBack(subject) }
    case .prefillBack: if event.tag == prefill[subject].epoch { prefillBack(subject) }
    case .prefillPlaced: if event.tag == prefill[subject].epoch { placePrefill(subject) }
    case .rejoin: trustAgain(subject)
    case .release: releaseHeld()
    case .change: continueChange(subject)
    case .planned: performPlanned(subject)
    case .trafficEnds: if event.tag == trafficSet, !isForeseen || trafficFactor != foreseenFactor { trafficFactor = 1 }
    }
  }

  private mutating func drift() {
    popularity.step()
    observe()
    updatePrefill { $0.refresh($1) }
    refreshExperts()
    for index in decode.indices { decode[index].chooseStreams() }
    schedule(.drift, at: now + Int64(ExpertPopularity.stepSeconds) * Self.second)
  }

  private mutating func turnSecond() {
    // Work under way belongs to the second in which it is done.
    for index in decode.indices where decode[index].state == .iterating {
      decode[index].bookWork(into: &current, place: prefill.count + index, share: shareOfThisSecond(index))
    }
    for index in prefill.indices where prefill[index].busy && !prefill[index].stopped {
      current.busy[index] += Double(now - max(prefill[index].stepStart, now - Self.second)) / 1000
    }
    seen.turn(arrived: current.arrived)
    if now % (60 * Self.second) == 0 {
      markOutputs()
      seen.outputs.turn()
    }
    swap(&current, &last)
    current.reset()
    warm()
    let turn = Int(now / Self.second)
    finishedRing[turn % Self.ttftWindow] = last.finished
    goodRing[turn % Self.ttftWindow] = last.good
    ttftRing[turn % Self.ttftWindow] = last.ttft
    stepRing[turn % Self.stepWindow] = last.step
    schedule(.second, at: now + Self.second)
  }
}

/// Why a scenario cannot run: the key, what is wrong, what is accepted.
public struct ScenarioProblem: Error, Hashable, Sendable {
  /// Dotted key, such as `decode.0.batch`.
  public var key: String
  /// A sentence: what is wrong and what is accepted.
  public var message: String
  /// A problem; see the properties.
  public init(key: String, message: String) {
    self.key = key
    self.message = message
  }
}
