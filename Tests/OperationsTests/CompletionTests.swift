import Operations
import SuperPod
import Testing

@Suite struct CompletionTests {
  private static let pod = Configuration(
    executors: [
      ExecutorSettings(executor: Place.Executor(prefills: true, number: 0), servers: 2, expertParallel: 32),
      ExecutorSettings(
        executor: Place.Executor(prefills: false, number: 0), servers: 18, expertParallel: 288, sizes: [256, 288]),
    ], drained: [Place(.node(3))], faults: [Injection(.surge)])

  @Test(arguments: [
    ("re", ["reshard", "restart", "recovery"]), ("pd ", ["2:18", "+1d", "+1p"]), ("pd +2d ", ["from", "to"]),
    ("pd +2d from ", ["P0", "spare"]), ("pd +2d from P0 ", ["to"]), ("pd 1:19 to ", ["P0", "D0", "spare"]),
    ("reshard ", ["D0", "layers", "budget", "policy"]), ("reshard D0 layers ", ["3-60"]),
    ("reshard policy e", ["eplb"]),
    ("eplb ", ["on", "off", "every"]), ("eplb every ", []), ("eplb every 60s ", ["D0"]), ("eplb on ", ["D0"]),
    ("eplb on D0 ", []), ("scale D0 ", ["ep"]), ("scale D0 ep ", ["256", "288"]), ("undrain ", ["n3"]),
    ("jitter g", ["graph", "gc"]), ("jitter gc o", ["on", "off"]),
    ("inject l", ["l1", "l2", "link-down", "link-flap", "lanes-half", "lanes-quarter", "long-flood"]),
    ("inject surge ", ["by", "for"]), ("inject die at n1.c1.d1 ", ["for"]), ("clear ", ["surge"]), ("bogus ", []),
  ])
  func whatMayFollowIsOffered(_ text: String, _ words: [String]) {
    let offered = ActionCompletion(of: text, in: Self.pod).words
    #expect(text.hasPrefix("inject l") ? Set(offered) == Set(words) : offered == words)
  }

  @Test func placesAreLeftToWhoKnowsThePod() {
    #expect(ActionCompletion(of: "inject te-shell at ").places == [.shell])
    #expect(ActionCompletion(of: "drain n1").places.contains(.subPlane))
    #expect(ActionCompletion(of: "drain n1 ").places.isEmpty)
  }
}
