import Operations
import SuperPod
import Testing
import Words

@Suite struct ConfigurationTests {
  private static func prefill(_ number: Int, servers: Int) -> ExecutorSettings {
    ExecutorSettings(
      executor: Place.Executor(prefills: true, number: number), servers: servers, expertParallel: servers * 16)
  }

  private static func decode(_ number: Int, servers: Int, sizes: [Int] = []) -> ExecutorSettings {
    ExecutorSettings(
      executor: Place.Executor(prefills: false, number: number), servers: servers, expertParallel: servers * 16,
      sizes: sizes, mostDraftLayers: 1)
  }

  /// Like the default scenario: 16 servers prefill, 30 decode, 2 spare.
  private static let whole = Configuration(
    executors: (0..<8).map { prefill($0, servers: 2) } + [decode(0, servers: 18), decode(1, servers: 12)], spare: 2)

  private static let headrooms: [Place.Executor: Double] = [
    Place.Executor(prefills: true, number: 3): 0.5, Place.Executor(prefills: true, number: 5): 0.5,
    Place.Executor(prefills: false, number: 0): -0.1, Place.Executor(prefills: false, number: 1): 0.3,
  ]

  @Test(arguments: [
    ("pd +2d", ["2 P3 D0"]), ("pd +3d", ["2 P3 D0", "1 P5 D0"]), ("pd +1p", ["1 D1 P0"]), ("pd 16:32", ["2 spare D0"]),
    ("pd 14:30", ["2 P3 spare"]), ("pd 14:33", ["2 P3 D0", "1 spare D0"]), ("pd 18:27", ["2 D1 P0", "1 D1 spare"]),
    ("pd +2d from P7 to D1", ["2 P7 D1"]), ("pd +1p from spare", ["1 spare P0"]),
    ("pd 16:28 from D0 to spare", ["2 D0 spare"]), ("pd 17:29 from D0 to P6", ["1 D0 P6"]),
  ])
  func giverAndTakerFollowHeadroom(_ text: String, _ moves: [String]) throws {
    guard case .pd(let shift) = try Action(parsing: text) else { return }
    let found = try ServerMove.moves(of: shift, in: Self.whole, headrooms: Self.headrooms)
    #expect(found.map { "\($0.servers) \($0.from) \($0.to)" } == moves)
  }

  @Test(arguments: [
    ("pd +20d", "prefill has 16 servers and must keep one", "pd +15d"),
    ("pd +3d from P7", "P7 has 2 servers", "pd +2d from P7"), ("pd 16:30", "16:30 servers already", nil),
    ("pd 40:40", "32 more than the pod's 48", "pd 24:24"), ("pd 0:30", "prefill must keep one", "pd 1:30"),
    ("pd +5p from spare", "only 2 servers are spare", "pd +2p from spare"),
    ("pd +1d from P9", "there is no P9", "pd +1d"),
    ("pd 14:32 from D0", "D0 gives nothing", "pd 14:32"), ("pd 14:32 to spare", "not only to spare", "pd 14:32"),
    ("pd 14:32 from spare", "not only spare", "pd 14:32"),
    ("scale D0 ep 300", "no whole servers of 16", "scale D0 ep 304"),
    ("scale D0 ep 352", "need 4 spare servers", "scale D0 ep 320"), ("scale D0 ep 288", "already", nil),
    ("scale D7 ep 288", "there is D0 or D1", nil), ("mtp 2", "has 1 draft layers", nil),
    ("reshard layers 0-9", "3 to 60", "reshard layers 3-9"), ("reshard layers 61-70", "3 to 60", nil),
    ("reshard D2", "there is no D2", nil), ("restart D2.dp1", "there is no D2", nil),
    ("undrain n17.c3", "was not taken out", nil), ("batch 60", "so already", nil), ("jitter pin on", "so already", nil),
    ("clear surge", "does not go on", nil), ("admit off", "so already", nil), ("traffic x1", "so already", nil),
  ])
  func whatCannotBeDoneNamesTheNearestThatCan(_ text: String, _ says: String, _ nearest: String?) throws {
    let refusal = try Action(parsing: text).refusal(in: Self.whole, headrooms: Self.headrooms)
    #expect(refusal?.reason.contains(says) == true, "\(refusal?.description ?? "")")
    #expect(refusal?.nearest?.description == nearest)
    if let nearest = refusal?.nearest {
      #expect(nearest.refusal(in: Self.whole, headrooms: Self.headrooms) == nil)
    }
  }

  @Test func sizesThatTheModelCannotTakeAreRefused() throws {
    var small = Self.whole
    small.executors[8] = Self.decode(0, servers: 18, sizes: [256, 288, 320])
    #expect(
      try Action(parsing: "scale D0 ep 304").refusal(in: small)?.description
        == "D0 cannot stand on 304 expert ranks; the nearest that works is `scale D0 ep 320`")
    let refusal = try Action(parsing: "pd +1d to D0").refusal(in: small, headrooms: Self.headrooms)
    #expect(refusal?.reason == "D0 cannot stand on 304 expert ranks")
    #expect(refusal?.nearest?.description == "pd +2d to D0")
  }

  @Test func drainedPartsAndFaultsAreRemembered() throws {
    var now = Self.whole
    for text in ["drain n17.c3", "inject hbm-ecc at n1.c1.d1", "inject surge by 2"] {
      now = try Action(parsing: text).applied(to: now)
    }
    #expect(
      try Action(parsing: "drain n17.c3.d1").refusal(in: now)?.reason
        == "n17.c3.d1 is out of service already, with n17.c3")
    #expect(try Action(parsing: "drain n17").refusal(in: now) == nil)
    #expect(try Action(parsing: "undrain n17.c4").refusal(in: now)?.nearest?.description == "undrain n17.c3")
    #expect(try Action(parsing: "inject surge by 9").refusal(in: now)?.reason == "surge goes on already")
    #expect(
      try Action(parsing: "clear hbm-ecc at n2.c1.d1").refusal(in: now)?.nearest?.description
        == "clear hbm-ecc at n1.c1.d1")
    #expect(try Action(parsing: "clear hbm-ecc").applied(to: now).faults.count == 1)
  }

  @Test(arguments: ActionName.allCases)
  func whatCanBeUndoneComesBackExactly(_ name: ActionName) throws {
    var dice = Dice(seed: 91 + UInt64(name.rawValue.utf8.reduce(0) { $0 + Int($1) }))
    var carriedOut = 0
    for _ in 0..<600 {
      let before = Self.random(&dice)
      let headrooms = Dictionary(
        uniqueKeysWithValues: before.executors.map { ($0.executor, Double(dice.count(-3...3)) / 4) })
      let action = dice.flag() ? dice.action(name) : dice.likely(name)
      do throws(Refusal) {
        let after = try action.applied(to: before, headrooms: headrooms)
        carriedOut += 1
        #expect(after.servers(prefill: true) + after.servers(prefill: false) + after.spare == Self.servers(before))
        #expect(after.executors.allSatisfy { $0.servers >= 0 } && after.spare >= 0)
        let inverse = try action.inverse(given: before, headrooms: headrooms)
        guard name.canBeUndone else {
          #expect(inverse.isEmpty)
          continue
        }
        var back = after
        for step in inverse {
          // Whatever the headrooms are by then.
          do throws(Refusal) { back = try step.applied(to: back) } catch { Issue.record("\(action): \(error)") }
        }
        #expect(back == before, "\(action), undone by \(inverse)")
      } catch {
        if let nearest = error.nearest {
          #expect(nearest.refusal(in: before, headrooms: headrooms) == nil, "\(action): \(error)")
        }
      }
    }
    #expect(carriedOut > 20)
  }

  private static func servers(_ configuration: Configuration) -> Int {
    configuration.servers(prefill: true) + configuration.servers(prefill: false) + configuration.spare
  }

  private static func random(_ dice: inout Dice) -> Configuration {
    var decodes: [ExecutorSettings] = []
    for number in 0..<dice.count(1...3) {
      var settings = decode(number, servers: dice.count(2...20), sizes: [])
      let step = 16 * dice.count(1...2)
      if dice.flag() { settings.sizes = Array(stride(from: settings.expertParallel % step, through: 480, by: step)) }
      settings.ranksFollowServers = dice.count(0...3) > 0
      settings.batch = dice.count(58...62)
      settings.balances = dice.flag()
      settings.choice = dice.one(of: GroupChoice.allCases)
      settings.draftLayers = dice.count(0...1)
      settings.mostDraftLayers = dice.count(1...2)
      decodes.append(settings)
    }

    var configuration = Configuration(
      executors: (0..<dice.count(0...6)).map { prefill($0, servers: dice.count(1...3)) } + decodes,
      spare: dice.count(0...4), jitterMeasures: Set(JitterMeasure.allCases.filter { _ in dice.flag() }),
      recovery: dice.one(of: RecoveryStage.allCases), admit: dice.maybe { _ in RateAmount(perSecond: 100) },
      isolate: dice.maybe { _ in TokenAmount(tokens: 32_000) }, traffic: dice.one(of: [1, 2]))
    for _ in 0..<dice.count(0...3) {
      let place = dice.likelyPlace()
      if let more = try? Action.drain(place).applied(to: configuration) { configuration = more }
      if let more = try? Action.inject(dice.likelyInjection()).applied(to: configuration) { configuration = more }
    }
    return configuration
  }
}

extension Dice {
  /// An action of small numbers that many configurations allow.
  fileprivate mutating func likely(_ name: ActionName) -> Action {
    let executor = Place.Executor(prefills: false, number: count(0...1))
    switch name {
    case .pd:
      let aim: ServerShift.Aim =
        flag() ? .ratio(prefill: count(1...12), decode: count(2...30)) : .more(count(1...3), prefill: flag())
      return .pd(ServerShift(aim))
    case .scale: return .scale(executor, expertParallel: 16 * count(2...22))
    case .restart: return .restart(Place(.executor(executor)))
    case .drain: return .drain(likelyPlace())
    case .undrain: return .undrain(likelyPlace())
    case .inject: return .inject(likelyInjection())
    case .clear: return .clear(one(of: [.die, .surge, .l2]))
    case .eplb: return .eplb(one(of: [.on, .off, .every(duration())]), of: maybe { _ in executor })
    case .batch: return .batch(count(58...62), of: maybe { _ in executor })
    default: return action(name)
    }
  }

  fileprivate mutating func likelyPlace() -> Place {
    Place(one(of: [.node(1), .npu(node: 1, npu: 1), .npu(node: 2, npu: 1), .subPlane(3)]))
  }

  fileprivate mutating func likelyInjection() -> Injection {
    one(of: [
      Injection(.die, at: Place(.die(node: 1, npu: 1, die: 1))), Injection(.surge, by: 2),
      Injection(.l2, at: Place(.l2(subPlane: 1, number: count(0...3)))),
    ])
  }
}
