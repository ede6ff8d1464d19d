import SuperPod

// What is advised where a shift cannot be done.
extension ServerMoves {
  /// Whether it asks for what there is.
  var changesNothing: Bool {
    guard case .ratio(prefill, decode) = shift.aim else { return false }
    return true
  }

  /// The working shift nearest to what is wanted: with the same ends named if that can be.
  func nearest() -> Action? {
    let free = aims().map { ServerShift($0) }
    let named = aims().map { ServerShift($0, from: shift.from, to: shift.to) }
    // Ends that contradict the aim are given up, not the aim.
    let shifts = shift.from == nil && shift.to == nil || endsContradict ? free : named + free
    return shifts.first { candidate in
      candidate != shift
        && (try? ServerMoves(configuration: configuration, headrooms: headrooms, shift: candidate).moves()) != nil
    }.map { .pd($0) }
  }

  /// Aims of the same form, nearest first.
  private func aims() -> [ServerShift.Aim] {
    switch shift.aim {
    case .more(let servers, let forPrefill):
      // More than all of them is as far away as all of them.
      let wanted = min(servers, total)
      return (1...max(1, wanted + Self.reach)).sorted { abs($0 - wanted) < abs($1 - wanted) }
        .map { .more($0, prefill: forPrefill) }
    case .ratio(let wantedPrefill, let wantedDecode):
      // Where there are too few, the wanted split of what there is.
      let scale = min(1, Double(total) / Double(max(1, wantedPrefill + wantedDecode)))
      let prefills = max(1, Int((Double(wantedPrefill) * scale).rounded()))
      let decodes = max(1, min(wantedDecode, total - prefills))
      var aims: [(distance: Int, aim: ServerShift.Aim)] = []
      for prefill in max(0, prefills - Self.reach)...prefills + Self.reach {
        for decode in max(0, decodes - Self.reach)...decodes + Self.reach where prefill + decode <= total {
          aims.append((abs(prefill - prefills) + abs(decode - decodes), .ratio(prefill: prefill, decode: decode)))
        }
      }
      return aims.sorted { $0.distance < $1.distance }.map(\.aim)
    }
  }

  /// How many servers away from what is wanted advice is looked for.
  private static let reach = 8
}
