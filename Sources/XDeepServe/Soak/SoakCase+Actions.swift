extension SoakCase {
  /// A fault or an action as people write it, somewhere among the servers that work; some of them are refused.
  public static func anything(_ dice: inout RandomStream) -> String {
    let node = dice.index(below: 7)
    let die = "n\(node).c\(dice.index(below: 8)).d\(dice.index(below: 2))"
    let link = "\(die).sp\(dice.index(below: 7))"
    let time = "\(1 + dice.index(below: 60))s"
    let engine = "D\(dice.index(below: 5) / 4)"
    let choices = [
      "inject die at \(die) for \(time)", "inject npu at n\(node).c2 for \(time)",
      "inject node at n\(node) for \(time)", "inject l1 at n\(node).sp\(dice.index(below: 7)) for \(time)",
      "inject l2 at sp2.sw\(dice.index(below: 16)) for \(time)", "inject link-down at \(link) for \(time)",
      "inject link-flap at \(link) for \(time)", "inject lanes-half at \(link) for \(time)",
      "inject lanes-quarter at sp3.n\(node).sw5 for \(time)", "inject optics at sp3.n\(node).sw4 for \(time)",
      "inject hbm-ecc at \(die)", "inject slow-die at \(die) by 1.7 for \(time)",
      "inject hot-die at \(die) for \(time)",
      "inject dp-master at \(engine).dp\(dice.index(below: 60))",
      "inject hung-executor at \(engine).ep\(dice.index(below: 60))", "inject te-shell at \(engine).shell",
      "inject te-shell at P1.shell", "inject je at JE0", "inject kv-stall at \(engine) for \(time)",
      "inject surge by 4 for \(time)", "inject popularity-shift", "inject long-flood for \(time)",
      "inject jitter at \(engine) for \(time)", "clear slow-die", "clear link-down", "traffic x2 for \(time)",
      "batch \(1 + dice.index(below: 40))", "mtp \(dice.index(below: 3))", "balance round-robin",
      "balance least-requests", "balance kv", "jitter gc off", "jitter gc on", "recovery \(1 + dice.index(below: 3))",
      "admit 20/s", "admit off", "isolate long 4k", "isolate off", "eplb off", "eplb every 7s", "reshard",
      "drain n\(node)", "undrain n\(node)", "drain \(die)", "undrain \(die)", "drain \(link)", "drain sp4",
      "undrain sp4", "restart \(engine)", "restart P0", "scale \(engine) ep 48", "scale \(engine) ep 96", "pd +1d",
      "pd +1p", "pd +1d from spare", "pd +1p from spare to P1",
      "undo", "undo", "undo 3",
    ]
    return choices[dice.index(below: choices.count)]
  }
}
