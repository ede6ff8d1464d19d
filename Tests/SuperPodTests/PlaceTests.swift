import SuperPod
import Testing

@Suite struct PlaceTests {
  /// Every spelling of the table of ids, and what it names.
  static let spellings: [(String, Place)] = [
    ("n17", Place(.node(17))),
    ("n17.c3", Place(.npu(node: 17, npu: 3))),
    ("n17.c3.d1", Place(.die(node: 17, npu: 3, die: 1))),
    ("n17.cpu2", Place(.cpu(node: 17, cpu: 2))),
    ("n17.sp4", Place(.l1(node: 17, subPlane: 4))),
    ("sp4", Place(.subPlane(4))),
    ("sp4.sw9", Place(.l2(subPlane: 4, number: 9))),
    ("n17.c3.d1.sp4", Place(.dieLink(node: 17, npu: 3, die: 1, subPlane: 4, nil))),
    ("n17.c3.d1.sp4:up", Place(.dieLink(node: 17, npu: 3, die: 1, subPlane: 4, .up))),
    ("sp4.n30.sw9", Place(.uplink(subPlane: 4, node: 30, number: 9, nil))),
    ("sp4.n30.sw9:down", Place(.uplink(subPlane: 4, node: 30, number: 9, .down))),
    ("n17.c3.d1.roce", Place(.roce(node: 17, npu: 3, die: 1, nil))),
    ("n17.vpc:up", Place(.vpc(node: 17, .up))),
    ("rack5", Place(.rack(5))),
    ("spare", Place(.spare)),
    ("P0", Place(.executor(.init(prefills: true, number: 0)))),
    ("D0", Place(.executor(.init(prefills: false, number: 0)))),
    ("D0.dp17", Place(.group(.init(prefills: false, number: 0), 17))),
    ("D0.ep201", Place(.expertRank(.init(prefills: false, number: 0), 201))),
    ("D0.ep201.s1", Place(.expertSlot(.init(prefills: false, number: 0), rank: 201, slot: 1))),
    ("D0.m2", Place(.domain(.init(prefills: false, number: 0), 2))),
    ("D0.shell", Place(.shell(.init(prefills: false, number: 0)))),
    ("L12.e201", Place(.expert(layer: 12, expert: 201))),
    ("r123", Place(.request(123))),
    ("JE0", Place(.jobExecutor(0))),
    ("pod2/n17.c3", Place(.npu(node: 17, npu: 3), pod: 2)),
  ]

  @Test(arguments: spellings) func everyIdIsReadAndPrinted(_ text: String, _ place: Place) throws {
    #expect(place.description == text)
    #expect(try Place(text, in: Topology()) == place)
    #expect(try Place(text.lowercased()) == place && Place(text.uppercased()) == place)
  }

  @Test func whatPrintsParsesPaddedOrNot() throws {
    var seed: UInt64 = 42
    func number(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    func way() -> Direction? { [nil, .up, .down][number(3)] }
    func executor() -> Place.Executor { .init(prefills: number(2) == 0, number: number(40)) }
    let decode = Place.Executor(prefills: false, number: 3)
    for _ in 0..<400 {
      let (node, npu, die, plane, l2) = (number(48), number(8), number(2), number(7), number(16))
      let parts: [Place.Part] = [
        .node(node), .npu(node: node, npu: npu), .die(node: node, npu: npu, die: die),
        .cpu(node: node, cpu: number(4)), .l1(node: node, subPlane: plane), .subPlane(plane),
        .l2(subPlane: plane, number: l2), .dieLink(node: node, npu: npu, die: die, subPlane: plane, way()),
        .uplink(subPlane: plane, node: node, number: l2, way()), .roce(node: node, npu: npu, die: die, way()),
        .vpc(node: node, way()), .rack(number(12)), .spare, .executor(executor()), .group(executor(), number(320)),
        .expertRank(executor(), number(320)), .expertSlot(executor(), rank: number(320), slot: number(3)),
        .domain(decode, number(3)), .shell(executor()), .expert(layer: number(61), expert: number(256)),
        .request(number(1_000_000_000)), .jobExecutor(number(4)),
      ]
      let place = Place(parts[number(parts.count)], pod: number(3) == 0 ? number(9) : nil)
      let text = place.description
      #expect(try Place(text, in: Topology()) == place)
      let padded = text.replacing(/[0-9]+/) { "00\($0.output)" }
      #expect(try Place(padded, in: Topology()) == place)
    }
  }

  @Test(arguments: [
    ("", "no place is given; places are n17,"),
    ("x9", "`x9` is no place; places are n17,"),
    ("n", "`n` in `n` needs a number, such as n0"),
    ("n48", "`n48`: there is no n48; this pod's nodes are n0 to n47"),
    ("n3.c8.d0", "there is no c8; a node's NPUs are c0 to c7"),
    ("n3.c7.d2", "there is no d2; an NPU's dies are d0 to d1"),
    ("sp7", "there is no sp7; sub-planes are sp0 to sp6"),
    ("sp0.sw16", "there is no sw16; a sub-plane's L2 switches are sw0 to sw15"),
    ("rack12", "this pod's compute racks are rack0 to rack11"),
    ("n3.x2", "`x2` in `n3.x2` is unknown; after `n3` comes c0, cpu0, sp0 or vpc"),
    ("L3", "`L3` alone is no place; it goes on with e0"),
    ("r1.e2", "nothing may follow `r1`, but `.e2` does"),
    ("n3:up", "`:up` in `n3:up` follows a link only"),
    ("n3.vpc:left", "`:left` in `n3.vpc:left` is no direction; accepted are :up and :down"),
    ("n3.vpc0", "`vpc` in `n3.vpc0` takes no number"),
    ("fleet2/n3", "`fleet2/` in `fleet2/n3` is no pod"),
    ("n3.", "is unknown; after `n3` comes"),
    ("n-3", "`n-3` is no place"),
    ("n99999999999999999999", "is no place"),
    ("n1\u{1B}[2J", "`n1?[2J` is no place"),
    ("n٣", "is no place"),
  ])
  func aWrongIdIsAnsweredWithWhatIsAccepted(_ text: String, _ answer: String) {
    let problem = #expect(throws: PlaceProblem.self) { try Place(text, in: Topology()) }
    let message = problem?.message ?? ""
    #expect(message.contains(answer), "\(message)")
  }

  @Test func idsAndIndicesNameTheSameParts() throws {
    let topology = Topology()
    for index in stride(from: 0, to: topology.dies, by: 7) {
      let place = topology.place(of: DieID(index))
      #expect(topology.die(place) == DieID(index))
      #expect(try Place(place.description, in: topology) == place)
    }
    for index in stride(from: 0, to: topology.links, by: 11) {
      let place = topology.place(of: LinkID(index), .down)
      #expect(topology.link(place) == LinkID(index) && place.description.hasSuffix(":down"))
    }
    #expect(topology.die(Place(.die(node: 17, npu: 3, die: 1))) == DieID(17 * 16 + 7))
    #expect(topology.die(Place(.node(3))) == nil && topology.die(Place(.die(node: 48, npu: 0, die: 0))) == nil)
    #expect(topology.place(of: NPUID(17 * 8 + 3)).description == "n17.c3")
    #expect(topology.place(of: LinkID(topology.dieLinks)).description == "sp0.n0.sw0")
  }
}
