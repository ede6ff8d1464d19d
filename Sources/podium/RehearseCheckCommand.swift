import ArgumentParser
import Documents
import Operations
import Telemetry
import Words
import XDeepServe

/// `podium rehearse-check`: rehearsals in random situations beside what really came to be.
struct RehearseCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse-check",
    abstract: "Compare rehearsals with what really happens, in random situations.",
    discussion: """
      Each case is a built-in scenario under a random load and seed at a random moment, some with a fault, and a random \
      action. Ends with 1 where the wanted accuracy is missed.
      """)

  @Option(help: "Situations.")
  var cases = 50

  @Option(help: "Seed of the situations.")
  var seed: UInt64 = 1

  mutating func validate() throws {
    if !(1...1000).contains(cases) { throw ValidationError("--cases must be between 1 and 1000.") }
  }

  /// One comparison of one figure.
  private struct Comparison {
    var label: String
    var predicted: Rehearsal.Figure
    var truth: Double
    var trueDifference: Double
    var isInside: Bool { predicted.low <= truth && truth <= predicted.high }
    var text: String {
      func number(_ value: Double) -> String { Decimals.text(value, 1) }
      return
        "\(number(predicted.without)) to \(number(predicted.with)) (\(number(predicted.low))–\(number(predicted.high))), "
        + "came \(number(truth - trueDifference)) to \(number(truth))\(isInside ? "" : " outside")"
    }
    var error: Double { abs(predicted.with - truth) }
    /// Student's quantiles of five futures for 99 and for 90 % on both sides: of fifty actions that change nothing, five
    /// would lie beyond the band of 90 %.
    private static let strict = 4.604 / 2.132
    /// Whether the true change is larger than chance makes, and the sign is right then.
    var sign: Bool? {
      let noise = Self.strict * (predicted.mostDifference - predicted.leastDifference) / 2
      guard abs(trueDifference) > max(noise, 0.01 * truth) else { return nil }
      return (trueDifference > 0) == (predicted.difference > 0)
    }
  }

  func run() throws {
    var dice = RandomStream(seed: seed, name: "rehearse-check")
    var comparisons: [Rehearsal.Measure: [Comparison]] = [:]
    for number in 1...cases {
      let situation = try Situation(&dice)
      guard let found = try compare(situation) else { continue }
      for (measure, comparison) in found { comparisons[measure, default: []].append(comparison) }
      let figures = found.map { "\($0.rawValue) \($1.text)" }.joined(separator: "; ")
      StandardError.write("podium: \(number) of \(cases): \(situation.label): \(figures)\n")
    }
    var passes = true
    for measure in [Rehearsal.Measure.tpot, .ttft] {
      let all = comparisons[measure] ?? []
      guard !all.isEmpty else { continue }
      let inside = Double(all.count(where: \.isInside)) / Double(all.count)
      let errors = all.map { ($0.error, $0.error / max($0.truth, 1e-9)) }.sorted { $0.1 < $1.1 }
      let median = errors[errors.count / 2]
      let signs = all.compactMap(\.sign)
      let wrong = signs.count { !$0 }
      let good = inside >= 0.8 && (median.1 <= 0.1 || median.0 <= 1) && wrong == 0
      passes = passes && good
      print(
        "\(measure.rawValue): \(all.count) cases, truth inside the band in \(Decimals.text(100 * inside, 0)) %, median error "
          + "\(Decimals.text(100 * median.1, 1)) % (\(Decimals.text(median.0, 2)) ms), sign right in \(signs.count - wrong) of "
          + "\(signs.count) where the true change exceeds noise: \(good ? "pass" : "fail")")
      for worst in all.sorted(by: { $0.error / $0.truth > $1.error / $1.truth }).prefix(3) {
        print(
          "  worst: \(worst.label): predicted \(Decimals.text(worst.predicted.with, 2)), came "
            + "\(Decimals.text(worst.truth, 2)) ms")
      }
      for bad in all where bad.sign == false {
        print(
          "  wrong sign: \(bad.label): predicted \(Decimals.text(bad.predicted.difference, 2)), came "
            + "\(Decimals.text(bad.trueDifference, 2)) ms")
      }
    }
    if !passes { throw ExitCode(1) }
  }

  /// A random moment and action.
  private struct Situation {
    var label: String
    var simulation: Simulation
    var action: Action

    init(_ dice: inout RandomStream) throws {
      let names = ["default", "default", "default", "expert-hotspot", "production"]
      let name = names[dice.index(below: names.count)]
      var scenario = try ScenarioDocument(named: name).read(skipBadLines: false, seed: 1 + dice.bits() % 1000).scenario
      let load = 0.6 + 0.6 * dice.unit()
      if case .poisson(let rate, let prompt, let output) = scenario.workload {
        scenario.workload = .poisson(ratePerSecond: rate * load, prompt: prompt, output: output)
      }
      let faults = [
        "", "", "inject slow-die at n20.c3.d1 by 1.5", "inject lanes-half at n22.c1.d0.sp3", "traffic x1.3",
      ]
      let fault = faults[dice.index(below: faults.count)]
      let at = 60 + dice.index(below: 120)
      let actions = [
        "batch 24", "batch 80", "mtp 0", "mtp 2", "reshard", "balance round-robin", "jitter gc off", "pd +2d", "pd +2p",
        "drain n20", "traffic x1.4", "jitter pin off", "eplb off",
      ]
      action = try Action(parsing: actions[dice.index(below: actions.count)])
      var simulation = try Simulation(scenario)
      if !fault.isEmpty {
        simulation.advance(to: Int64(at - 30) * 1_000_000_000)
        try? simulation.perform(Action(parsing: fault))
      }
      simulation.advance(to: Int64(at) * 1_000_000_000)
      self.simulation = simulation
      label =
        "\(name) at \(Decimals.text(load, 2)) of its load, \(fault.isEmpty ? "no fault" : fault), \(at) s: \(action)"
    }
  }

  private func compare(_ situation: Situation) throws -> [(Rehearsal.Measure, Comparison)]? {
    var rehearsal: Rehearsal
    var truth: Rehearsal
    do throws(ActionRefusal) {
      rehearsal = try Rehearsal(situation.simulation, situation.action, horizon: 90)
      truth = try Rehearsal(situation.simulation, situation.action, horizon: 90, oracle: true)
    } catch {
      return nil
    }
    while !rehearsal.isDone { rehearsal.advance() }
    while !truth.isDone { truth.advance() }
    return [Rehearsal.Measure.tpot, .ttft].compactMap { measure in
      guard let predicted = rehearsal.figure(measure), let came = truth.figure(measure) else { return nil }
      return (
        measure,
        Comparison(
          label: situation.label, predicted: predicted, truth: came.with, trueDifference: came.difference)
      )
    }
  }
}
