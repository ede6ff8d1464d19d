import Operations
import SuperPod
import Testing
import Words

@Suite struct GrammarTests {
  @Test(arguments: ActionName.allCases)
  func whatPrintsParses(_ name: ActionName) throws {
    var dice = Dice(seed: UInt64(ActionName.allCases.firstIndex(of: name) ?? 0) + 7)
    for _ in 0..<200 {
      let action = dice.action(name)
      #expect(try Action(parsing: action.description) == action)
      // Case and room do not matter, but for units.
      let loose = " " + action.description.replacing(" ", with: "\t  ") + " "
      #expect(try Action(parsing: loose) == action)
      let scheduled = ScheduledAction(at: dice.duration(), do: action)
      #expect(try ScheduledAction(parsing: scheduled.description) == scheduled)
    }
  }

  @Test(arguments: [
    "pd 16:30", "pd +2d", "pd +1p from D1 to P7", "pd 16:28 from D0 to spare", "reshard",
    "reshard D0 layers 3-60 budget 64 policy podium", "eplb on", "eplb off D1", "eplb every 1m", "scale D0 ep 256",
    "drain n17.c3", "undrain sp4.n30.sw9:up", "restart D0.ep201", "balance least-requests D0", "batch 60", "mtp 2 D1",
    "jitter gc off", "recovery 2", "admit 120/s", "admit off", "isolate long 32k", "isolate off", "undo", "undo 3",
    "traffic x2 for 5m", "traffic x0.5", "inject hbm-ecc at n17.c3.d1 for 2m", "inject slow-die at n0.c0.d0 by 1.4",
    "inject surge by 3", "clear optics", "clear l1 at n17.sp4",
  ])
  func theLanguagesOwnExamplesAreCanonical(_ text: String) throws {
    #expect(try Action(parsing: text).description == text)
  }

  @Test(arguments: [
    ("PD 16:030 FROM p07 TO d01", "pd 16:30 from P7 to D1"), ("Drain N017.C3", "drain n17.c3"),
    ("reshard policy EPLB layers 3-5 ", "reshard layers 3-5 policy eplb"), ("eplb every 60s", "eplb every 1m"),
    ("TRAFFIC X2", "traffic x2"), ("inject SURGE for 90s by 2.50", "inject surge by 2.5 for 90s"),
  ])
  func looseSpellingsPrintCanonically(_ text: String, _ canonical: String) throws {
    #expect(try Action(parsing: text).description == canonical)
  }

  @Test(arguments: [
    ("", 1, "accepted here: action: pd, reshard"), ("reshrad", 1, "nearest is `reshard`"),
    ("  pd", 5, "prefill:decode"), ("pd 16-30", 4, "`16-30` is not servers"), ("pd +0d", 4, "+2d or +1p"),
    ("pd +1p from P7 to P0", 13, "wrong side"), ("pd +1d from spare to spare", 4, "both spare"),
    ("pd 1:2 form P7", 8, "nearest is `from`"), ("pd 1:2 from n3", 13, "a TE such as P7"),
    ("pd 1:2 from pod1/D0", 13, "names a pod"), ("pd 1:2 from P0 from P1", 16, "once at most"),
    ("reshard P0", 9, "a decode TE"), ("reshard layers 9-3", 16, "such as 3-60"),
    ("eplb every 0s", 12, "above 0"), ("eplb every 60", 12, "with its unit"), ("eplb every 5M", 12, "with its unit"),
    ("scale D0 ep 0", 13, "from 1"), ("scale D0 256", 10, "nearest is `ep`"), ("drain D0", 7, "kind decode TE"),
    ("drain n17.x3", 7, "unknown"), ("restart n3", 9, "DP group (such as D0.dp17)"), ("batch 60 P0", 10, "a decode TE"),
    ("mtp 3", 5, "from 0 to 2"), ("mtp 1 D0 D1", 10, "too much"), ("jitter pin", 11, "on or off"),
    ("recovery 4", 10, "from 1 to 3"), ("admit 0/s", 7, "above 0"), ("admit 12", 7, "320/s"),
    ("isolate 32k", 9, "long, off"), ("undo 0", 6, "from 1"), ("traffic 2", 9, "such as x2"),
    ("traffic x2 5m", 12, "accepted: for"), ("inject hbm-ec at n1", 8, "nearest is `hbm-ecc`"),
    ("inject hbm-ecc at n17", 19, "die (such as n17.c3.d1)"), ("inject die", 11, "needs `at` and where"),
    ("inject surge at n17", 17, "strikes the workload"), ("inject die at n1.c1.d1 by 2", 27, "has no strength"),
    ("inject slow-die at n1.c1.d1 by 0.5", 32, "from 1 to 10"), ("clear surge at n3", 16, "strikes the workload"),
    ("undrain \u{1b}[2Jn1", 9, "is no place"),
  ])
  func whatIsWrongIsSaidWithItsColumn(_ text: String, _ column: Int, _ says: String) {
    let problem = #expect(throws: ActionProblem.self) { try Action(parsing: text) }
    #expect(problem?.column == column, "\(problem?.description ?? "")")
    #expect(problem?.message.contains(says) == true, "\(problem?.description ?? "")")
    #expect(problem?.message == problem?.message.printable(limit: 2000))
  }

  @Test func aScheduledActionBeginsWithItsTime() throws {
    #expect(try ScheduledAction(parsing: "60s pd +2d").description == "1m pd +2d")
    let problem = #expect(throws: ActionProblem.self) { try ScheduledAction(parsing: "60s pd +2x") }
    #expect(problem?.column == 8)
    #expect(throws: ActionProblem.self) { try ScheduledAction(parsing: "pd +2d") }
  }

  @Test(arguments: Fault.allCases) func everyPlaceOfAFaultIsAccepted(_ fault: Fault) throws {
    for kind in fault.facts.places {
      #expect(try Action(parsing: "inject \(fault) at \(kind.example)").name == .inject)
      #expect(try Place(kind.example).kind == kind)
    }
    for kind in PlaceKind.allCases where !fault.facts.places.contains(kind) {
      #expect(throws: ActionProblem.self) { try Action(parsing: "inject \(fault) at \(kind.example)") }
    }
    #expect(fault.facts.strength.map { $0.range.contains($0.usual) } ?? true)
  }
}
