/// The first word of each action, in the order of the language.
public enum ActionName: String, Hashable, CaseIterable, Sendable {
  case pd, reshard, eplb, scale, drain, undrain, restart, balance, batch, mtp, jitter, recovery, admit, isolate, undo
  case traffic, inject, clear
}

extension Action {
  /// Its first word.
  public var name: ActionName {
    switch self {
    case .pd: .pd
    case .reshard: .reshard
    case .eplb: .eplb
    case .scale: .scale
    case .drain: .drain
    case .undrain: .undrain
    case .restart: .restart
    case .balance: .balance
    case .batch: .batch
    case .mtp: .mtp
    case .jitter: .jitter
    case .recovery: .recovery
    case .admit: .admit
    case .isolate: .isolate
    case .undo: .undo
    case .traffic: .traffic
    case .inject: .inject
    case .clear: .clear
    }
  }
}
