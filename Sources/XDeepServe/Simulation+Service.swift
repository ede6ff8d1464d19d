import Operations
import SuperPod
import Telemetry

// What stands between clients and engines: job executors, shells, limits on arrivals.
extension Simulation {
  /// Share of arrivals that a flood of long inputs makes long, and their lengths, tokens (assumptions; inputs of the
  /// production sample reach 64K, [XDS]).
  static let floodShare = 0.2
  static let floodLengths: Range<Int> = 32_000..<64_000

  /// How many times the scenario's rate requests come at now.
  var loadFactor: Double {
    var factor = trafficFactor
    for incident in incidents where incident.ended == nil && incident.injection.fault == .surge {
      factor *= incident.injection.effectiveStrength ?? 1
    }
    return factor
  }

  /// Whether a flood of long inputs is on.
  var isFlooded: Bool { incidents.contains { $0.ended == nil && $0.injection.fault == .longFlood } }

  /// A prompt's length, which a flood may make long.
  mutating func flooded(_ prompt: Int32) -> Int32 {
    guard !incidents.isEmpty, isFlooded, lengths.unit() < Self.floodShare else { return prompt }
    return Int32(Self.floodLengths.lowerBound + lengths.index(below: Self.floodLengths.count))
  }

  /// Whether a request goes on to an engine at once; else it is held at the job executor.
  mutating func admits(_ id: Int) -> Bool {
    guard routersDown == 0 else {
      held.append(Int32(id))
      return false
    }
    guard let limit = admitLimit else { return true }
    if held.isEmpty, now >= nextAdmission {
      nextAdmission = max(nextAdmission, now - Self.second) + Int64(1e9 / limit)
      return true
    }
    held.append(Int32(id))
    if held.count == 1 { schedule(.release, at: max(now, nextAdmission)) }
    return false
  }

  /// Lets held requests go on: one at a limit's pace, or all.
  mutating func releaseHeld() {
    guard routersDown == 0 else { return }
    while let first = held.first {
      if let limit = admitLimit {
        if now < nextAdmission {
          schedule(.release, at: nextAdmission)
          return
        }
        nextAdmission = max(nextAdmission, now) + Int64(1e9 / limit)
      }
      held.removeFirst()
      let id = Int(first)
      if requests.state[id] == .abandoned {
        requests.free(id)
      } else if isMixed {
        takeMixed(id)
      } else {
        queueForPrefill(id)
      }
    }
  }

  /// A TE-shell answers again.
  mutating func unblock(_ index: Int) {
    blocked[index] -= 1
    guard blocked[index] == 0 else { return }
    if index < prefill.count {
      if !prefill[index].busy { startPrefill(index) }
    } else {
      pair(index - prefill.count)
    }
  }

  /// Whether a decode engine's shell answers those who want to send it KV.
  func receives(_ engine: Int) -> Bool { blocked[prefill.count + engine] == 0 }

  /// Who does what on which dies, after a change.
  mutating func relayout() {
    layout.seat(
      prefill.map { SeatedEngine($0.id, $0.spec, on: $0.hosts) }
        + zip(decode, specs).map { SeatedEngine($0.id, $1, on: $0.hosts) })
  }
}

extension Simulation {
  /// Whether routers know that a decode engine is down: a fault that stopped it was noticed, or it is re-formed by plan.
  func isKnownDown(_ index: Int) -> Bool {
    guard decode[index].state == .stopped else { return false }
    return isNoticed(decode[index].home + decode[index].hosts)
  }

  /// Whether routers know that a prefill engine is down.
  func isKnownStopped(_ index: Int) -> Bool {
    guard prefill[index].stopped else { return false }
    return isNoticed(prefill[index].home + prefill[index].hosts)
  }

  private func isNoticed(_ home: [Int]) -> Bool {
    let dies = Set(home)
    let hidden = incidents.contains { $0.detected == nil && $0.dies.contains(where: dies.contains) }
    return !hidden
  }

  /// What a fault had set apart is trusted again, and goes home.
  mutating func trustAgain(_ number: Int) {
    for die in incidents[number].dies where health.dies[die] == .separated { health.dies[die] = restingState(of: die) }
    healthChanged()
    rejoinHome(number: nil)
    raiseGrounded()
  }

  /// An event of the scenario is due.
  mutating func performPlanned(_ number: Int) {
    guard !isForeseen else { return }
    let planned = scenario.events[number]
    do throws(ActionRefusal) { try perform(planned.action) } catch {
      say(.high, "", "refused: \(planned.action): \(error.message)")
    }
  }
}
