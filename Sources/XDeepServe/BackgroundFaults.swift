import Operations
import SuperPod
import Telemetry
import Words

/// Faults that come by themselves, class by class of component, at published rates.
///
/// Gaps are exponential, each class draws from a stream of its own: the same seed gives the same faults, whatever else
/// happens. Rates: one unexpected fault in 132 hours of 384 devices, by share of what broke ([L3], table 5, scaled).
public struct BackgroundFaults: Hashable, Sendable {
  /// What breaks; the published classes but the last fifth, of which nothing is said that could be made to happen.
  public enum Component: Int, CaseIterable, Sendable {
    case processor, memory, software, network, host

    /// Its share of all unexpected faults ([L3]).
    public var share: Double {
      switch self {
      case .processor: 0.35
      case .memory: 0.17
      case .software: 0.13
      case .network: 0.08
      case .host: 0.08
      }
    }
  }

  /// Hours between two unexpected faults of so many devices ([L3], scaled).
  public static let hoursBetween = 132.0
  /// Devices that the hours are for.
  public static let devices = 384.0
  /// Time until a server, a module or a cable is exchanged (assumption).
  public static let repairSeconds = 3600.0
  /// Time until a process is replaced by hand (assumption).
  public static let restartSeconds = 600.0

  private var streams: [RandomStream]
  private let hours: [Double]

  /// The faults of a pod.
  ///
  /// - Parameter scale: Times the published rates.
  public init(npus: Int, seed: UInt64, scale: Double) {
    precondition(scale > 0, "without faults there is no stream of them")
    streams = Component.allCases.map { RandomStream(seed: seed, name: "background-faults", index: $0.rawValue) }
    hours = Component.allCases.map { Self.hoursBetween * Self.devices / Double(npus) / $0.share / scale }
  }

  /// Hours until a class's next fault.
  public mutating func gap(_ component: Component) -> Double {
    streams[component.rawValue].exponential() * hours[component.rawValue]
  }

  /// A number below a bound, from a class's stream.
  mutating func index(_ component: Component, below count: Int) -> Int {
    streams[component.rawValue].index(below: count)
  }

  func encode(into digest: inout StateDigest) { for stream in streams { digest.add(stream) } }
}

extension Simulation {
  /// Puts a class's next fault on the calendar.
  mutating func planBackgroundFault(_ component: BackgroundFaults.Component) {
    guard let hours = background?.gap(component) else { return }
    // Beyond some centuries there is no simulated time.
    let nanoseconds = min(hours * 3600e9, 4e18 - Double(now))
    schedule(.background, at: now + Int64(nanoseconds), subject: component.rawValue)
  }

  /// A fault comes by itself.
  ///
  /// A rehearsal does not foresee any. One that cannot befall its place, which has it already, does not come.
  mutating func backgroundFault(_ component: BackgroundFaults.Component) {
    guard !isForeseen, background != nil else { return }
    if let injection = drawBackgroundFault(component) {
      do throws(ActionRefusal) { try inject(injection) } catch {
        say(.low, "", "no \(injection.fault): \(error.message)")
      }
    }
    planBackgroundFault(component)
  }

  /// Which fault a class has, where, and how long: all of a class and all places alike (assumption).
  private mutating func drawBackgroundFault(_ component: BackgroundFaults.Component) -> Injection? {
    let topology = scenario.topology
    func draw(_ count: Int) -> Int { background?.index(component, below: count) ?? 0 }
    func lasting(_ seconds: Double) -> DurationAmount { DurationAmount(nanoseconds: Int64(seconds * 1e9)) }
    switch component {
    case .processor: return Injection(.die, at: topology.place(of: DieID(draw(topology.dies))))
    case .memory:
      // An isolated bad page, or a storm of errors ([MC]).
      if draw(2) == 0 { return Injection(.hbmECC, at: topology.place(of: DieID(draw(topology.dies)))) }
      return Injection(.npu, at: topology.place(of: NPUID(draw(topology.npus))))
    case .host:
      return Injection(
        .node, at: topology.place(of: NodeID(draw(topology.nodes))), lasting: lasting(BackgroundFaults.repairSeconds))
    case .network:
      let kind = draw(4)
      let link = kind == 3 ? LinkID(topology.dieLinks + draw(topology.uplinks)) : LinkID(draw(topology.links))
      let place = topology.place(of: link)
      switch kind {
      case 0: return Injection(.linkDown, at: place)
      case 1: return Injection(.linkFlap, at: place)
      case 2: return Injection(.lanesHalf, at: place, lasting: lasting(BackgroundFaults.repairSeconds))
      default: return Injection(.optics, at: place, lasting: lasting(BackgroundFaults.repairSeconds))
      }
    case .software:
      let engine = draw(decode.count)
      let executor = Place.Executor(prefills: false, number: engine)
      let kind = draw(3)
      let group = draw(decode[engine].dies)
      let place = Place(kind == 2 ? .shell(executor) : .group(executor, group))
      let fault: Fault = [.hungExecutor, .dpMaster, .teShell][kind]
      return Injection(fault, at: place, lasting: kind == 2 ? nil : lasting(BackgroundFaults.restartSeconds))
    }
  }
}
