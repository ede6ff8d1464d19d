import Operations
import SuperPod
import Telemetry
import Testing

@testable import XDeepServe

/// A part that an operator took out stays out whatever fails there and is mended; a fault holds whatever an operator
/// takes out and back.
struct RestTests {
  private static let second: Int64 = 1_000_000_000

  /// A pod at rest: n0 and n1 prefill, n2 to n5 decode, the rest is spare.
  private static func pod() throws -> Simulation {
    var simulation = try Simulation(Scenarios.small(seed: 5, rate: 4, start: .steady, batch: 16))
    simulation.advance(to: 4 * second)
    return simulation
  }

  private static func perform(_ text: String, seconds: Int64, in simulation: inout Simulation) throws {
    try simulation.perform(Action(parsing: text))
    simulation.advance(to: simulation.now + seconds * second)
    let broken = simulation.brokenInvariant()
    #expect(broken == nil, "\(broken ?? ""): \(text)")
  }

  private static func die(_ node: Int, _ npu: Int, _ number: Int) -> Int { (node * 8 + npu) * 2 + number }

  /// The state of a place's own parts: of its dies, of a link, of a switch, of a port.
  private static func states(_ place: String, in simulation: Simulation) throws -> [Health] {
    let (topology, health) = (simulation.scenario.topology, simulation.health)
    let place = try Place(place, in: topology)
    if let link = topology.link(place) { return [health.links[link.rawValue]] }
    switch place.part {
    case .node(let node): return topology.dies(of: NodeID(node)).map { health.dies[$0] }
    case .npu(let node, let npu): return (0..<2).map { health.dies[die(node, npu, $0)] }
    case .die(let node, let npu, let number): return [health.dies[die(node, npu, number)]]
    case .l1(let node, let plane):
      return [health.l1Switches[topology.l1(node: NodeID(node), subPlane: SubPlaneID(plane)).rawValue]]
    case .l2(let plane, let number):
      return [health.l2Switches[topology.l2(subPlane: SubPlaneID(plane), number: number).rawValue]]
    case .roce(let node, let npu, let number, _): return [health.roce[die(node, npu, number)]]
    case .vpc(let node, _): return [health.vpc[node]]
    default: return []
    }
  }

  /// A place to take out, a fault there, and what the place is while the fault holds.
  struct Case: Sendable, CustomTestStringConvertible {
    var place: String
    var fault: String
    var faulty = Health.down
    var testDescription: String { "\(fault) in \(place)" }
  }

  static let cases = [
    Case(place: "n3.c3.d1", fault: "die at n3.c3.d1"), Case(place: "n3.c3", fault: "npu at n3.c3"),
    Case(place: "n3", fault: "node at n3"), Case(place: "n8", fault: "node at n8"),
    Case(place: "n8.c1.d0", fault: "die at n8.c1.d0"),
    Case(place: "sp4.n3.sw8", fault: "optics at sp4.n3.sw8"),
    Case(place: "n8.c3.d1.sp4", fault: "link-down at n8.c3.d1.sp4"),
    Case(place: "sp4.n3.sw9", fault: "link-down at sp4.n3.sw9"),
    Case(place: "sp4.n3.sw9:up", fault: "lanes-half at sp4.n3.sw9", faulty: .drained),
    Case(place: "n8.sp4", fault: "l1 at n8.sp4"), Case(place: "sp4.sw9", fault: "l2 at sp4.sw9"),
    Case(place: "n3.c3.d1.roce", fault: "link-down at n3.c3.d1.roce"),
    Case(place: "n3.vpc", fault: "link-down at n3.vpc"),
  ]

  @Test(arguments: cases)
  func whatIsDrainedStaysSoWhenAFaultThereIsOver(_ it: Case) throws {
    var simulation = try Self.pod()
    try Self.perform("drain \(it.place)", seconds: 130, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.drained])
    try Self.perform("inject \(it.fault) for 900s", seconds: 25, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [it.faulty])
    let fault = it.fault.split(separator: " ")[0]
    try Self.perform("clear \(fault)", seconds: 130, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.drained])
    try Self.perform("undrain \(it.place)", seconds: 130, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.healthy])
  }

  /// The other way round: the fault comes first and outlives what the operator does.
  @Test(arguments: cases.filter { $0.faulty == .down })
  func aFaultHoldsWhenItsPlaceIsTakenOutAndBack(_ it: Case) throws {
    var simulation = try Self.pod()
    try Self.perform("inject \(it.fault) for 900s", seconds: 130, in: &simulation)
    try Self.perform("drain \(it.place)", seconds: 130, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.down])
    try Self.perform("undrain \(it.place)", seconds: 5, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.down])
    try Self.perform("clear \(it.fault.split(separator: " ")[0])", seconds: 200, in: &simulation)
    #expect(try Set(Self.states(it.place, in: simulation)) == [.healthy])
  }

  /// A die that was set apart for its link is trusted again after a while, unless an operator took it out meanwhile.
  @Test func aDieThatWasSetApartAndTakenOutStaysOutWhenItIsTrusted() throws {
    var simulation = try Self.pod()
    try Self.perform("inject link-down at n3.c3.d1.sp4 for 900s", seconds: 60, in: &simulation)
    #expect(try Self.states("n3.c3.d1", in: simulation) == [.separated])
    try Self.perform("drain n3.c3.d1", seconds: 130, in: &simulation)
    try Self.perform("clear link-down", seconds: 130, in: &simulation)
    #expect(try Self.states("n3.c3.d1", in: simulation) == [.drained])
    try Self.perform("undrain n3.c3.d1", seconds: 130, in: &simulation)
    #expect(try Self.states("n3.c3.d1", in: simulation) == [.healthy])
  }

  /// A port beside the fabric is no die: taking it out leaves its die where it serves.
  @Test(arguments: ["n3.c3.d1.roce", "n3.vpc"])
  func aPortThatIsDrainedLeavesItsDiesInService(_ place: String) throws {
    var simulation = try Self.pod()
    try Self.perform("drain \(place)", seconds: 130, in: &simulation)
    #expect(try Set(Self.states("n3", in: simulation)) == [.healthy])
  }
}
