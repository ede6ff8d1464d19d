import Operations

/// What actions are about: the menu shows them by group.
enum ActionGroup: String, Hashable, CaseIterable, Sendable {
  case capacity, experts, decode, engines, requests, log, drill

  /// Its actions, in the order of the menu.
  var actions: [ActionName] {
    switch self {
    case .capacity: [.pd, .scale, .drain, .undrain, .restart]
    case .experts: [.reshard, .eplb]
    case .decode: [.batch, .balance, .mtp]
    case .engines: [.jitter, .recovery]
    case .requests: [.admit, .isolate]
    case .log: [.undo]
    case .drill: [.traffic, .inject, .clear]
    }
  }

  /// The group of an action.
  static func of(_ name: ActionName) -> ActionGroup { allCases.first { $0.actions.contains(name) } ?? .capacity }
}
